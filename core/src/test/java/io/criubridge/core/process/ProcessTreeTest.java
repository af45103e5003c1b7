// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessGoneException;
import io.criubridge.core.proc.ProcessTable;
import io.criubridge.core.proc.RecordedProc;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  private final ProcFs container = RecordedProc.of("runc-container");
  private final ProcFs nested = RecordedProc.of("nested-pidns");

  @Test
  void pids_container_withoutTheProcessPutIntoIt() throws IOException {
    int init = RecordedProc.only(container, p -> p.innermostPid() == 1).observedPid();
    assertThat(comms(container, ProcessTree.pids(container, init)))
        .containsExactly("sh", "sleep", "sleep");
  }

  @Test
  void pids_parentsFirst() throws IOException {
    int top = RecordedProc.only(nested, p -> p.namespaceDepth() == 1).observedPid();
    List<Integer> pids = ProcessTree.pids(nested, top);
    assertThat(pids).startsWith(top).containsExactlyInAnyOrderElementsOf(nested.pids());
    for (ProcessDetails process : ProcessTable.read(nested, pids).processes()) {
      if (process.observedPid() != top) {
        assertThat(pids).containsSubsequence(process.parentPid(), process.observedPid());
      }
    }
  }

  @Test
  void pids_childOfASecondThread_andZombies() throws IOException {
    ProcFs states = RecordedProc.of("process-states");
    ProcessDetails top = RecordedProc.only(states, p -> p.commandLine().contains("-"));
    assertThat(ProcessTree.pids(states, top.observedPid()))
        .containsExactlyInAnyOrderElementsOf(states.pids());
  }

  @Test
  void pids_noSuchProcess_isGone() {
    assertThatExceptionOfType(ProcessGoneException.class)
        .isThrownBy(() -> ProcessTree.pids(container, 999_999));
  }

  @Test
  void pidsInNamespaceOf_container_withTheProcessPutIntoIt() throws IOException {
    int init = RecordedProc.only(container, p -> p.innermostPid() == 1).observedPid();
    assertThat(ProcessTree.pidsInNamespaceOf(container, init))
        .containsExactlyElementsOf(container.pids());
  }

  @Test
  void pidsInNamespaceOf_reachesNamespacesBelowNotAbove() throws IOException {
    int middle =
        RecordedProc.only(nested, p -> p.namespaceDepth() == 2 && p.innermostPid() == 1)
            .observedPid();
    List<Integer> pids = ProcessTree.pidsInNamespaceOf(nested, middle);
    assertThat(ProcessTable.read(nested, pids).processes())
        .extracting(ProcessDetails::namespaceDepth)
        .containsExactlyInAnyOrder(2, 2, 2, 3, 3, 3);
  }

  private static List<String> comms(ProcFs procFs, List<Integer> pids) throws IOException {
    return ProcessTable.read(procFs, pids).processes().stream().map(ProcessDetails::comm).toList();
  }
}
