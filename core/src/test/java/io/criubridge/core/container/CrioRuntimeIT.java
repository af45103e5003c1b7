// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.container.CriPods.Pod;
import io.criubridge.core.sys.BytePath;
import io.criubridge.fixtures.BusyboxImage;
import io.criubridge.fixtures.PrivateContainerd;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Container Runtime Interface, as a real containerd serves it. */
class CrioRuntimeIT {
  @TempDir static Path directory;
  private static PrivateContainerd containerd;
  private static CriPods pods;
  private static ContainerRuntime runtime;
  private static Pod pod;
  private static String dead;
  private static String live;

  @BeforeAll
  static void startPod() throws Exception {
    containerd = PrivateContainerd.start(directory);
    pods = new CriPods(containerd);
    runtime = CrioRuntime.open(containerd.socket(), RpcDeadlines.DEFAULT);
    pod = pods.run("web-0", "shop");
    dead = pods.start(pod, "main", 0);
    pods.stop(dead);
    live = pods.start(pod, "main", 1);
  }

  @AfterAll
  static void stopPod() throws Exception {
    try {
      runtime.close();
      pods.close();
    } finally {
      containerd.close();
    }
  }

  @Test
  void resolve_runningContainer_byItsId() throws Exception {
    RunningContainer found = runtime.resolve(new ContainerId(live));
    assertThat(found.id()).hasToString(live);
    assertThat(found.pid()).isEqualTo(containerd.pid(live));
    assertThat(found.spec().annotations())
        .containsEntry("io.kubernetes.cri.image-name", BusyboxImage.NAME);
    assertThat(found.spec().mounts())
        .extracting(OciMount::destination)
        .contains(BytePath.of("/dev/shm"));
  }

  @Test
  void resolve_podWithADeadAndALiveContainer_isTheLiveOne() throws Exception {
    PodContainer main = new PodContainer("web-0", "shop", "main");
    assertThat(runtime.find(main)).hasToString(live);
    assertThat(runtime.resolve(main).pid()).isEqualTo(containerd.pid(live));
  }

  @Test
  void resolve_bothApisAgree() throws Exception {
    try (ContainerRuntime ofContainerd =
        ContainerdRuntime.open(
            containerd.socket(), ContainerdRuntime.KUBERNETES, RpcDeadlines.DEFAULT)) {
      assertThat(runtime.resolve(new ContainerId(live)))
          .isEqualTo(ofContainerd.resolve(new PodContainer("web-0", "shop", "main")));
    }
  }

  @Test
  void resolve_exitedContainer_isNotAlive() {
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.resolve(new ContainerId(dead)))
        .withMessageEndingWith("container " + dead + " is exited");
  }

  @Test
  void resolve_beginningOfAnId_isNoId() {
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.resolve(new ContainerId(live.substring(0, 12))))
        .withMessageEndingWith("but one that begins so: " + live);
  }

  @Test
  void resolve_unknownId() {
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.resolve(new ContainerId("f".repeat(64))))
        .withMessageContaining("ContainerStatus at " + containerd.socket());
  }

  @Test
  void find_unknownPod() {
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.find(new PodContainer("web-1", "shop", "main")))
        .withMessageEndingWith("there is no container main of pod shop/web-1");
  }
}
