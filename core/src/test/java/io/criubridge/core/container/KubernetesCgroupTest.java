// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesCgroupTest {
  private static final String ID =
      "4f207d53e54d3f8d52c43422dd3422f1221300a438719c5e5070fa29868fd3c9";

  private static BytePath path(String text) {
    return BytePath.of(text.replace("ID", ID));
  }

  @ParameterizedTest
  @CsvSource({
    "/kubepods/burstable/pod3a/ID, CONTAINERD",
    "/kubepods/burstable/pod3a/ID/init.scope, CONTAINERD",
    "/kubepods.slice/kubepods-pod3a.slice/cri-containerd-ID.scope, CONTAINERD",
    "/system.slice/containerd.service/kubepods-pod3a.slice:cri-containerd:ID, CONTAINERD",
    "/kubepods.slice/kubepods-pod3a.slice/crio-ID.scope, CRIO",
    "/kubepods.slice/kubepods-pod3a.slice/crio-ID.scope/container, CRIO",
    "/crio-test/crio-ID, CRIO",
  })
  void runtime_namesOfKubernetesContainers(String cgroup, RuntimeType type) {
    assertThat(KubernetesCgroup.runtime(path(cgroup))).hasValue(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/user.slice/user-0.slice/session-3.scope",
        "/system.slice/ssh.service",
        "/docker/ID",
        "/system.slice/docker-ID.scope",
        "/machine.slice/libpod-ID.scope",
        "/kubepods.slice/kubepods-pod3a.slice/crio-conmon-ID.scope",
        "/kubepods.slice/kubepods-burstable.slice",
        "/demo",
        "/k8s.io/crio-demo",
      })
  void runtime_othersAreNoReasonToAsk(String cgroup) {
    assertThat(KubernetesCgroup.runtime(path(cgroup))).isEmpty();
  }
}
