// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.doctor;

import io.criubridge.core.sys.KernelFeature;
import io.criubridge.hooks.doctor.NodeFacts.ContainerRuntime;
import io.criubridge.hooks.doctor.NodeFacts.Criu;
import io.criubridge.hooks.doctor.NodeFacts.Hook;
import io.criubridge.hooks.doctor.NodeFacts.Java;
import io.criubridge.hooks.doctor.NodeFacts.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges the facts of a machine. */
public final class Diagnosis {
  private static final String INSTALL = "criu-bridge install";
  private static final Pattern MAJOR = Pattern.compile("(\\d+)\\..*");
  private static final int OLDEST_CRIU = 4;
  private static final int OLDEST_JAVA = 17;

  /** The plugin has nothing to work with. Source: {@code criu_api.h} of this project. */
  private static final Set<String> NEEDED = Set.of("add_external", "print_on_level");

  private static final Set<String> WANTED =
      Set.of("external_lookup_by_key", "add_skip_mount", "inherit_fd_add", "add_script");

  private static final long MIB = 1 << 20;
  private static final long ENOUGH = 1024 * MIB;
  private static final long TOO_LITTLE = 16 * MIB;

  private final List<Finding> findings = new ArrayList<>();

  private Diagnosis() {}

  /** What is to be said of a machine, in the order of what depends on what. */
  public static List<Finding> of(NodeFacts facts) {
    Diagnosis diagnosis = new Diagnosis();
    diagnosis.user(facts);
    diagnosis.kernel(facts);
    facts.criu().ifPresentOrElse(diagnosis::criu, diagnosis::noCriu);
    diagnosis.plugin(facts.plugin());
    diagnosis.hook(facts.hook());
    diagnosis.settings(facts.settings());
    facts.runtimes().forEach(diagnosis::runtime);
    facts.space().forEach(diagnosis::space);
    diagnosis.java(facts.java());
    return List.copyOf(diagnosis.findings);
  }

  private void user(NodeFacts facts) {
    add(
        facts.user() == NodeFacts.User.ROOT
            ? Finding.ok("user", "root")
            : Finding.fail("user", "not root", "run as root: CRIU and container roots need it"));
  }

  private void kernel(NodeFacts facts) {
    add(Finding.ok("kernel", facts.kernel()));
    for (KernelFeature feature : KernelFeature.values()) {
      add(kernel(feature, facts.features().contains(feature)));
    }
    add(
        facts.overlay()
            ? Finding.ok("overlay", "there")
            : Finding.warn(
                "overlay",
                "this kernel knows no overlay file system now",
                "modprobe overlay; without it no rootfs diff is taken"));
    add(
        facts.breakpoints()
            ? Finding.ok("breakpoints", "work")
            : Finding.warn(
                "breakpoints",
                "this machine passes over them, so that criu waits for one for ever",
                "set CRIU_FAULT=130 for every criu that runs without criu-bridge's plugin, which"
                    + " has it do without"));
  }

  private static Finding kernel(KernelFeature feature, boolean present) {
    String call = feature.call();
    if (present) {
      return Finding.ok(call, "there");
    }
    String remedy =
        "use Linux " + feature.since() + " or newer, and let seccomp filters pass the call";
    return switch (feature) {
      case PIDFD -> Finding.fail(call, "missing", remedy);
      case OPENAT2, STATX_MOUNT_ID -> Finding.warn(call, "missing: a slower way is taken", remedy);
      case CLONE3_SET_TID ->
          Finding.warn(call, "missing: PIDs are restored by trying until they are free", remedy);
    };
  }

  private void noCriu() {
    add(
        Finding.fail(
            "criu",
            "not found in $CRIU, on the PATH or in /opt/criu4",
            "install CRIU 4 (Debian 13's package, or scripts/install-criu)"));
  }

  private void criu(Criu criu) {
    Matcher major = MAJOR.matcher(criu.version());
    if (major.matches() && Integer.parseInt(major.group(1)) >= OLDEST_CRIU) {
      add(Finding.ok("criu", criu.version() + ", " + criu.program()));
    } else {
      add(
          Finding.fail(
              "criu",
              criu.program() + ": " + criu.version(),
              "use CRIU " + OLDEST_CRIU + " or newer; criu-bridge is tried with 4.1.1 and 4.2.1"));
    }
    add(
        criu.check().exitCode() == 0
            ? Finding.ok("criu check", criu.check().message())
            : Finding.fail(
                "criu check",
                criu.check().message(),
                "run '" + criu.program() + " check' and give CRIU what it misses"));
    symbols(criu);
  }

