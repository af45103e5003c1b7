// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cgroups of a process, one in each hierarchy.
 *
 * <p>Source: cgroups(7), cgroup_namespaces(7)
 *
 * @param hierarchies in the kernel's order
 */
public record ProcCgroup(List<CgroupHierarchy> hierarchies) {
  private static final List<String> SYSTEMD = List.of("name=systemd");

  public ProcCgroup {
    hierarchies = List.copyOf(hierarchies);
  }

  /**
   * Reads the cgroups of a process.
   *
   * @throws ProcessGoneException if the process has exited
   */
  public static ProcCgroup read(ProcFs procFs, int pid) throws IOException {
    return parse(procFs.path(pid, "cgroup").toString(), procFs.read(pid, "cgroup"));
  }

  /**
   * Parses the content of a {@code cgroup} file.
   *
   * @throws ProcFormatException naming the line
   */
  public static ProcCgroup parse(byte[] cgroup) throws ProcFormatException {
    return parse("cgroup", cgroup);
  }

  /**
   * The hierarchy that tells which container a process belongs to: version 2 if the process is in a
   * cgroup of it, else systemd's, else the first; on a hybrid host the version 2 hierarchy may be
   * there but unused, with every process in its root. Empty for a kernel without cgroups.
   *
   * <p>Seed: ResolveCgroupRootFromHostPID
   */
  public Optional<CgroupHierarchy> selected() {
    return hierarchies.stream()
        .filter(h -> h.isVersion2() && !h.isRoot())
        .findFirst()
        .or(() -> hierarchies.stream().filter(h -> h.controllers().equals(SYSTEMD)).findFirst())
        .or(() -> hierarchies.stream().findFirst());
  }

  private static ProcCgroup parse(String file, byte[] content) throws ProcFormatException {
    List<CgroupHierarchy> hierarchies = new ArrayList<>();
    for (String line : ProcText.lines(content)) {
      // A named hierarchy or a path may hold colons, a controller never does.
      String[] fields = line.split(":", 3);
      if (fields.length < 3 || !fields[0].matches("[0-9]{1,9}") || !isPath(fields[2])) {
        throw new ProcFormatException(
            file, hierarchies.size() + 1, line, "not id:controllers:/path");
      }
      List<String> controllers = fields[1].isEmpty() ? List.of() : List.of(fields[1].split(","));
      hierarchies.add(
          new CgroupHierarchy(
              Integer.parseInt(fields[0]), controllers, ProcText.decode(fields[2])));
    }
    return new ProcCgroup(hierarchies);
  }

  /** The kernel shows {@code ..} in front only, and a file name has neither {@code /} nor NUL. */
  private static boolean isPath(String shown) {
    String below = shown;
    while (below.startsWith("/..") && (below.length() == 3 || below.charAt(3) == '/')) {
      below = below.substring(3);
    }
    return shown.startsWith("/") && !(below + "/").contains("/../") && shown.indexOf('\0') < 0;
  }
}
