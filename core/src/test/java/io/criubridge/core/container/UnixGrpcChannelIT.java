// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.fixtures.PrivateContainerd;
import io.grpc.netty.shaded.io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real containerd that hangs, dies, or is something else. */
@Timeout(60)
class UnixGrpcChannelIT {
  private static final ContainerId NOBODY = new ContainerId("nobody");
  @TempDir Path directory;
  private PrivateContainerd containerd;

  @BeforeEach
  void startServer() throws Exception {
    containerd = PrivateContainerd.start(directory);
  }

  @AfterEach
  void stopServer() throws Exception {
    containerd.close();
  }

  private ContainerRuntime connect(RpcDeadlines deadlines) {
    return ContainerdRuntime.open(containerd.socket(), ContainerdRuntime.KUBERNETES, deadlines);
  }

  private static void assertAnswers(ContainerRuntime runtime) {
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> runtime.resolve(NOBODY));
  }

  @Test
  void call_serverThatNeverAnswers_endsWithTheDeadline() throws Exception {
    RpcDeadlines deadlines = new RpcDeadlines(Duration.ofSeconds(20), Duration.ofSeconds(5));
    try (ContainerRuntime runtime = connect(deadlines)) {
      assertAnswers(runtime);
      containerd.signal("STOP");
      assertThatExceptionOfType(ContainerRuntimeException.class)
          .isThrownBy(() -> runtime.resolve(NOBODY))
          .withMessage(
              "containerd.services.containers.v1.Containers/Get at "
                  + containerd.socket()
                  + ": no answer within 5 s");
      containerd.signal("CONT");
      assertAnswers(runtime);
    }
  }

  @Test
  void call_serverThatNeverSpeaks_endsWithTheDeadlineToConnect() throws Exception {
    containerd.signal("STOP");
    RpcDeadlines deadlines = new RpcDeadlines(Duration.ofMillis(300), Duration.ofSeconds(20));
    try (ContainerRuntime runtime = connect(deadlines)) {
      assertThatExceptionOfType(ContainerRuntimeException.class)
          .isThrownBy(() -> runtime.resolve(NOBODY))
          .withMessageEndingWith(": does not speak HTTP/2 within 300 ms");
    }
  }

  @Test
  void call_serverGoneMeanwhile_fails() throws Exception {
    try (ContainerRuntime runtime = connect(RpcDeadlines.DEFAULT)) {
      assertAnswers(runtime);
      containerd.signal("STOP");
      CompletableFuture<Void> call =
          CompletableFuture.runAsync(
              () -> {
                try {
                  runtime.resolve(NOBODY);
                } catch (ContainerRuntimeException | ContainerFileException e) {
                  throw new CompletionException(e);
                }
              });
      containerd.process().destroyForcibly();
      containerd.process().onExit().join();
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(call::join)
          .havingCause()
          .isExactlyInstanceOf(ContainerRuntimeException.class)
          .withMessageContaining("does the runtime run, and is this its socket?");
    }
  }

  @Test
  void call_noServer_saysWhatTheKernelSays() throws Exception {
    containerd.process().destroyForcibly();
    containerd.process().onExit().join();
    try (ContainerRuntime runtime = connect(RpcDeadlines.DEFAULT)) {
      assertThatExceptionOfType(ContainerRuntimeException.class)
          .isThrownBy(() -> runtime.resolve(NOBODY))
          .withMessageContaining("Connection refused")
          .withMessageEndingWith("does the runtime run, and is this its socket?");
    }
    Files.delete(containerd.socket());
    try (ContainerRuntime runtime = connect(RpcDeadlines.DEFAULT)) {
      assertThatExceptionOfType(ContainerRuntimeException.class)
          .isThrownBy(() -> runtime.resolve(NOBODY))
          .withMessageContaining("No such file or directory");
    }
  }

  @Test
  void call_methodTheServerLacks_saysSo() throws Exception {
    Path socket = directory.resolve("other.sock");
    try (UnixGrpcServer server = UnixGrpcServer.start(socket, Map.of("other.Service", Map.of()));
        ContainerRuntime runtime = CrioRuntime.open(socket, RpcDeadlines.DEFAULT)) {
      assertThatExceptionOfType(ContainerRuntimeException.class)
          .isThrownBy(() -> runtime.resolve(NOBODY))
          .withMessageEndingWith("this socket is another runtime's, or lacks a plugin");
    }
  }

  /** A JVM that ends waits 300 ms for every thread that is in native code, as a poll is. */
  @Test
  void close_leavesNoThreadInNativeCode() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    ContainerRuntime runtime = connect(RpcDeadlines.DEFAULT);
    assertAnswers(runtime);
    Set<Thread> polling = started(before);
    assertThat(polling).extracting(Thread::getName).anyMatch(name -> name.contains("IoEventLoop"));
    runtime.close();
    for (Thread thread : polling) {
      if (thread.getName().contains("IoEventLoop")) {
        thread.join();
      }
    }
    // Netty's own, which tells of the end, is parked and then ends by itself.
    GlobalEventExecutor.INSTANCE.awaitInactivity(30, TimeUnit.SECONDS);
    assertThat(started(before)).allMatch(thread -> thread.isDaemon() && isParked(thread));
  }

  private static Set<Thread> started(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .collect(Collectors.toSet());
  }

  private static boolean isParked(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING
        || thread.getState() == Thread.State.TERMINATED;
  }
}
