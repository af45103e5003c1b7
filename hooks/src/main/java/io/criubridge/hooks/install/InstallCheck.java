// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a node with the record of its installation. */
public final class InstallCheck {
  private final NodeRoot root;
  private final List<Finding> findings = new ArrayList<>();

  private InstallCheck(NodeRoot root) {
    this.root = root;
  }

  /**
   * What was looked at.
   *
   * @param what a path of the node
   * @param problem what is wrong; empty if nothing is
   */
  public record Finding(String what, String problem) {
    /** Whether all is well. */
    public boolean ok() {
      return problem.isEmpty();
    }
  }

  /** Looks at every part of the installation. */
  public static List<Finding> of(NodeRoot root) throws IOException {
    Optional<InstallRecord> record = InstallRecord.find(root);
    if (record.isEmpty()) {
      return List.of(new Finding("installation", "there is none"));
    }
    InstallCheck check = new InstallCheck(root);
    check.compare(record.get());
    return List.copyOf(check.findings);
  }

  private void compare(InstallRecord record) throws IOException {
    add(
        "installation of " + record.version(),
        record.complete() ? "" : "did not come to its end; install again");
    Path program = root.followed(Path.of(record.program()));
    if (!Files.isDirectory(program)) {
      add(record.program(), "missing");
    } else if (!new ProgramTree(program).digest().equals(record.digest())) {
      add(record.program(), "not the files that were installed");
    } else if (!Files.isReadable(program.resolve("lib/java/jvm.conf"))) {
      add(record.program(), "lib/java/jvm.conf is missing; run lib/java/prepare there");
    } else {
      add(record.program(), "");
    }
    record.links().forEach(this::compareLink);
    for (String file : record.files().keySet()) {
      add(file, Files.isReadable(root.followed(Path.of(file))) ? "" : "missing");
    }
    Path conf = InstallRequest.RUNC_CONF;
    String launcher = Path.of(record.program()).resolve("bin/criu-bridge-hook").toString();
    boolean told = RuncConf.launchers(ConfFile.of(root, conf).text().orElse("")).contains(launcher);
    add(conf.toString(), told ? "" : "lacks the line: " + RuncConf.line(launcher));
  }

  private void compareLink(String link, String target) {
    try {
      Path place = root.entry(Path.of(link));
      if (!Files.isSymbolicLink(place)) {
        add(link, "missing");
      } else if (!Files.readSymbolicLink(place).toString().equals(target)) {
        add(link, "leads to " + Files.readSymbolicLink(place) + ", not to " + target);
      } else {
        add(link, Files.exists(root.followed(Path.of(link))) ? "" : "leads nowhere");
      }
    } catch (IOException e) {
      add(link, String.valueOf(e.getMessage()));
    }
  }

  private void add(String what, String problem) {
    findings.add(new Finding(what, problem));
  }
}
