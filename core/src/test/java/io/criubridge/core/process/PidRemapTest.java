// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import io.criubridge.core.proc.RecordedProc;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PidRemapTest {
  private static final long ROOT = 100;

  @Test
  void resolve_recordedContainer() throws IOException {
    ProcFs container = RecordedProc.of("runc-container");
    ProcessTable table = ProcessTable.readAll(container);
    long namespace = table.processes().get(0).pidNamespaceInode();
    List<DumpedProcess> dumped =
        table.processes().stream().map(p -> new DumpedProcess(p.innermostPid(), p.comm())).toList();
    Map<Integer, Integer> remap =
        PidRemap.resolve(dumped, table, namespace, NestedNamespaces.IGNORE);
    assertThat(remap).hasSize(4);
    table
        .processes()
        .forEach(p -> assertThat(remap).containsEntry(p.innermostPid(), p.observedPid()));
  }

  @Test
  void resolve_recordedRestoreOneNamespaceDeeper() throws IOException {
    ProcessTable before = ProcessTable.readAll(RecordedProc.of("runc-dumped"));
    ProcessTable after = ProcessTable.readAll(RecordedProc.of("runc-restored-deeper"));
    assertThat(before.processes()).hasSize(3).allMatch(p -> p.namespaceDepth() == 2);
    assertThat(after.processes()).hasSize(3).allMatch(p -> p.namespaceDepth() == 3);
    List<DumpedProcess> dumped =
        before.processes().stream()
            .map(p -> new DumpedProcess(p.innermostPid(), p.comm()))
            .toList();
    long namespace = after.processes().get(0).pidNamespaceInode();
    Map<Integer, Integer> remap =
        PidRemap.resolve(dumped, after, namespace, NestedNamespaces.IGNORE);
    for (ProcessDetails process : before.processes()) {
      ProcessDetails restored = after.find(remap.get(process.innermostPid())).orElseThrow();
      assertThat(restored.commandLine()).isEqualTo(process.commandLine());
    }
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(
            () ->
                TwoNamespacePidRemap.resolve(
                    after, after.processes().get(0).observedPid(), List.of(1)))
        .withMessageContaining("is in 3 PID namespaces, not 2");
  }

  @Test
  void resolve_anyDepthOfTheRoot() throws IOException {
    for (List<Integer> outer : List.<List<Integer>>of(List.of(), List.of(70), List.of(70, 7))) {
      ProcessTable table =
          new ProcessTable(
              List.of(process(70, 1, ROOT, add(outer, 1)), process(71, 70, ROOT, add(outer, 9))));
      assertThat(
              PidRemap.resolve(List.of(dumped(9), dumped(1)), table, ROOT, NestedNamespaces.IGNORE))
          .containsExactly(Map.entry(9, 71), Map.entry(1, 70));
    }
  }

  @Test
  void resolve_sandboxInTheContainer_isIgnoredOrFoundByItsOuterPid() throws IOException {
    ProcFs nested = RecordedProc.of("nested-pidns");
    ProcessTable table = ProcessTable.readAll(nested);
    ProcessDetails root =
        RecordedProc.only(nested, p -> p.namespaceDepth() == 2 && p.innermostPid() == 1);
    ProcessDetails inner =
        RecordedProc.only(nested, p -> p.namespaceDepth() == 3 && p.innermostPid() == 1);
    long namespace = root.pidNamespaceInode();
    DumpedProcess sandboxed = dumped(inner.namespacePids().get(1));

    assertThat(PidRemap.resolve(List.of(dumped(1)), table, namespace, NestedNamespaces.IGNORE))
        .containsExactly(Map.entry(1, root.observedPid()));
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(
            () -> PidRemap.resolve(List.of(sandboxed), table, namespace, NestedNamespaces.IGNORE));
    assertThat(PidRemap.resolve(List.of(sandboxed), table, namespace, NestedNamespaces.INCLUDE))
        .containsExactly(Map.entry(sandboxed.innermostPid(), inner.observedPid()));
  }

  @Test
  void resolve_otherContainersWithTheSamePids_areNoMatter() throws IOException {
    ProcessTable table =
        new ProcessTable(
            List.of(process(70, 1, ROOT, List.of(70, 1)), process(80, 1, 200, List.of(80, 1))));
    assertThat(PidRemap.resolve(List.of(dumped(1)), table, ROOT, NestedNamespaces.INCLUDE))
        .containsExactly(Map.entry(1, 70));
  }

  @Test
  void resolve_missing_namesAll() {
    ProcessTable table = new ProcessTable(List.of(process(70, 1, ROOT, List.of(70, 1))));
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(
            () ->
                PidRemap.resolve(
                    List.of(dumped(1), dumped(5), dumped(6)), table, ROOT, NestedNamespaces.IGNORE))
        .withMessageContaining("not restored [5 (name), 6 (name)]")
        .satisfies(e -> assertThat(e.missingPids()).containsExactly(5, 6));
  }

  @Test
  void resolve_duplicates_areNamed() {
    ProcessTable table =
        new ProcessTable(
            List.of(process(70, 1, ROOT, List.of(70, 1)), process(71, 70, ROOT, List.of(71, 1))));
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(
            () -> PidRemap.resolve(List.of(dumped(1)), table, ROOT, NestedNamespaces.IGNORE))
        .satisfies(e -> assertThat(e.duplicatePids()).containsExactly(1));
    ProcessTable unique = new ProcessTable(List.of(process(70, 1, ROOT, List.of(70, 1))));
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(
            () ->
                PidRemap.resolve(
                    List.of(dumped(1), dumped(1)), unique, ROOT, NestedNamespaces.IGNORE))
        .satisfies(e -> assertThat(e.duplicatePids()).containsExactly(1));
  }

  @Test
  void resolve_noProcessInTheNamespace_allAreMissing() {
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(
            () ->
                PidRemap.resolve(
                    List.of(dumped(1)),
                    new ProcessTable(List.of()),
                    ROOT,
                    NestedNamespaces.INCLUDE))
        .satisfies(e -> assertThat(e.missingPids()).containsExactly(1));
  }

  private static DumpedProcess dumped(int pid) {
    return new DumpedProcess(pid, "name");
  }

  private static ProcessDetails process(
      int observedPid, int parentPid, long namespace, List<Integer> namespacePids) {
    return new ProcessDetails(
        observedPid, namespacePids, parentPid, 'S', "name", List.of(), 0, namespace);
  }

  private static List<Integer> add(List<Integer> outer, int pid) {
    return Stream.concat(outer.stream(), Stream.of(pid)).toList();
  }
}
