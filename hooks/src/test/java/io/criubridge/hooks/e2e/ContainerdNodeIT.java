// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.criubridge.core.container.CriPods;
import io.criubridge.fixtures.PrivateContainerd;
import io.criubridge.fixtures.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real containerd on a node, which checkpoints and restores and knows nothing of criu-bridge. */
class ContainerdNodeIT {

  private static final String CHECKPOINT = "localhost/checkpoint:1";
  private static final List<String> OF_THE_POD =
      List.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf");

  private Lab lab;
  private WorkloadImage image;
  private PrivateContainerd containerd;

  @BeforeEach
  void startOnNode() throws Exception {
    lab = Lab.onNode("tcp-established\n");
    image = WorkloadImage.in(lab);
    containerd =
        PrivateContainerd.start(
            Files.createDirectory(lab.path("containerd")),
            new Surroundings(lab.node().within(), Node.environment(), image.files()));
  }

  @AfterEach
  void removeNode() throws Exception {
    try (Lab closed = lab) {
      if (containerd != null) {
        containerd.close();
      }
    }
  }

  /** Mounts /late from outside, and lets the workload count. */
  private RestoredContainer begun(String id) throws IOException {
    int pid = containerd.pid(id);
    image.mountLate(pid);
    return image.begun(pid);
  }

  private void delete(String id) throws Exception {
    containerd.stop(id);
    containerd.ctr("tasks", "delete", "--force", id);
    containerd.ctr("containers", "delete", id);
  }

  private RestoredContainer restored(String id, long counted) throws IOException {
    try {
      containerd.ctr("containers", "restore", "--live", id, CHECKPOINT);
    } catch (AssertionError failure) {
      throw new AssertionError(Lab.text(containerd.restoreLog(id)), failure);
    }
    lab.awaitNoWorker();
    RestoredContainer restored = new RestoredContainer(containerd.pid(id));
    assertThat(restored.counter()).isGreaterThanOrEqualTo(counted);
    restored.awaitCounting();
    return restored;
  }

  private void runWorkload(String id) throws IOException {
    String mount = "type=bind,src=" + lab.path("volume") + ",dst=/volume,options=rbind:rw";
    containerd.run(id, List.of("--mount", mount), List.of("/bin/workload"));
  }

  @Test
  void tasksCheckpoint_isAWholeCheckpoint() throws IOException {
    runWorkload("demo");
    RestoredContainer container = begun("demo");
    Path images = lab.path("images");
    containerd.ctr("tasks", "checkpoint", "--image-path", images.toString(), "demo");
    lab.awaitNoWorker();
    String verified = lab.run("criu-bridge", "verify", images.toString()).ok().output();
    assertThat(verified).contains("rootfs-diff.tar", "demo-", "3 processes");
    container.awaitCounting();
  }

  @Test
  void containersCheckpointAndRestore_carryFilesWithoutContainerdsCopyOfThem() throws Exception {
    runWorkload("demo");
    long counted = begun("demo").counter();
    containerd.ctr("containers", "checkpoint", "--image", "--task", "demo", CHECKPOINT);
    lab.awaitNoWorker();
    delete("demo");
    restored("again", counted).assertComplete();
  }

  @Test
  void containerOfAPod_comesBackWithThePodsFiles() throws Exception {
    try (CriPods pods = new CriPods(containerd)) {
      String id = pods.start(pods.run("web-0", "shop"), "main", 0, "/bin/workload");
      RestoredContainer container = begun(id);
      Map<String, Object> before = keys(container);
      long counted = container.counter();
      containerd.ctr("containers", "checkpoint", "--image", "--task", id, CHECKPOINT);
      lab.awaitNoWorker();
      pods.stop(id);

      RestoredContainer restored = restored("main-again", counted);
      assertFilled(restored);
      assertThat(keys(restored)).as("the very files of the sandbox").isEqualTo(before);
      delete("main-again");
    }
  }

  @Test
  void containerOfAPod_continuesInOneOfAnotherPodThatWaits() throws Exception {
    lab.environment("CRIU_BRIDGE_RUNTIME_SOCKET", containerd.socket().toString());
    String images = lab.path("images").toString();
    try (CriPods pods = new CriPods(containerd)) {
      String id = pods.start(pods.run("web-0", "shop"), "main", 0, "/bin/workload");
      long counted = begun(id).counter();
      lab.run("criu-bridge", "checkpoint", "pod", "shop/web-0/main", "-o", images).ok();
      // Its end makes containerd end the shim, where a stop of that moment would be lost.
      containerd.awaitStopped(id);

      String waiting =
          pods.start(pods.run("web-1", "shop"), "main", 0, "/bin/busybox", "sleep", "600");
      RestoredContainer placeholder = new RestoredContainer(containerd.pid(waiting));
      image.mountLate(placeholder.pid());
      Map<String, Object> own = keys(placeholder);
      // Asked as CRI-O is: by the interface that both have.
      String restored =
          lab.run(
                  "criu-bridge",
                  "restore",
                  images,
                  "--into",
                  "pod",
                  "shop/web-1/main",
                  "--runtime=crio",
                  "--json")
              .ok()
              .output();
      RestoredContainer container =
          new RestoredContainer(
              JsonParser.parseString(restored).getAsJsonObject().get("pid").getAsInt());
      assertThat(container.counter()).isGreaterThanOrEqualTo(counted);
      container.awaitCounting();
      assertFilled(container);
      assertThat(keys(container)).as("the files of the pod that waited").isEqualTo(own);
      assertThat(Lab.text(Path.of("/proc/" + container.pid() + "/cgroup")))
          .isEqualTo(Lab.text(Path.of("/proc/" + placeholder.pid() + "/cgroup")));
      pods.stop(waiting);
      Lab.await("all have ended", () -> !container.isAlive());
    }
  }

  private static void assertFilled(RestoredContainer container) {
    assertThat(container.file("/app/state")).hasContent("v2");
    assertThat(container.file("/app/removed")).doesNotExist();
    assertThat(container.file("/app/cfg").toFile().list()).containsExactly("new");
    assertThat(container.file("/late/file")).hasContent("late");
  }

  private static Map<String, Object> keys(RestoredContainer container) throws IOException {
    Map<String, Object> keys = new HashMap<>();
    for (String file : OF_THE_POD) {
      keys.put(file, Files.getAttribute(container.file(file), "unix:ino"));
    }
    return keys;
  }
}
