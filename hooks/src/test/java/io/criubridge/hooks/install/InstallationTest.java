// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
  private static final String LINE =
      "action-script /usr/local/lib/criu-bridge/bin/criu-bridge-hook\n";

  @TempDir private Path place;
  private ScratchNode node;

  @BeforeEach
  void makeNode() throws IOException {
    node = new ScratchNode(place);
  }

  private Set<String> problems() throws IOException {
    return InstallCheck.of(node.root).stream()
        .filter(finding -> !finding.ok())
        .map(finding -> finding.what() + ": " + finding.problem())
        .collect(Collectors.toSet());
  }

  @Test
  void bareNode_getsAllOfIt_andIsBareAgain() throws IOException {
    Map<String, String> before = node.everything();
    node.install();
    assertThat(node.read("etc/criu/runc.conf")).isEqualTo(LINE);
    assertThat(node.read("etc/criu-bridge/config.yaml")).contains("#participation: auto");
    assertThat(node.path("usr/lib/criu/criu_bridge.so"))
        .isSymbolicLink()
        .satisfies(
            link ->
                assertThat(node.root.followed(Path.of("/usr/lib/criu/criu_bridge.so")))
                    .hasContent("plugin"));
    assertThat(node.root.followed(Path.of("/usr/local/bin/criu-bridge"))).hasContent("command");
    assertThat(node.root.followed(Path.of("/usr/local/share/man/man1/criu-bridge.1")))
        .hasContent("manual");
    assertThat(problems()).isEmpty();
    assertThat(node.uninstall()).isEmpty();
    assertThat(node.everything()).isEqualTo(before);
  }

  @Test
  void copy_isWrittenByRootOnly_andLeavesOutWhatWasPreparedElsewhere() throws IOException {
    node.install();
    Path program = node.path("usr/local/lib/criu-bridge");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(program.resolve("bin/criu-bridge-hook"))))
        .isEqualTo("rwxr-xr-x");
    assertThat(program.resolve("lib/java/dump-1.cache")).doesNotExist();
    assertThat(program.resolve("lib/java/jvm.conf")).hasContent("prepared");
  }

  @Test
  void runcConf_keepsItsLines_andComesBackAsItWas() throws IOException {
    Path conf = node.write("etc/criu/runc.conf", "# ours\ntcp-established\nlog-file x"); // no \n
    Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r-----"));
    Files.setLastModifiedTime(conf, FileTime.fromMillis(1_000_000));
    Object inode = Files.getAttribute(conf, "unix:ino");
    node.install();
    assertThat(conf).hasContent("# ours\ntcp-established\nlog-file x\n" + LINE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(conf)))
        .isEqualTo("rw-r-----");
    assertThat(node.path("etc/criu/runc.conf.before-criu-bridge"))
        .hasContent("# ours\ntcp-established\nlog-file x");
    node.uninstall();
    assertThat(conf).hasContent("# ours\ntcp-established\nlog-file x");
    assertThat(Files.getAttribute(conf, "unix:ino")).isEqualTo(inode);
    assertThat(Files.getLastModifiedTime(conf)).isEqualTo(FileTime.fromMillis(1_000_000));
    assertThat(node.path("etc/criu")).isDirectoryNotContaining("glob:**before*");
  }

  @Test
  void runcConfThatIsALink_comesBackAsALink() throws IOException {
    node.write("srv/criu.conf", "tcp-established\n");
    Files.createDirectories(node.path("etc/criu"));
    Files.createSymbolicLink(node.path("etc/criu/runc.conf"), Path.of("/srv/criu.conf"));
    node.install();
    assertThat(node.read("etc/criu/runc.conf")).isEqualTo("tcp-established\n" + LINE);
    assertThat(node.read("srv/criu.conf")).isEqualTo("tcp-established\n");
    node.uninstall();
    assertThat(node.path("etc/criu/runc.conf")).isSymbolicLink();
    assertThat(node.read("srv/criu.conf")).isEqualTo("tcp-established\n");
  }

  @Test
  void runcConfEditedSince_losesOurLineOnly() throws IOException {
    node.write("etc/criu/runc.conf", "tcp-established\n");
    node.install();
    node.write("etc/criu/runc.conf", "tcp-established\n" + LINE + "shell-job\n");
    node.uninstall();
    assertThat(node.read("etc/criu/runc.conf")).isEqualTo("tcp-established\nshell-job\n");
    assertThat(node.path("etc/criu/runc.conf.before-criu-bridge")).doesNotExist();
  }

  @Test
  void secondInstall_changesNothing() throws IOException {
    node.write("etc/criu/runc.conf", "tcp-established\n");
    node.install();
    Map<String, String> once = node.everything();
    node.install();
    assertThat(node.everything()).isEqualTo(once);
  }

  @Test
  void lineThatTheUserHasWritten_staysHis() throws IOException {
    node.write("etc/criu/runc.conf", LINE);
    node.install();
    assertThat(node.read("etc/criu/runc.conf")).isEqualTo(LINE);
    node.uninstall();
    assertThat(node.read("etc/criu/runc.conf")).isEqualTo(LINE);
  }

  @Test
  void anyStepMayBeTheLast_nextInstallFinishes() throws IOException {
    node.write("etc/criu/runc.conf", "tcp-established\n");
    Map<String, String> before = node.everything();
    node.install();
    Map<String, String> installed = node.everything();
    node.uninstall();
    for (int done = 1; done < breakOffAfter(0); done++) {
      breakOffAfter(done);
      node.install();
      assertThat(node.everything()).as("after %d steps", done).isEqualTo(installed);
      assertThat(problems()).isEmpty();
      node.uninstall();
      assertThat(node.everything()).as("after %d steps", done).isEqualTo(before);
    }
  }

  @Test
  void anyStepMayBeTheLast_uninstallUndoes() throws IOException {
    node.write("etc/criu/runc.conf", "tcp-established\n");
    Map<String, String> before = node.everything();
    for (int done = 1; done < breakOffAfter(0); done++) {
      breakOffAfter(done);
      assertThat(problems()).as("after %d steps", done).isNotEmpty();
      node.uninstall();
      assertThat(node.everything()).as("after %d steps", done).isEqualTo(before);
    }
  }

  /** Does the first steps of an installation, and gives how many there are. */
  private int breakOffAfter(int steps) throws IOException {
    try (InstallLock lock = InstallLock.take(node.root)) {
      List<Installation.Step> all = node.installation(node.request("/usr/local", "")).steps(lock);
      for (Installation.Step step : all.subList(0, steps)) {
        step.action().run();
      }
      return all.size();
    }
  }

  @Test
  void upgrade_replacesTheProgramAndWhatIsNoMoreInIt() throws IOException {
    Map<String, String> before = node.everything();
    node.install();
    node.program("lib/java/hooks.jar", "newer");
    Files.delete(node.dist.resolve("share/man/man1/criu-bridge.1"));
    node.program("share/man/man1/other.1", "manual");
    node.install();
    assertThat(node.read("usr/local/lib/criu-bridge/lib/java/hooks.jar")).isEqualTo("newer");
    assertThat(node.path("usr/local/share/man/man1/criu-bridge.1")).doesNotExist();
    assertThat(node.path("usr/local/share/man/man1/other.1")).isSymbolicLink();
    assertThat(node.path("usr/local/lib")).isDirectoryNotContaining("glob:**.new");
    assertThat(problems()).isEmpty();
    node.uninstall();
    assertThat(node.everything()).isEqualTo(before);
  }

  @Test
  void otherPrefix_movesTheInstallation() throws IOException {
    Map<String, String> before = node.everything();
    node.install();
    node.installation(node.request("/opt/bridge", "")).run();
    assertThat(node.path("usr/local/lib/criu-bridge")).doesNotExist();
    assertThat(node.read("etc/criu/runc.conf"))
        .isEqualTo("action-script /opt/bridge/lib/criu-bridge/bin/criu-bridge-hook\n");
    assertThat(problems()).isEmpty();
    node.uninstall();
    assertThat(node.everything()).isEqualTo(before);
  }

  @Test
  void filesThatAPackageHasPlaced_stayThePackages() throws IOException {
    Files.createDirectories(node.path("usr/lib"));
    Files.move(node.dist, node.path("usr/lib/criu-bridge"));
    Files.createDirectories(node.path("usr/bin"));
    Files.createSymbolicLink(
        node.path("usr/bin/criu-bridge"), Path.of("../lib/criu-bridge/bin/criu-bridge"));
    node.write("etc/criu-bridge/config.yaml", "policy: minimal\n");
    Map<String, String> before = node.everything();
    InstallRequest request =
        new InstallRequest(
            node.root,
            node.path("usr/lib/criu-bridge"),
            Path.of("/usr"),
            Path.of("/usr/lib/criu"),
            "",
            "1.0");
    node.installation(request).run();
    assertThat(node.path("usr/lib/criu/criu_bridge.so")).isSymbolicLink();
    assertThat(node.read("etc/criu/runc.conf"))
        .isEqualTo("action-script /usr/lib/criu-bridge/bin/criu-bridge-hook\n");
    assertThat(problems()).isEmpty();
    node.uninstall();
    assertThat(node.everything()).isEqualTo(before);
  }

  @Test
  void editedSettings_areKept() throws IOException {
    node.install();
    node.write("etc/criu-bridge/config.yaml", "policy: placeholder\n");
    node.install();
    assertThat(node.read("etc/criu-bridge/config.yaml")).isEqualTo("policy: placeholder\n");
    assertThat(node.uninstall()).singleElement().asString().contains("config.yaml: kept");
    assertThat(node.read("etc/criu-bridge/config.yaml")).isEqualTo("policy: placeholder\n");
  }

  @Test
  void foreignFiles_areRefusedBeforeAnythingIsChanged() throws IOException {
    for (String name :
        List.of(
            "usr/lib/criu/criu_bridge.so",
            "usr/local/bin/criu-bridge",
            "usr/local/lib/criu-bridge/x")) {
      Path foreign = node.write(name, "foreign");
      Map<String, String> before = node.everything();
      assertThatThrownBy(node::install).isInstanceOf(InstallException.class);
      assertThat(node.everything()).isEqualTo(before);
      Files.delete(foreign);
      Files.deleteIfExists(node.path("usr/local/lib/criu-bridge"));
    }
  }

  @Test
  void anotherLauncherInRuncConf_isRefused() throws IOException {
    node.write("etc/criu/runc.conf", "action-script \"/opt/x/criu-bridge-hook\" # mine\n");
    assertThatThrownBy(node::install).hasMessageContaining("/opt/x/criu-bridge-hook");
  }

  @Test
  void ownersInstallation_isRemovedByThatOwnerOnly() throws IOException {
    node.installation(node.request("/usr/local", "pod-1")).run();
    node.installation(node.request("/usr/local", "pod-2")).run();
    assertThat(Removal.run(node.root, "pod-1")).singleElement().asString().contains("pod-2");
    assertThat(problems()).isEmpty();
    assertThat(Removal.run(node.root, "pod-2")).isEmpty();
    assertThat(node.path("etc")).doesNotExist();
  }

  @Test
  void linksOfTheNode_leadIntoTheNode() throws IOException {
    Files.createDirectories(node.path("var/usrlocal"));
    Files.createSymbolicLink(node.path("usr/local"), Path.of("/var/usrlocal"));
    node.install();
    assertThat(node.read("var/usrlocal/lib/criu-bridge/lib/java/hooks.jar")).isEqualTo("jar");
    assertThat(problems()).isEmpty();
    node.uninstall();
    assertThat(node.path("var/usrlocal")).isEmptyDirectory();
  }

  @Test
  void check_namesWhatDiffers() throws IOException {
    node.install();
    node.write("usr/local/lib/criu-bridge/lib/java/hooks.jar", "tampered");
    Files.delete(node.path("usr/lib/criu/criu_bridge.so"));
    node.write("etc/criu/runc.conf", "tcp-established\n");
    assertThat(problems())
        .containsExactlyInAnyOrder(
            "/usr/local/lib/criu-bridge: not the files that were installed",
            "/usr/lib/criu/criu_bridge.so: missing",
            "/etc/criu/runc.conf: lacks the line: " + LINE.strip());
    node.install();
    assertThat(problems()).isEmpty();
  }

  @Test
  void prefixWithASyntaxOfItsOwn_isRefused() {
    for (String prefix : List.of("relative", "/a b", "/a:b", "/a#b", "/a\"b", "/a@dist@")) {
      assertThatThrownBy(() -> node.request(prefix, ""))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
