// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.bench;

import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import io.criubridge.core.process.DumpedProcess;
import io.criubridge.core.process.NestedNamespaces;
import io.criubridge.core.process.PidRemap;
import io.criubridge.core.process.PidRemapException;
import io.criubridge.core.process.TwoNamespacePidRemap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Maps the PIDs of a restored tree, each process with eight children. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PidRemapBench {

  private static final int FIRST_PID = 500_000;
  private static final int CHILDREN = 8;
  private static final long NAMESPACE = 4_026_532_000L;

  @Param("100000")
  private int processes;

  private ProcessTable restored = new ProcessTable(List.of());
  private List<DumpedProcess> dumped = List.of();
  private List<Integer> pids = List.of();

  @Setup
  public void makeTree() {
    List<ProcessDetails> tree = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      int parent = i == 0 ? 1 : FIRST_PID + (i - 1) / CHILDREN;
      int pid = FIRST_PID + i;
      List<Integer> pids = List.of(pid, i + 1);
      tree.add(new ProcessDetails(pid, pids, parent, 'S', "x", List.of("x"), i, NAMESPACE));
    }
    restored = new ProcessTable(tree);
    dumped = tree.stream().map(p -> new DumpedProcess(p.innermostPid(), p.comm())).toList();
    pids = dumped.stream().map(DumpedProcess::innermostPid).toList();
  }

  @Benchmark
  public Map<Integer, Integer> byNamespace() throws PidRemapException {
    return PidRemap.resolve(dumped, restored, NAMESPACE, NestedNamespaces.IGNORE);
  }

  @Benchmark
  public Map<Integer, Integer> withNested() throws PidRemapException {
    return PidRemap.resolve(dumped, restored, NAMESPACE, NestedNamespaces.INCLUDE);
  }

  /** The reference's way. */
  @Benchmark
  public List<Integer> byTree() throws PidRemapException {
    return TwoNamespacePidRemap.resolve(restored, FIRST_PID, pids);
  }
}
