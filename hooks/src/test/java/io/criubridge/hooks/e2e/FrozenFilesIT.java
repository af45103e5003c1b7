// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The container's files are taken when its tasks are frozen, beside CRIU's own work. */
class FrozenFilesIT {

  private static final Path CRIU = Path.of("/opt/criu4/bin/criu");

  @Test
  void files_areTakenInNetworkLock() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      Path images = lab.images("images");
      lab.dump(lab.startContainer("source"), images).ok();
      lab.awaitNoWorker();
      assertThat(parts(images, "network-lock")).containsExactly("files");
      assertThat(parts(images, "post-dump"))
          .containsExactly("plan", "mounts", "files", "manifest", "disk");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"always", "never"})
  void linksThatCriuMakesMeanwhile_areTakenToo(String twoPass) throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      lab.environment("CRIU_BRIDGE_CAPTURE_TWO_PASS", twoPass);
      int pid = lab.startContainer("source");
      RestoredContainer source = new RestoredContainer(pid);
      source.awaitCounting();
      // The workload has it open under the name that goes.
      Files.createLink(source.file("/data/other"), source.file("/data/count"));
      Files.delete(source.file("/data/count"));
      Path images = lab.images("images");
      lab.dump(pid, images, "--link-remap").ok();
      lab.awaitNoWorker();
      lab.stopContainer("source");

      lab.restore(images, lab.freshRoot("target", "source")).ok();
      Path other = new RestoredContainer(lab.restoredPid()).file("/data/other");
      String before = Lab.text(other);
      Lab.await("the workload writes on", () -> !Lab.text(other).equals(before));
    }
  }

  @Test
  void dumpThatFailsAfterwards_leavesNothingOfThem() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      int pid = lab.startContainer("source");
      Path images = lab.images("images");
      // It runs before ours does.
      Path kill =
          lab.script(
              "kill-criu",
              "[ \"$CRTOOLS_SCRIPT_ACTION\" = post-dump ] || exit 0\n"
                  + "criu=${CRTOOLS_IMAGE_DIR#/proc/}; kill -KILL ${criu%%/*}\n");
      lab.dump(pid, images, "--action-script", kill.toString()).failed();
      lab.awaitNoWorker();
      assertThat(Lab.text(images.resolve("bridge-status.json")))
          .contains("network-lock", "CRIU ended before its dump was complete");
      try (Stream<Path> files = Files.list(images)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.startsWith("rootfs-diff") || name.endsWith(".tmp"));
      }
    }
  }

  @Test
  void criuEndingMeanwhile_stopsThem() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      lab.environment("CRIU_BRIDGE_CAPTURE_TWO_PASS", "never");
      int pid = lab.startContainer("source");
      Path large = new RestoredContainer(pid).file("/data/large");
      lab.run("dd", "if=/dev/zero", "of=" + large, "bs=1M", "count=1024").ok();
      Path images = lab.images("images");
      // CRIU runs the script that it was given first last: when ours has told the worker.
      Path kill =
          lab.script(
              "kill-criu",
              "[ \"$CRTOOLS_SCRIPT_ACTION\" = network-lock ] || exit 0\n"
                  + "while ! find "
                  + images
                  + " -name '.rootfs-diff*' -size +1M | grep -q .; do sleep 0.01; done\n"
                  + "criu=${CRTOOLS_IMAGE_DIR#/proc/}; kill -KILL ${criu%%/*}\n");
      lab.criu(
              "dump",
              images,
              "-t",
              Integer.toString(pid),
              "--action-script",
              kill.toString(),
              "--action-script",
              Lab.HOOK.toString(),
              "--libdir",
              Lab.LIB_DIRECTORY.toString())
          .failed();
      lab.awaitNoWorker();
      // Without the time that all of them would have taken.
      assertThat(parts(images, "network-lock")).isEmpty();
      assertThat(Lab.text(images.resolve("bridge-status.json")))
          .contains("CRIU ended before its dump was complete");
      try (Stream<Path> files = Files.list(images)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.endsWith(".tmp"));
      }
    }
  }

  private static List<String> parts(Path images, String phase) {
    JsonObject dump =
        JsonParser.parseString(Lab.text(images.resolve("bridge-status.json")))
            .getAsJsonObject()
            .getAsJsonObject("dump");
    for (JsonElement element : dump.getAsJsonArray("phases")) {
      JsonObject entry = element.getAsJsonObject();
      if (entry.get("phase").getAsString().equals(phase)) {
        return entry.has("parts")
            ? List.copyOf(entry.getAsJsonObject("parts").keySet())
            : List.of();
      }
    }
    throw new AssertionError("no " + phase + " in " + dump);
  }
}
