// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.sys.BytePath;
import io.criubridge.fixtures.BusyboxImage;
import io.criubridge.fixtures.PrivateContainerd;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** containerd's own API, of a real containerd. */
class ContainerdRuntimeIT {
  @TempDir static Path directory;
  private static PrivateContainerd containerd;

  private ContainerRuntime runtime;

  @BeforeAll
  static void startServer() throws Exception {
    containerd = PrivateContainerd.start(directory);
  }

  @AfterAll
  static void stopServer() throws Exception {
    containerd.close();
  }

  @BeforeEach
  void connect() {
    runtime =
        ContainerdRuntime.open(
            containerd.socket(), ContainerdRuntime.KUBERNETES, RpcDeadlines.DEFAULT);
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  private static String[] labels(String pod, String namespace, String container) {
    return new String[] {
      "io.kubernetes.pod.name=" + pod,
      "io.kubernetes.pod.namespace=" + namespace,
      "io.kubernetes.container.name=" + container
    };
  }

  @Test
  void resolve_runningContainer_byItsId() throws Exception {
    containerd.run("by-id");
    RunningContainer found = runtime.resolve(new ContainerId("by-id"));
    assertThat(found.id()).hasToString("by-id");
    assertThat(found.pid()).isEqualTo(containerd.pid("by-id"));
    assertThat(found.spec().mounts())
        .extracting(OciMount::destination)
        .contains(BytePath.of("/proc"), BytePath.of("/dev/shm"));
    assertThat(found.spec().rootPath()).isEqualTo("rootfs");
  }

  @Test
  void resolve_pausedContainer_isAlive() throws Exception {
    containerd.run("paused");
    containerd.ctr("tasks", "pause", "paused");
    assertThat(runtime.resolve(new ContainerId("paused")).pid())
        .isEqualTo(containerd.pid("paused"));
    containerd.ctr("tasks", "resume", "paused");
  }

  @Test
  void resolve_stoppedTask_isNotAlive() throws Exception {
    containerd.run("stopped");
    containerd.stop("stopped");
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.resolve(new ContainerId("stopped")))
        .withMessageEndingWith("/containerd.sock: task stopped is stopped");
  }

  @Test
  void resolve_containerWithoutTask_isNotAlive() throws Exception {
    containerd.ctr("containers", "create", BusyboxImage.NAME, "created");
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.resolve(new ContainerId("created")))
        .withMessageContaining("Tasks/Get");
  }

  @Test
  void resolve_unknownId() {
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.resolve(new ContainerId("nobody")))
        .withMessageContaining("Containers/Get at " + containerd.socket())
        .withMessageContaining("nobody");
  }

  @Test
  void resolve_containerOfAnotherNamespace_isUnknown() throws Exception {
    containerd.run("namespaced");
    try (ContainerRuntime other =
        ContainerdRuntime.open(containerd.socket(), "moby", RpcDeadlines.DEFAULT)) {
      assertThatExceptionOfType(NoLiveContainerException.class)
          .isThrownBy(() -> other.resolve(new ContainerId("namespaced")));
    }
  }

  @Test
  void resolve_podWithADeadAndALiveContainer_isTheLiveOne() throws Exception {
    containerd.run("first-try", labels("web-0", "shop", "main"));
    containerd.stop("first-try");
    containerd.run("second-try", labels("web-0", "shop", "main"));
    containerd.run("sidecar", labels("web-0", "shop", "proxy"));
    PodContainer main = new PodContainer("web-0", "shop", "main");
    assertThat(runtime.find(main)).hasToString("second-try");
    assertThat(runtime.resolve(main).pid()).isEqualTo(containerd.pid("second-try"));
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.find(new PodContainer("web-0", "other", "main")))
        .withMessageEndingWith("there is no container main of pod other/web-0");
  }

  @Test
  void find_onlyDeadContainers_areNamed() throws Exception {
    containerd.run("dead", labels("gone", "shop", "main"));
    containerd.stop("dead");
    containerd.ctr(
        "containers",
        "create",
        "--label",
        "io.kubernetes.pod.name=gone",
        "--label",
        "io.kubernetes.pod.namespace=shop",
        "--label",
        "io.kubernetes.container.name=main",
        BusyboxImage.NAME,
        "never-started");
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.find(new PodContainer("gone", "shop", "main")))
        .withMessageContaining("dead (stopped)")
        .withMessageContaining("never-started (no task)");
  }

  @Test
  void find_twoLiveContainers_isNotGuessed() throws Exception {
    containerd.run("twin-1", labels("twins", "shop", "main"));
    containerd.run("twin-2", labels("twins", "shop", "main"));
    assertThatExceptionOfType(ContainerRuntimeException.class)
        .isThrownBy(() -> runtime.find(new PodContainer("twins", "shop", "main")))
        .withMessageContaining("twin-1 (running), twin-2 (running)")
        .withMessageEndingWith("ask for one by its id");
  }

  @Test
  void find_labelsThatLookLikeFilters_areValuesOnly() throws Exception {
    String odd = "a\",b==\\\"c'|/\n\u00e9\t*";
    containerd.run("odd", labels(odd, "shop", "main"));
    containerd.run("plain", labels("a", "shop", "main"));
    assertThat(runtime.find(new PodContainer(odd, "shop", "main"))).hasToString("odd");
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.find(new PodContainer("x,labels.a", "shop", "main")));
  }
}
