// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that leave as files of other tools, and come back. */
class ExchangeIT {

  private static final Duration SETTLED = Duration.ofMillis(2500);

  private Lab lab;
  private Path images;

  @BeforeEach
  void dumpInTwoPasses() throws Exception {
    lab = new Lab(Path.of("/opt/criu4/bin/criu"));
    lab.environment("PATH", "/opt/criu4/bin:" + System.getenv("PATH"));
    lab.environment("CRIU_LIBS_DIR", Lab.LIB_DIRECTORY.toString());
    lab.environment("CRIU_BRIDGE_CAPTURE_TWO_PASS", "always");
    int pid = lab.startContainer("source");
    RestoredContainer source = new RestoredContainer(pid);
    source.awaitCounting();
    images = lab.images("images");
    Files.createDirectory(lab.path("work"));
    // Old enough for the first pass, and changed when the tasks are frozen: a stale member.
    Files.writeString(source.file("/app/changed"), "first");
    Thread.sleep(SETTLED.toMillis());
    Path change =
        lab.script(
            "change",
            "[ $CRTOOLS_SCRIPT_ACTION != network-lock ] || "
                + "printf second >/proc/$CRTOOLS_INIT_PID/root/app/changed\n");
    lab.dump(pid, images, "--action-script", change.toString()).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  private Lab.Result bridge(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Lab.DIST.resolve("bin/criu-bridge").toString());
    command.addAll(List.of(arguments));
    return lab.run(command.toArray(String[]::new));
  }

  private Path imported(Path source) {
    Path imported = lab.path("imported");
    bridge("import", source.toString(), "-o", imported.toString()).ok();
    bridge("verify", imported.toString()).ok();
    return imported;
  }

