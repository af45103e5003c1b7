// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user does: dump a real container with plain criu, and restore it elsewhere. */
class CheckpointIT {

  private static final Path CRIU = Path.of("/opt/criu4/bin/criu");

  @ParameterizedTest
  @ValueSource(strings = {"/opt/criu4/bin/criu", "/opt/criu4.2/bin/criu"})
  void dumpAndRestore_carriesFilesMountsAndPids(String criu) throws IOException {
    try (Lab lab = new Lab(Path.of(criu))) {
      int pid = lab.startContainer("source");
      RestoredContainer source = new RestoredContainer(pid);
      source.awaitCounting();
      Path images = lab.images("images");

      Lab.Result dump = lab.dump(pid, images).ok();
      lab.awaitNoWorker();
      assertThat(dump.bridgeLines()).contains("/late: lies on a file system");
      long counted = Long.parseLong(Lab.text(lab.path("source/upper/data/count")).strip());
      lab.stopContainer("source");

      Path root = lab.freshRoot("target", "source");
      lab.restore(images, root).ok();
      lab.awaitNoWorker();
      RestoredContainer target = new RestoredContainer(lab.restoredPid());
      target.assertComplete();
      assertThat(target.counter()).isGreaterThanOrEqualTo(counted);
      target.awaitCounting();
      assertPidMap(images, lab.restoredPid());
      assertManifest(images);
      assertThat(lab.run(BridgeCommand.PROGRAM, "rootfs", "diff", images.toString()).ok().output())
          .containsPattern("C .* /app/state\n")
          .containsPattern("A .* /data/count\n")
          .containsPattern("- .* /app/removed\n");
      assertStatus(images, "dump", List.of("pre-dump", "network-lock", "post-dump"));
      assertStatus(
          images, "restore", List.of("plan-restore", "pre-restore", "post-restore", "post-resume"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"always", "never"})
  void leaveRunning_filesAgreeWithMemory(String twoPass) throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      lab.environment("CRIU_BRIDGE_CAPTURE_TWO_PASS", twoPass);
      int pid = lab.startContainer("source");
      RestoredContainer source = new RestoredContainer(pid);
      source.awaitCounting();
      for (int round = 0; round < 5; round++) {
        Path images = lab.images("images" + round);
        String lines = lab.dump(pid, images, "--leave-running").ok().bridgeLines();
        assertThat(lines.contains("pre-dump: first pass: ")).isEqualTo(twoPass.equals("always"));
        source.awaitCounting();

        Memory memory = Memory.of(images);
        long inFile =
            Long.parseLong(
                lab.run("tar", "-xOf", images + "/rootfs-diff.tar", "./data/count")
                    .ok()
                    .output()
                    .strip());
        // Between the two stores of the workload the file is one ahead, and memory says so.
        long[] expected =
            memory.writing()
                ? new long[] {memory.counter(), memory.counter() + 1}
                : new long[] {memory.counter()};
        assertThat(expected).contains(inFile);
      }
      lab.awaitNoWorker();
      source.assertComplete();
    }
  }

  @Test
  void restoredContainer_isDumpedAgain() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      int pid = lab.startContainer("source");
      Path first = lab.images("first");
      lab.dump(pid, first).ok();
      lab.stopContainer("source");
      lab.restore(first, lab.freshRoot("second-life", "source")).ok();

