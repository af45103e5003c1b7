// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.bench;

import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.sys.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Reads the mounts of this process, in a mount namespace that holds {@link #mounts} of them; see
 * scripts/benches/core, which makes the namespace.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ReadMountInfoBench {

  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

  @Param("5000")
  private int mounts;

  private int self;

  @Setup
  public void mount() throws IOException {
    self = Math.toIntExact(ProcessHandle.current().pid());
    Path directory = Path.of(System.getenv("CRIU_BRIDGE_BENCH_MOUNTS"));
    for (int i = MountTable.read(ProcFs.HOST, self).mounts().size(); i < mounts; i++) {
      Path place = Files.createDirectory(directory.resolve("mount point " + i));
      Mounts.mount("volume", place, "tmpfs", Mounts.MS_NOSUID | Mounts.MS_NODEV, "mode=755");
    }
  }

  @Benchmark
  public MountTable read() throws IOException {
    MountTable table = MountTable.read(ProcFs.HOST, self);
    if (table.mounts().size() != mounts) {
      throw new IllegalStateException(table.mounts().size() + " mounts");
    }
    return table;
  }

  /** What the kernel takes of it. */
  @Benchmark
  public byte[] bytesOnly() throws IOException {
    return Files.readAllBytes(MOUNTINFO);
  }
}