  private static void assertFiles(RestoredContainer target) {
    assertThat(target.file("/app/state")).hasContent("v2");
    assertThat(target.file("/app/removed")).doesNotExist();
    assertThat(target.file("/late/file")).hasContent("late");
    target.awaitCounting();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "oci"})
  void exported_isImportedAndRestored(String format) throws IOException {
    Path file = lab.path("exported.tar");
    bridge("export", images.toString(), "-o", file.toString(), "--format", format).ok();
    assertThat(bridge("inspect", file.toString()).ok().output())
        .contains("workload: /bin/workload")
        .containsPattern("rootfs-diff.tar +ok\n");
    Path imported = imported(file);
    lab.restore(imported, lab.freshRoot("target", "source")).ok();
    RestoredContainer target = new RestoredContainer(lab.restoredPid());
    target.assertComplete();
    assertThat(target.file("/app/changed")).hasContent("second");
    target.awaitCounting();
  }

  @Test
  void export_isReadByTar_withoutStaleMembers() throws IOException {
    assertThat(images.resolve("stale-members.json")).as("a file changed meanwhile").exists();
    Path file = lab.path("exported.tar");
    bridge("export", images.toString(), "-o", file.toString()).ok();
    List<String> members = lab.run("tar", "-tf", file.toString()).ok().output().lines().toList();
    assertThat(members)
        .contains("config.dump", "spec.dump", "rootfs-diff.tar", "deleted.files", "bind.mounts")
        .contains("stats-dump", "checkpoint/pstree.img", "checkpoint/pages-1.img")
        .doesNotContain("stale-members.json", "checkpoint/bridge-status.json")
        .doesNotHaveDuplicates();
    Path diff = lab.path("diff.tar");
    lab.run("sh", "-c", "tar -xOf " + file + " rootfs-diff.tar >" + diff).ok();
    List<String> before =
        lab.run("tar", "-tf", images + "/rootfs-diff.tar").ok().output().lines().toList();
    List<String> after = lab.run("tar", "-tf", diff.toString()).ok().output().lines().toList();
    assertThat(before.stream().filter("./app/changed"::equals)).hasSize(2);
    assertThat(after).contains("./app/changed", "./app/state").doesNotHaveDuplicates();
    assertThat(lab.run("tar", "-xOf", diff.toString(), "./app/changed").ok().output())
        .isEqualTo("second");
  }

  /**
   * Puts together what an engine makes of the dump.
   *
   * @param files commands that write what it tells of the changed files
   */
  private Path archiveOfEngine(String files) throws IOException {
    Path tree = Files.createDirectories(lab.path("tree/checkpoint")).getParent();
    lab.run(
            "sh",
            "-euc",
            """
            cd "$1"
            cp ../images/*.img checkpoint/
            cp ../source/config.json spec.dump
            echo '{"id": "of-an-engine", "rootfsImageName": "localhost/i:1"}' >config.dump
            eval "$2"
            tar -cf ../engine.tar *
            """,
            "sh",
            tree.toString(),
            files)
        .ok();
    return lab.path("engine.tar");
  }

  /** As CRI-O writes it: no manifest, no list of opaque directories; restored through runc. */
  @Test
  void archiveOfAnEngine_isRestored() throws IOException {
    Path imported =
        imported(
            archiveOfEngine(
                """
                cp ../images/deleted.files ../images/bind.mounts .
                tar -C ../source/upper --exclude=./app/removed --xattrs -cf rootfs-diff.tar .
                """));
    assertThat(bridge("inspect", imported.toString()).ok().output())
        .containsPattern("/late +\\S+ +external +found");
    lab.environment("CRIU_BRIDGE_MAP", "stdout=" + lab.path("source/stdout"));
    assertFiles(restoredByRunc(imported));
  }

  /** As containerd writes it: what changed is a layer, with whiteouts; nobody knows of /late. */
  @Test
  void archiveOfContainerd_isRestored() throws IOException {
    Path imported =
        imported(
            archiveOfEngine(
                """
                cp -a ../source/upper ../layer
                rm ../layer/app/removed
                : >../layer/app/.wh.removed
                : >../layer/app/cfg/.wh..wh..opq
                tar -C ../layer --xattrs -czf rootfs-diff.tar .
                """));
    lab.environment(
        "CRIU_BRIDGE_MAP",
        "/late=" + lab.path("source/late") + ",stdout=" + lab.path("source/stdout"));
    RestoredContainer restored = restoredByRunc(imported);
    assertFiles(restored);
    assertThat(restored.file("/app").toFile().list()).doesNotContain(".wh.removed");
    assertThat(restored.file("/app/cfg").toFile().list()).containsExactly("new");
  }

  @Test
  void directoryOfTheSnapshotAgent_isRestored() throws IOException {
    Path agent = lab.path("agent");
    lab.run(
            "sh",
            "-euc",
            """
            mkdir "$1"
            cp images/*.img images/rootfs-diff.tar images/deleted-files.json "$1"
            cat >"$1/manifest.yaml" <<MANIFEST
            checkpointId: of-the-agent
            createdAt: 2026-01-02T03:04:05Z
            criuDump:
              criu: {leaveRunning: true}
              extMnt: {/volume: /volume, /late: /late}
            k8s: {containerId: abc, pid: 42, sourceNode: node, podName: p, podNamespace: n}
            MANIFEST
            """
                .replace("images/", images + "/"),
            "sh",
            agent.toString())
        .ok();
    Path imported = imported(agent);
    lab.environment(
        "CRIU_BRIDGE_MAP",
        "/late=" + lab.path("source/late") + ",stdout=" + lab.path("source/stdout"));
    assertFiles(restoredByRunc(imported));
  }

  private RestoredContainer restoredByRunc(Path checkpoint) throws IOException {
    Files.writeString(lab.path("source/criu.conf"), "action-script " + Lab.HOOK + "\n");
    lab.freshRoot("target", "source");
    Files.copy(lab.path("source/config.json"), lab.path("target/config.json"));
    Files.createDirectory(lab.path("target/runc"));
    Files.writeString(
        checkpoint.resolve("descriptors.json"), "[\"/dev/null\",\"/dev/null\",\"/dev/null\"]");
    Lab.Result result =
        lab.run(
            "runc",
            "--root",
            lab.path("target/runc").toString(),
            "restore",
            "-d",
            "--image-path",
            checkpoint.toString(),
            "--work-path",
            lab.path("work").toString(),
            "--bundle",
            lab.path("target").toString(),
            Lab.text(lab.path("source/id")).strip());
    assertThat(result.exitCode())
        .as(result.output() + Lab.text(lab.path("work/restore.log")))
        .isZero();
    lab.awaitNoWorker();
    return new RestoredContainer(lab.containerPid("target"));
  }
}
