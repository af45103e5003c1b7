// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.container.ContainerLookup.Found;
import io.criubridge.core.container.ContainerLookup.NotFound;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.fixtures.PrivateContainerd;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real containers of a real containerd, found from their processes. */
class RuntimeLookupIT {
  @TempDir static Path directory;
  private static PrivateContainerd containerd;

  @BeforeAll
  static void startServer() throws Exception {
    containerd = PrivateContainerd.start(directory);
    containerd.run("demo");
  }

  @AfterAll
  static void stopServer() throws Exception {
    containerd.close();
  }

  private static RuntimeLookup lookup(RuntimeType type, Path socket) {
    return new RuntimeLookup(
        ProcFs.HOST, type, socket, ContainerdRuntime.KUBERNETES, RpcDeadlines.DEFAULT);
  }

  @Test
  void find_containerOfItsFirstProcess() throws Exception {
    int init = containerd.pid("demo");
    assertThat(lookup(RuntimeType.CONTAINERD, containerd.socket()).find(init))
        .isInstanceOfSatisfying(
            Found.class,
            found -> {
              assertThat(found.id()).hasToString("demo");
              assertThat(found.kind()).isEqualTo(RuntimeKind.CONTAINERD);
              assertThat(found.bundle()).isEmpty();
              assertThat(found.spec().rootPath()).isEqualTo("rootfs");
            });
  }

  @Test
  void find_podOverTheContainerRuntimeInterface() throws Exception {
    try (CriPods pods = new CriPods(containerd)) {
      String id = pods.start(pods.run("web-0", "shop"), "main", 0);
      int init = containerd.pid(id);
      assertThat(lookup(RuntimeType.CRIO, containerd.socket()).find(init))
          .isInstanceOfSatisfying(
              Found.class,
              found -> {
                assertThat(found.id()).hasToString(id);
                assertThat(found.kind()).isEqualTo(RuntimeKind.CONTAINERD);
              });
    }
  }

  @Test
  void find_anotherProcessOfTheContainer_isNotItsFirst() throws Exception {
    Process exec =
        new ProcessBuilder(
                "ctr",
                "--address",
                containerd.socket().toString(),
                "--namespace",
                "k8s.io",
                "tasks",
                "exec",
                "--exec-id",
                "second",
                "demo",
                "/bin/busybox",
                "sleep",
                "601")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("exec.out").toFile())
            .start();
    try {
      int second = awaitSecond();
      assertThat(lookup(RuntimeType.CONTAINERD, containerd.socket()).find(second))
          .isInstanceOfSatisfying(
              NotFound.class,
              none ->
                  assertThat(none.tried())
                      .anyMatch(
                          reason ->
                              reason.contains("container demo is process ")
                                  && reason.contains(", not ProcessIdentity[pid=" + second)));
    } finally {
      containerd.ctr("tasks", "kill", "--exec-id", "second", "--signal", "SIGKILL", "demo");
      exec.waitFor();
    }
  }

  private static int awaitSecond() throws Exception {
    while (true) {
      for (String line : containerd.ctr("tasks", "ps", "demo").lines().skip(1).toList()) {
        int pid = Integer.parseInt(line.split("\\s+")[0]);
        if (pid != containerd.pid("demo")) {
          return pid;
        }
      }
      Thread.sleep(20);
    }
  }

  @Test
  void find_serverThatIsNotThere() {
    RuntimeLookup lookup = lookup(RuntimeType.CONTAINERD, directory.resolve("nobody.sock"));
    assertThatExceptionOfType(ContainerRuntimeException.class)
        .isThrownBy(() -> lookup.find(containerd.pid("demo")))
        .withMessageContaining("No such file or directory");
  }
}
