// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real podman on a node, which checkpoints and restores and knows nothing of criu-bridge. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // the node takes longer than a test
class PodmanIT {

  private Lab lab;
  private WorkloadImage image;
  private Podman podman;

  @BeforeAll
  void startOnNode() throws Exception {
    lab = Lab.onNode("tcp-established\n");
    image = WorkloadImage.in(lab);
    podman = new Podman(lab, image.files());
  }

  @AfterEach
  void removeContainers() {
    podman.removeContainers();
  }

  @AfterAll
  void removeNode() {
    try (Lab closed = lab) {
      if (podman != null) {
        podman.close();
      }
    }
  }

  /** Runs the workload until it counts. */
  private RestoredContainer begun(String name, String... options) {
    List<String> all = new ArrayList<>(List.of("--name", name));
    all.addAll(List.of("--volume", lab.path("volume") + ":/volume"));
    all.addAll(List.of(options));
    return image.begun(podman.pid(podman.start(all, "/bin/workload")));
  }

  /** Checkpoints the container into an archive, after which it is gone. */
  private Path exported(String name) {
    Path archive = lab.path("exported");
    podman.run("container", "checkpoint", "--export", archive.toString(), name);
    lab.awaitNoWorker();
    podman.run("rm", name);
    return archive;
  }

  @ParameterizedTest
  @ValueSource(strings = {"--tty=false", "--tty"})
  void exportedContainer_continuesInAnother(String terminal) {
    RestoredContainer container = begun("first", terminal);
    image.mountLate(container.pid());
    long counted = container.counter();
    Path archive = exported("first");
    podman.run("container", "restore", "--import", archive.toString(), "--name", "second");
    lab.awaitNoWorker();
    RestoredContainer restored = new RestoredContainer(podman.pid("second"));
    assertThat(restored.counter()).isGreaterThanOrEqualTo(counted);
    restored.awaitCounting();
    restored.assertComplete();
  }

  @Test
  void exportedContainer_isImported_andContinuesInOneThatWaits() {
    RestoredContainer container = begun("first");
    image.mountLate(container.pid());
    long counted = container.counter();
    continuesInOneThatWaits(counted, exported("first"), true);
  }

  @Test
  void whatCriuBridgeExports_isRestoredByPodman() {
    RestoredContainer container = begun("first");
    long counted = container.counter();
    String imported = lab.path("imported-for-podman").toString();
    lab.run("criu-bridge", "import", exported("first").toString(), "-o", imported).ok();
    String archive = lab.path("exported-again").toString();
    lab.run("criu-bridge", "export", imported, "-o", archive).ok();
    podman.run("container", "restore", "--import", archive, "--name", "second");
    RestoredContainer restored = new RestoredContainer(podman.pid("second"));
    assertThat(restored.counter()).isGreaterThanOrEqualTo(counted);
    restored.awaitCounting();
    assertThat(restored.file("/app/state")).hasContent("v2");
    assertThat(restored.file("/app/removed")).doesNotExist();
    assertThat(restored.file("/volume/file")).hasContent("volume");
  }

  /** Its own settings for CRIU keep criu-bridge out, as on a node that does not have it. */
  @Test
  void containerExportedWithoutCriuBridge_continuesInOneThatWaits() throws IOException {
    Path settings = Files.writeString(lab.path("criu.conf"), "tcp-established\n");
    RestoredContainer container = begun("first", "--annotation", "org.criu.config=" + settings);
    long counted = container.counter();
    continuesInOneThatWaits(counted, exported("first"), false);
  }

  private void continuesInOneThatWaits(long counted, Path archive, boolean whole) {
    String inspected = lab.run("criu-bridge", "inspect", archive.toString()).ok().output();
    assertThat(inspected).contains("workload: /bin/workload", "deleted  /app/removed");
    String imported = lab.path(whole ? "imported" : "imported-without").toString();
    lab.run("criu-bridge", "import", archive.toString(), "-o", imported).ok();
    lab.run("criu-bridge", "verify", imported).ok();

    String waiting =
        podman.start(
            List.of("--volume", lab.path("volume") + ":/volume"), "/bin/busybox", "sleep", "600");
    RestoredContainer placeholder = new RestoredContainer(podman.pid(waiting));
    if (whole) {
      image.mountLate(placeholder.pid());
    }
    String restored =
        lab.run("criu-bridge", "restore", imported, "--into", waiting, "--json").ok().output();
    RestoredContainer container =
        new RestoredContainer(
            JsonParser.parseString(restored).getAsJsonObject().get("pid").getAsInt());
    assertThat(container.counter()).isGreaterThanOrEqualTo(counted);
    container.awaitCounting();
    // podman 4.3 archives what was added, and leaves out what was changed.
    assertThat(container.file("/app/state")).hasContent(whole ? "v2" : "v1");
    assertThat(container.file("/app/removed")).doesNotExist();
    assertThat(container.file("/app/cfg").toFile().list()).containsExactly("new");
    assertThat(Lab.text(Path.of("/proc/" + container.pid() + "/cgroup")))
        .isEqualTo(Lab.text(Path.of("/proc/" + placeholder.pid() + "/cgroup")));
    if (whole) {
      container.assertComplete();
    }
  }
}
