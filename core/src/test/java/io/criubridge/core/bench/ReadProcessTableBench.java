// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.bench;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Reads all processes of a PID namespace that holds {@link #processes} sleeping ones; see
 * scripts/benches/core, which starts them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ReadProcessTableBench {

  private static final List<String> FILES = List.of("stat", "status", "cmdline");

  @Param("5000")
  private int processes;

  @Setup
  public void count() throws IOException {
    if (ProcFs.HOST.pids().size() < processes) {
      throw new IllegalStateException("only " + ProcFs.HOST.pids().size() + " processes");
    }
  }

  @Benchmark
  public ProcessTable readAll() throws IOException {
    ProcessTable table = ProcessTable.readAll(ProcFs.HOST);
    if (table.processes().size() < processes) {
      throw new IllegalStateException(table.processes().size() + " processes");
    }
    return table;
  }

  /** The same files by their paths, as one reads files in Java, and nothing made of them. */
  @Benchmark
  public void bytesByPath(Blackhole sink) throws IOException {
    for (int pid : ProcFs.HOST.pids()) {
      Path process = Path.of("/proc", Integer.toString(pid));
      for (String file : FILES) {
        sink.consume(Files.readAllBytes(process.resolve(file)));
      }
      sink.consume(Files.readSymbolicLink(process.resolve("ns/pid")));
    }
  }
}