  private void symbols(Criu criu) {
    Set<String> missing = missing(NEEDED, criu);
    Set<String> wanted = missing(WANTED, criu);
    if (!missing.isEmpty()) {
      add(
          Finding.warn(
              "criu symbols",
              criu.program() + " does not export " + String.join(", ", missing),
              "only mounts that CRIU asks plugins about can be external: use a build that exports"
                  + " its symbols, as Debian's do"));
    } else if (!wanted.isEmpty()) {
      add(
          Finding.warn(
              "criu symbols",
              criu.program() + " does not export " + String.join(", ", wanted),
              "use CRIU 4.1.1 or newer; the plugin says in CRIU's log what cannot be done"));
    } else {
      add(Finding.ok("criu symbols", "all that the plugin calls"));
    }
  }

  private static Set<String> missing(Set<String> names, Criu criu) {
    Set<String> missing = new TreeSet<>(names);
    missing.removeAll(criu.exports());
    return missing;
  }

  private void plugin(NodeFacts.Plugin plugin) {
    add(
        switch (plugin.build()) {
          case OURS -> Finding.ok("plugin", plugin.file().toString());
          case OTHER ->
              Finding.fail(
                  "plugin",
                  plugin.file() + " is of another version of criu-bridge",
                  INSTALL + ", or remove the file");
          case ABSENT ->
              Finding.warn(
                  "plugin",
                  "no " + plugin.file(),
                  INSTALL + " for runc; plain criu can be given --libdir");
        });
  }

  private void hook(Hook hook) {
    String file = hook.file().toString();
    if (hook.launchers().isEmpty()) {
      add(
          Finding.warn(
              "runc.conf",
              file + " does not name criu-bridge-hook: checkpoints through runc take no part",
              INSTALL));
    } else if (!hook.missing().isEmpty()) {
      add(
          Finding.fail(
              "runc.conf",
              file + " names " + hook.missing().get(0) + ", which cannot be run",
              INSTALL + ", or remove that line: every checkpoint through runc fails"));
    } else if (hook.launchers().size() > 1) {
      add(
          Finding.fail(
              "runc.conf",
              file + " names more than one: " + String.join(", ", hook.launchers()),
              "keep one of the lines"));
    } else {
      add(Finding.ok("runc.conf", hook.launchers().get(0)));
    }
  }

  private void settings(String problem) {
    add(
        problem.isEmpty()
            ? Finding.ok("settings", "accepted")
            : Finding.fail("settings", problem, "correct it: every checkpoint fails until then"));
  }

  private void runtime(ContainerRuntime runtime) {
    String name = runtime.name();
    add(
        switch (runtime.reach()) {
          case ABSENT -> Finding.ok(name, "not on this machine");
          case REACHABLE -> Finding.ok(name, runtime.detail() + ", " + runtime.place());
          case UNREACHABLE ->
              Finding.warn(
                  name,
                  runtime.place() + ": " + runtime.detail(),
                  "start " + name + ", or remove the socket that it has left");
        });
  }

  private void space(Space space) {
    String subject = "space " + space.directory();
    String free = space.freeBytes() / MIB + " MiB free";
    if (space.freeBytes() < TOO_LITTLE) {
      add(Finding.fail(subject, free, "free some: nothing can be written there"));
    } else if (space.freeBytes() < ENOUGH) {
      add(Finding.warn(subject, free, "a checkpoint needs the memory of its processes there"));
    } else {
      add(Finding.ok(subject, free));
    }
  }

  private void java(Java java) {
    if (!java.runnable()) {
      add(
          Finding.fail(
              "java",
              java.program() + ", which jvm.conf names, is not there",
              "run " + java.prepare() + " again"));
    } else if (java.feature() < OLDEST_JAVA) {
      add(Finding.fail("java", "Java " + java.feature(), "use Java 17 or newer"));
    } else if (!java.prepared()) {
      add(
          Finding.warn(
              "java",
              "Java " + java.feature() + ", its start is not prepared: each takes some 200 ms more",
              "run " + java.prepare() + " as root"));
    } else {
      add(Finding.ok("java", "Java " + java.feature() + ", prepared, " + java.program()));
    }
  }

  private void add(Finding finding) {
    findings.add(finding);
  }
}
