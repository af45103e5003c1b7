// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Debian package, by the real dpkg: on a throw-away copy of this machine without a JDK, and on
 * another root file system.
 */
class PackageIT {
  private static final Path SCRATCH_MACHINE =
      Path.of("../test-fixtures/src/main/sh/scratch-machine");

  @TempDir private static Path place;
  private static Path deb;

  @BeforeAll
  static void build() throws Exception {
    deb = place.resolve("criu-bridge.deb");
    CommandRun.of(place, "../scripts/package", "deb", "--output", deb.toString()).ok();
  }

  private static CommandRun onScratchMachine(String script) throws Exception {
    Path file = place.resolve("script");
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return CommandRun.of(
        place, SCRATCH_MACHINE.toString(), place.toString(), "bash", "-eux", "/scratch/script");
  }

  @Test
  void machineWithoutJava_getsAWorkingInstallation_andLosesAllOfIt() throws Exception {
    CommandRun run =
        onScratchMachine(
            """
            mount -t tmpfs tmpfs /usr/lib/jvm
            unset JAVA_HOME
            mkdir -p /etc/criu
            printf 'tcp-close' >/etc/criu/runc.conf
            before=$(stat -c '%i %Y %a' /etc/criu/runc.conf)
            list() { find /usr/lib /usr/bin /usr/share /etc/criu /etc/criu-bridge -path /usr/lib/jvm -prune -o -print 2>/dev/null | sort; }
            list >/tmp/before

            dpkg -i /scratch/criu-bridge.deb >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; exit 1; }
            cat /tmp/dpkg.log
            ! command -v java
            criu-bridge install --check
            criu-bridge doctor
            criu-bridge doctor | grep -E '^ok +java +.*prepared, /usr/lib/criu-bridge/lib/runtime/bin/java'
            criu-bridge doctor | grep -E '^ok +plugin +/usr/lib/criu/criu_bridge.so'
            grep -x 'action-script /usr/lib/criu-bridge/bin/criu-bridge-hook' /etc/criu/runc.conf
            dpkg --verify criu-bridge

            dpkg -i /scratch/criu-bridge.deb
            criu-bridge install --check
            [ "$(grep -c action-script /etc/criu/runc.conf)" = 1 ]

            echo 'policy: minimal' >/etc/criu-bridge/config.yaml
            dpkg --remove criu-bridge
            [ "$(cat /etc/criu-bridge/config.yaml)" = 'policy: minimal' ]
            [ "$(cat /etc/criu/runc.conf)" = tcp-close ]
            [ "$(stat -c '%i %Y %a' /etc/criu/runc.conf)" = "$before" ]
            dpkg --purge criu-bridge
            list >/tmp/after
            diff /tmp/before /tmp/after
            [ ! -e /var/lib/criu-bridge ]
            echo all of it
            """);
    run.ok();
    assertThat(run.output()).contains("dumped and restored a process here").contains("all of it");
  }

  @Test
  void checkpointThroughRunc_takesPart_withoutBeingTold() throws Exception {
    // A checkout below /tmp is out of sight there.
    CommandRun.of(
            place,
            "cp",
            "-r",
            Path.of("../test-fixtures/src/main").toRealPath().toString(),
            place.resolve("fixtures").toString())
        .ok();
    CommandRun run =
        onScratchMachine(
            """
            mkdir -p /etc/criu /tmp/fixtures/sh
            echo tcp-established >/etc/criu/runc.conf
            dpkg -i /scratch/criu-bridge.deb

            cp -r /scratch/fixtures/c /tmp/fixtures/
            # runc reads runc.conf where no annotation names another file.
            sed '/org.criu.config/d' /scratch/fixtures/sh/container >/tmp/fixtures/sh/container
            container() { bash /tmp/fixtures/sh/container "$@"; }
            container build-tools /tmp/tools
            trap 'container stop /tmp/box' EXIT
            container start /tmp/box /tmp/tools
            export PATH=/opt/criu4/bin:$PATH
            runc --root /tmp/box/runc checkpoint --image-path /tmp/images --work-path /tmp/work "$(cat /tmp/box/id)" ||
              { tail -40 /tmp/work/dump.log; exit 1; }
            criu-bridge verify /tmp/images
            """);
    run.ok();
    assertThat(run.output()).contains("rootfs-diff.tar", "whole; made");
  }

  @Test
  void otherRoot_isInstalledWithoutEnteringIt() throws Exception {
    ScratchNode node = new ScratchNode(place.resolve("other"));
    for (String name : new String[] {"info", "updates"}) {
      Files.createDirectories(node.path("var/lib/dpkg/" + name));
    }
    node.write("var/lib/dpkg/status", "");
    node.write("etc/criu/runc.conf", "tcp-close\n");
    dpkg(node, "--install", deb.toString());
    assertThat(node.read("etc/criu/runc.conf"))
        .isEqualTo("tcp-close\naction-script /usr/lib/criu-bridge/bin/criu-bridge-hook\n");
    assertThat(InstallCheck.of(node.root)).allMatch(InstallCheck.Finding::ok);
    dpkg(node, "--purge", "criu-bridge");
    assertThat(node.read("etc/criu/runc.conf")).isEqualTo("tcp-close\n");
    assertThat(node.path("usr/lib/criu-bridge")).doesNotExist();
    assertThat(node.path("usr/lib/criu")).doesNotExist();
    assertThat(node.path("etc/criu-bridge")).doesNotExist();
  }

  private static void dpkg(ScratchNode node, String action, String argument) throws Exception {
    CommandRun.of(
            place,
            "dpkg",
            "--root=" + node.directory,
            "--force-script-chrootless",
            "--force-depends",
            action,
            argument)
        .ok();
  }
}
