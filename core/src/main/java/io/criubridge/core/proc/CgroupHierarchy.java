// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import io.criubridge.core.sys.BytePath;
import java.nio.file.Path;
import java.util.List;

/**
 * A process's place in one cgroup hierarchy.
 *
 * @param id the hierarchy's number, 0 for version 2
 * @param controllers the controllers or {@code name=...}, none for version 2
 * @param shownPath the cgroup as the kernel shows it, relative to the reader's cgroup namespace;
 *     text as {@link BytePath#text()} has it
 */
public record CgroupHierarchy(int id, List<String> controllers, String shownPath) {

  /**
   * Where the version 2 hierarchy is mounted, and the directory that the version 1 hierarchies are
   * mounted in.
   *
   * <p>Seed: HostCgroupPath
   */
  public static final Path HOST_CGROUP_PATH = Path.of("/sys/fs/cgroup");

  public CgroupHierarchy {
    controllers = List.copyOf(controllers);
  }

  /** Whether this is the unified hierarchy. */
  public boolean isVersion2() {
    return id == 0 && controllers.isEmpty();
  }

  /** Whether the process is in no cgroup but the root of what the reader can see. */
  public boolean isRoot() {
    return shownPath.equals("/");
  }

  /**
   * The cgroup's path from the root of its hierarchy.
   *
   * @throws CgroupOutsideException if the cgroup lies outside the reader's cgroup namespace, so
   *     that the path is not known: leaving out the {@code ..} would name another cgroup
   */
  public BytePath path() throws CgroupOutsideException {
    if (shownPath.equals("/..") || shownPath.startsWith("/../")) {
      throw new CgroupOutsideException(this);
    }
    return BytePath.of(shownPath);
  }

  /**
   * The cgroup's directory.
   *
   * @param mountPoint where this hierarchy is mounted, {@link #HOST_CGROUP_PATH} for version 2
   */
  public Path directory(Path mountPoint) throws CgroupOutsideException {
    return mountPoint.resolve(path().text().substring(1));
  }

  /** The hierarchy for people: its controllers, or {@code v2}. */
  public String label() {
    return isVersion2() ? "v2" : String.join(",", controllers);
  }
}
