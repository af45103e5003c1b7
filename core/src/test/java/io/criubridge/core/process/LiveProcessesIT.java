// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.proc.DeadProcessException;
import io.criubridge.core.proc.NamespaceKind;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcNamespaces;
import io.criubridge.core.proc.ProcStat;
import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessGoneException;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.proc.ProcessTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Needs root, for new PID namespaces. */
class LiveProcessesIT {
  private static final int SELF = Math.toIntExact(ProcessHandle.current().pid());

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stop() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void read_whileProcessesComeAndGo_neverFails() throws Exception {
    for (int i = 0; i < 3; i++) {
      start("sh", "-c", "while :; do /bin/true & /bin/true; done");
    }
    for (int round = 0; round < 300; round++) {
      List<Integer> pids = ProcessTree.pids(ProcFs.HOST, SELF);
      assertThat(ProcessTable.read(ProcFs.HOST, pids).find(SELF)).isPresent();
    }
  }

  @Test
  void pids_childOfAnotherThread() throws Exception {
    List<Process> children = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              try {
                children.add(start("sleep", "60"));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    other.start();
    other.join();
    assertThat(ProcessTree.pids(ProcFs.HOST, SELF)).contains((int) children.get(0).pid());
  }

  @Test
  void pidsInNamespaceOf_findsWhatWasPutIn_andRemapFindsItsPid() throws Exception {
    Process unshare = start("unshare", "-fp", "sleep", "60");
    int init = onlyDescendant(unshare, "sleep");
    Process nsenter = start("nsenter", "-t", Integer.toString(init), "-p", "sleep", "60");
    int entered = onlyDescendant(nsenter, "sleep");

    assertThat(ProcessTree.pids(ProcFs.HOST, init)).containsExactly(init);
    List<Integer> pids = ProcessTree.pidsInNamespaceOf(ProcFs.HOST, init);
    assertThat(pids).containsExactlyInAnyOrder(init, entered);

    ProcessTable table = ProcessTable.read(ProcFs.HOST, pids);
    ProcessDetails second = table.find(entered).orElseThrow();
    long namespace = new ProcNamespaces(ProcFs.HOST).inode(init, NamespaceKind.PID);
    assertThat(
            PidRemap.resolve(
                List.of(
                    new DumpedProcess(1, "sleep"),
                    new DumpedProcess(second.innermostPid(), "sleep")),
                table,
                namespace,
                NestedNamespaces.IGNORE))
        .containsExactlyInAnyOrderEntriesOf(Map.of(1, init, second.innermostPid(), entered));
  }

  @Test
  void processDetails_throughAnotherProcFs_areRelativeToIt() throws Exception {
    Process unshare =
        start("unshare", "-fp", "--mount-proc", "sh", "-c", "while :; do sleep 60; done");
    int shell = onlyDescendant(unshare, "sh");
    ProcFs inner = new ProcFs(ProcFs.HOST.path(shell, "root/proc"));
    // --mount-proc mounts after the namespace was made; its shell is 1 in it.
    ProcessDetails seenInside = ProcessDetails.read(inner, 1);
    assertThat(seenInside.namespacePids()).containsExactly(1);
    assertThat(seenInside.parentPid()).isZero();
    assertThat(ProcessDetails.read(ProcFs.HOST, shell).namespacePids()).containsExactly(shell, 1);
    assertThat(seenInside.pidNamespaceInode())
        .isEqualTo(ProcessDetails.read(ProcFs.HOST, shell).pidNamespaceInode());
  }

  @Test
  void requireAlive_zombieAndGone() throws Exception {
    Process shell = start("sh", "-c", "(exit 7) & exec sleep 60");
    int zombie = waitForState(onlyChild(shell), 'Z');
    assertThatExceptionOfType(DeadProcessException.class)
        .isThrownBy(() -> ProcStat.requireAlive(ProcFs.HOST, zombie))
        .withMessageContaining("state Z, exit code 7");
    ProcessIdentity identity = ProcessIdentity.of(ProcFs.HOST, (int) shell.pid());
    assertThat(identity.isAlive(ProcFs.HOST)).isTrue();
    shell.destroyForcibly().waitFor();
    assertThat(identity.isAlive(ProcFs.HOST)).isFalse();
    assertThatExceptionOfType(ProcessGoneException.class)
        .isThrownBy(() -> ProcStat.requireAlive(ProcFs.HOST, identity.pid()));
  }

  private Process start(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("/dev/null").toFile())
            .start();
    synchronized (started) {
      started.add(process);
    }
    return process;
  }

  private static int onlyDescendant(Process process, String comm) throws Exception {
    for (int attempt = 0; attempt < 200; attempt++) {
      for (int pid : ProcessTree.pids(ProcFs.HOST, (int) process.pid())) {
        ProcStat stat = ProcStat.read(ProcFs.HOST, pid);
        if (stat.comm().equals(comm) && pid != process.pid()) {
          return pid;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("no process " + comm + " below " + process.pid());
  }

  private static int onlyChild(Process process) throws Exception {
    for (int attempt = 0; attempt < 200; attempt++) {
      List<Integer> pids = ProcessTree.pids(ProcFs.HOST, (int) process.pid());
      if (pids.size() == 2) {
        return pids.get(1);
      }
      Thread.sleep(20);
    }
    throw new AssertionError("no child of " + process.pid());
  }

  private static int waitForState(int pid, char state) throws Exception {
    for (int attempt = 0; attempt < 200; attempt++) {
      if (ProcStat.read(ProcFs.HOST, pid).state() == state) {
        return pid;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("process " + pid + " never was in state " + state);
  }
}
