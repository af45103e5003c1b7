// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.process.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root: makes mount namespaces, one in the other. */
class StandardStreamsIT {

  @TempDir private Path temp;

  @Test
  void find_onlyFilesOfTheHostItself() throws IOException {
    Path log = Files.createFile(temp.resolve("log"));
    Path secret = Files.writeString(temp.resolve("secret"), "of the host");
    String nested = "exec sleep 1000 <" + secret + " >/dev/null";
    Process container =
        new ProcessBuilder("unshare", "-m", "sh", "-c", "unshare -m sh -c '" + nested + "' & wait")
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      int pid = (int) container.pid();
      awaitSleep(pid);
      ProcFs proc = ProcFs.HOST;
      DumpTarget target =
          new DumpTarget(
              "test",
              ProcessIdentity.of(proc, pid),
              true,
              MountTable.read(proc, pid),
              MountTable.read(proc, (int) ProcessHandle.current().pid()),
              new ContainerLookup.NotFound(List.of()));
      List<StreamRecord> streams = StandardStreams.find(proc, target);
      assertThat(streams).extracting(StreamRecord::path).containsExactly(log.toString());
      assertThat(streams.get(0).names()).containsExactly("stdout");
      assertThat(streams.get(0).flags()).isEqualTo(01 | 02000);
    } finally {
      container.descendants().forEach(ProcessHandle::destroyForcibly);
      container.destroyForcibly();
    }
  }

  private static void awaitSleep(int pid) throws IOException {
    for (int i = 0; i < 500; i++) {
      for (int child : ProcessTree.pids(ProcFs.HOST, pid)) {
        if (Files.readString(Path.of("/proc/" + child + "/comm")).equals("sleep\n")) {
          return;
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    throw new AssertionError("the nested process did not start");
  }
}
