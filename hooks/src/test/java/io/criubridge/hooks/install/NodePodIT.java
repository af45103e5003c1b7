// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The entrypoint of the DaemonSet's pods, with the privileges that the DaemonSet gives it: user 0
 * without a capability.
 */
class NodePodIT {
  private static final Path ENTRYPOINT = Path.of("../deploy/image/entrypoint");
  private static final Path COMMAND =
      Path.of(System.getProperty("criu-bridge.dist", "../dist"), "bin/criu-bridge");
  private static final String LINE =
      "action-script /opt/criu-bridge/lib/criu-bridge/bin/criu-bridge-hook\n";

  @TempDir private Path place;
  private ScratchNode node;
  private final List<Process> pods = new ArrayList<>();

  @BeforeEach
  void makeNode() throws Exception {
    assertThat(COMMAND).as("run scripts/build first").isExecutable();
    node = new ScratchNode(place);
    node.write("etc/criu/runc.conf", "tcp-established\n");
    for (String mounted :
        List.of("opt/criu-bridge", "usr/lib/criu", "etc/criu-bridge", "var/lib/criu-bridge")) {
      Files.createDirectories(node.path(mounted));
    }
  }

  @AfterEach
  void endPods() throws Exception {
    for (Process pod : pods) {
      kill(pod);
    }
  }

  /** The entrypoint first, which would start what it waits for anew. */
  private static void kill(Process pod) throws Exception {
    List<ProcessHandle> children = pod.descendants().toList();
    pod.destroyForcibly().waitFor();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private Path log(String uid) {
    return place.resolve(uid + ".log");
  }

  private Process beginPod(String uid) throws Exception {
    Process pod =
        CommandRun.start(
            log(uid),
            "setpriv",
            "--bounding-set=-all",
            "--inh-caps=-all",
            "--no-new-privs",
            "--clear-groups",
            "env",
            "HOST_ROOT=" + node.directory,
            "CRIU_BRIDGE=" + COMMAND.toAbsolutePath().normalize(),
            "OWNER=" + uid,
            ENTRYPOINT.toAbsolutePath().normalize().toString());
    pods.add(pod);
    return pod;
  }

  private Process startPod(String uid) throws Exception {
    Process pod = beginPod(uid);
    Path log = log(uid);
    while (!Files.readString(log).contains("removed again when this pod ends")) {
      assertThat(pod.isAlive()).as(() -> log + ": " + text(log)).isTrue();
      Thread.sleep(50);
    }
    return pod;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  private static void end(Process pod) throws Exception {
    List<ProcessHandle> children = pod.descendants().toList();
    pod.destroy();
    assertThat(pod.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(pod.exitValue()).isZero();
    assertThat(children).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void pod_installsWithoutCapabilities_andRemovesWhenItEnds() throws Exception {
    var before = node.everything();
    Process pod = startPod("pod-1");
    assertThat(node.read("etc/criu/runc.conf")).isEqualTo("tcp-established\n" + LINE);
    assertThat(Files.readSymbolicLink(node.path("usr/lib/criu/criu_bridge.so")))
        .hasToString("/opt/criu-bridge/lib/criu-bridge/lib/criu/criu_bridge.so");
    end(pod);
    assertThat(node.everything()).isEqualTo(before);
  }

  @Test
  void podThatEndsWhileItInstalls_leavesNothing() throws Exception {
    var before = node.everything();
    Process pod = beginPod("pod-1");
    while (node.everything().equals(before)) {
      assertThat(pod.isAlive()).isTrue();
      Thread.sleep(5);
    }
    end(pod);
    assertThat(node.everything()).isEqualTo(before);
  }

  @Test
  void podThatIsReplaced_leavesTheNodeToItsSuccessor() throws Exception {
    Process first = startPod("pod-1");
    Process second = startPod("pod-2");
    end(first);
    assertThat(node.read("etc/criu/runc.conf")).isEqualTo("tcp-established\n" + LINE);
    assertThat(InstallCheck.of(node.root)).allMatch(InstallCheck.Finding::ok);
    end(second);
    assertThat(node.read("etc/criu/runc.conf")).isEqualTo("tcp-established\n");
  }

  @Test
  void podThatWasKilled_isFollowedByOneThatRemovesAllTheSame() throws Exception {
    var before = node.everything();
    Process killed = startPod("pod-1");
    kill(killed);
    assertThat(node.read("etc/criu/runc.conf")).endsWith(LINE);
    end(startPod("pod-2"));
    assertThat(node.everything()).isEqualTo(before);
  }
}