      Path second = lab.images("second");
      lab.dump(lab.restoredPid(), second).ok();
      lab.stopContainer("second-life");
      lab.restore(second, lab.freshRoot("third-life", "source")).ok();
      RestoredContainer target = new RestoredContainer(lab.restoredPid());
      target.assertComplete();
      target.awaitCounting();
    }
  }

  @Test
  void scriptGivenTwice_runsEachPhaseOnce() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      int pid = lab.startContainer("source");
      Path images = lab.images("images");
      lab.dump(pid, images, "--action-script", Lab.HOOK.toString()).ok();
      lab.awaitNoWorker();
      assertStatus(images, "dump", List.of("pre-dump", "network-lock", "post-dump"));

      lab.stopContainer("source");
      Path root = lab.freshRoot("target", "source");
      lab.restore(images, root, "--action-script", Lab.HOOK.toString()).ok();
      lab.awaitNoWorker();
      assertStatus(
          images, "restore", List.of("plan-restore", "pre-restore", "post-restore", "post-resume"));
    }
  }

  @Test
  void controlDirectory_getsTheSentinelAfterTheRestore() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      lab.configure("control-dir: /data\n");
      int pid = lab.startContainer("source");
      Path images = lab.images("images");
      lab.dump(pid, images).ok();
      lab.stopContainer("source");
      Path root = lab.freshRoot("target", "source");
      lab.restore(images, root).ok();
      RestoredContainer target = new RestoredContainer(lab.restoredPid());
      assertThat(target.file("/data/restore-complete")).hasContent("done");
    }
  }

  @Test
  void mappedMount_comesFromAnotherPlace() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      int pid = lab.startContainer("source");
      Path images = lab.images("images");
      lab.dump(pid, images).ok();
      lab.stopContainer("source");
      Path elsewhere = Files.createDirectory(lab.path("else where"));
      Files.writeString(elsewhere.resolve("file"), "elsewhere");
      Files.createFile(lab.path("new-stdout"));
      lab.environment(
          "CRIU_BRIDGE_MAP", "/volume=" + elsewhere + ",stdout=" + lab.path("new-stdout"));
      lab.restore(images, lab.freshRoot("target", "source")).ok();
      RestoredContainer target = new RestoredContainer(lab.restoredPid());
      assertThat(target.file("/volume/file")).hasContent("elsewhere");
      assertThat(Files.readSymbolicLink(Path.of("/proc/" + target.pid() + "/fd/1")))
          .isEqualTo(lab.path("new-stdout"));
    }
  }

  @Test
  void externalNetworkNamespace_isReplacedByTheOneGiven() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      int pid = lab.startContainer("source");
      lab.environment("CRIU_BRIDGE_EXTERNAL_NETNS", "extNetNs");
      Path images = lab.images("images");
      lab.dump(pid, images).ok();
      lab.stopContainer("source");

      Path root = lab.freshRoot("target", "source");
      assertThat(lab.restore(images, root).failed().bridgeLines()).contains("CRIU_BRIDGE_NETNS=");

      Process holder = new ProcessBuilder("unshare", "-n", "sleep", "1000").inheritIO().start();
      try {
        Path netns = Path.of("/proc/" + holder.pid() + "/ns/net");
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        Lab.await("unshare", () -> !link(netns).equals(host));
        lab.environment("CRIU_BRIDGE_NETNS", netns.toString());
        lab.restore(images, root).ok();
        assertThat(link(Path.of("/proc/" + lab.restoredPid() + "/ns/net"))).isEqualTo(link(netns));
      } finally {
        holder.destroyForcibly();
      }
    }
  }

  @Test
  void networkNamespaceThatTheCallerDeclared_staysTheCallers() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      int pid = lab.startContainer("source");
      lab.environment("CRIU_BRIDGE_EXTERNAL_NETNS", "ours");
      String inode = link(Path.of("/proc/" + pid + "/ns/net")).replaceAll("[^0-9]", "");
      Path images = lab.images("images");
      lab.dump(pid, images, "--external", "net[" + inode + "]:theirs").ok();
      assertThat(CheckpointManifest.read(new CheckpointLayout(images)).network()).isEmpty();
    }
  }

  @Test
  void exclusionsBesideTheImages_areLeftOutOfTheDiff() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      int pid = lab.startContainer("source");
      Path images = lab.images("images");
      Files.writeString(images.resolve("criu-bridge.yaml"), "exclude: [/app/cfg]\n");
      lab.dump(pid, images, "--leave-running").ok();
      String members = lab.run("tar", "-tf", images + "/rootfs-diff.tar").ok().output();
      assertThat(members).contains("./app/state").doesNotContain("./app/cfg");
    }
  }

  @Test
  void oddPaths_ofImagesWorkDirectoryAndRoot() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      int pid = lab.startContainer("source");
      Path images = lab.images("im ages \u00fc");
      Path work = Files.createDirectory(lab.path("work\tdir"));
      lab.dump(pid, images, "-W", work.toString()).ok();
      lab.awaitNoWorker();
      assertStatus(images, "dump", List.of("pre-dump", "network-lock", "post-dump"));
      lab.stopContainer("source");
      Path root = lab.freshRoot("tar get \u00e9", "source");
      Path relative = work.relativize(root);
      assertThat(lab.restore(images, relative, "-W", work.toString()).failed().bridgeLines())
          .contains("give an absolute path");
      assertThat(root.resolve("app/state")).hasContent("v1");
      lab.restore(images, root, "-W", work.toString()).ok();
      RestoredContainer target = new RestoredContainer(lab.restoredPid());
      target.assertComplete();
      assertThat(work.resolve("pids.json")).isNotEmptyFile();
    }
  }

  private static String link(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertPidMap(Path images, int rootPid) throws IOException {
    JsonArray processes =
        JsonParser.parseString(Lab.text(images.resolve("pids.json")))
            .getAsJsonObject()
            .getAsJsonArray("processes");
    assertThat(processes).hasSize(3);
    assertThat(processes.get(0).getAsJsonObject().get("hostPid").getAsInt()).isEqualTo(rootPid);
    for (JsonElement element : processes) {
      JsonObject process = element.getAsJsonObject();
      String status = Files.readString(Path.of("/proc/" + process.get("hostPid") + "/status"));
      assertThat(status)
          .containsPattern("NSpid:\\s+" + process.get("hostPid") + "\\s+" + process.get("pid"));
    }
  }

  private static void assertManifest(Path images) throws IOException {
    CheckpointLayout layout = new CheckpointLayout(images);
    CheckpointManifest manifest = CheckpointManifest.read(layout);
    for (var artefact : manifest.artefacts()) {
      artefact.verify(images);
    }
    assertThat(manifest.processes()).hasSize(3);
    assertThat(manifest.mounts())
        .filteredOn(mount -> mount.handling() == Handling.EXTERNAL)
        .filteredOn(mount -> mount.cgroupHierarchy().isEmpty())
        .extracting(MountRecord::mountPoint)
        .extracting(Object::toString)
        .containsExactlyInAnyOrder("/volume", "/late");
  }

  private static void assertStatus(Path images, String operation, List<String> phases) {
    JsonObject status =
        JsonParser.parseString(Lab.text(images.resolve("bridge-status.json")))
            .getAsJsonObject()
            .getAsJsonObject(operation);
    assertThat(status.get("result").getAsString()).isEqualTo("complete");
    assertThat(status.getAsJsonArray("phases"))
        .extracting(phase -> phase.getAsJsonObject().get("phase").getAsString())
        .containsExactlyElementsOf(phases);
  }
}
