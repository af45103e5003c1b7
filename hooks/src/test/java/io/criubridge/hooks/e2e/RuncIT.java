// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Unpatched runc, which drives CRIU over RPC, so that none of CRIU's options can be seen. */
class RuncIT {

  private Lab lab;

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of("/opt/criu4/bin/criu"));
    lab.environment("PATH", "/opt/criu4/bin:" + System.getenv("PATH"));
    lab.environment("CRIU_LIBS_DIR", Lab.LIB_DIRECTORY.toString());
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  private Lab.Result runc(String container, String... arguments) {
    return lab.run(
        Stream.concat(
                Stream.of("runc", "--root", lab.path(container).resolve("runc").toString()),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  private String id() {
    return Lab.text(lab.path("source/id")).strip();
  }

  /** Checkpoints the container, and removes CRIU's work directory at once, as a caller may. */
  private Path checkpoint(String... more) throws IOException {
    lab.startContainer("source");
    Files.writeString(lab.path("source/criu.conf"), "action-script " + Lab.HOOK + "\n");
    Path images = lab.path("images");
    Path work = lab.path("work");
    String checkpoint =
        String.join(
            " ",
            List.of(
                "runc --root",
                lab.path("source/runc").toString(),
                "checkpoint --image-path",
                images.toString(),
                "--work-path",
                work.toString(),
                String.join(" ", more),
                id()));
    lab.run("sh", "-c", checkpoint + " && rm -rf " + work).ok();
    lab.awaitNoWorker();
    return images;
  }

  @Test
  void checkpointAndRestore_overAFreshOverlay() throws IOException {
    Path images = checkpoint();
    assertThat(Lab.text(images.resolve("bridge-status.json"))).contains("complete");
    lab.run(Lab.DIST.resolve("bin/criu-bridge").toString(), "verify", images.toString()).ok();

    lab.stopContainer("source");
    lab.freshRoot("target", "source");
    Path config = lab.path("target/config.json");
    Files.copy(lab.path("source/config.json"), config);
    Files.createDirectory(lab.path("target/runc"));
    runc(
            "target",
            "restore",
            "-d",
            "--image-path",
            images.toString(),
            "--work-path",
            lab.path("restore-work").toString(),
            "--bundle",
            lab.path("target").toString(),
            id())
        .ok();
    lab.awaitNoWorker();
    RestoredContainer target = new RestoredContainer(lab.containerPid("target"));
    target.assertComplete();
    target.awaitCounting();
  }

  @Test
  void leaveRunning_checkpointStays() throws IOException {
    Path images = checkpoint("--leave-running");
    lab.run(Lab.DIST.resolve("bin/criu-bridge").toString(), "verify", images.toString()).ok();
    new RestoredContainer(lab.containerPid("source")).awaitCounting();
  }

  @Test
  void checkpointOfRunc_isRestoredByPlainCriu() throws IOException {
    Path images = checkpoint();
    lab.stopContainer("source");
    lab.restore(images, lab.freshRoot("target", "source")).ok();
    RestoredContainer target = new RestoredContainer(lab.restoredPid());
    target.assertComplete();
    target.awaitCounting();
  }
}
