// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
  private final ProcFs container = RecordedProc.of("runc-container");

  @Test
  void readAll_runcContainer_orderedByInnermostPid() throws IOException {
    ProcessTable table = ProcessTable.readAll(container);
    assertThat(table.processes())
        .isSortedAccordingTo((a, b) -> Integer.compare(a.innermostPid(), b.innermostPid()))
        .extracting(ProcessDetails::comm)
        .containsExactly("sh", "sleep", "sleep", "sleep");
    ProcessDetails init = table.processes().get(0);
    assertThat(init.innermostPid()).isEqualTo(1);
    assertThat(init.outermostPid()).isEqualTo(init.observedPid());
    assertThat(init.namespaceDepth()).isEqualTo(2);
    assertThat(init.commandLine())
        .containsExactly("/bin/sh", "-c", "sleep 1001 & sleep 1002 & wait");
    assertThat(table.find(init.observedPid())).hasValue(init);
  }

  @Test
  void read_vanishedProcess_isLeftOut() throws IOException {
    List<Integer> pids = new ArrayList<>(container.pids());
    pids.add(999_999);
    assertThat(ProcessTable.read(container, pids).processes()).hasSize(4);
  }

  @Test
  void read_damagedProcess_isNotLeftOut(@TempDir Path proc) throws IOException {
    Path process = Files.createDirectories(proc.resolve("77"));
    Files.writeString(process.resolve("stat"), "77 (x) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9 0");
    ProcFs procFs = new ProcFs(proc);
    assertThatExceptionOfType(ProcReadException.class)
        .isThrownBy(() -> ProcessTable.readAll(procFs))
        .withMessageContaining("77/status: ENOENT (No such file or directory) [pid=77]")
        .isNotInstanceOf(ProcessGoneException.class);
    Files.writeString(process.resolve("status"), "Name:\tx\n");
    assertThatExceptionOfType(ProcFormatException.class)
        .isThrownBy(() -> ProcessTable.readAll(procFs))
        .withMessageContaining("no line NSpid:");
  }

  @Test
  void readIfPresent_argumentsThatAreNoText() throws IOException {
    ProcessDetails shell =
        RecordedProc.only(RecordedProc.of("process-states"), p -> p.comm().equals("sh"));
    assertThat(shell.commandLine()).containsExactly("sh", "-c", "sleep 1010; true", "", "\udcff");
  }

  @Test
  void read_zombie_hasNoArgumentsButANamespace() throws IOException {
    ProcFs states = RecordedProc.of("process-states");
    assertThat(ProcessTable.readAll(states).processes())
        .filteredOn(p -> p.state() == 'Z')
        .hasSize(2)
        .allMatch(p -> p.commandLine().isEmpty() && p.pidNamespaceInode() > 0);
  }

  @Test
  void namespacePids_crioContainer() throws IOException {
    assertThat(NamespacePids.read(RecordedProc.of("crio-container"), 20116))
        .containsExactly(20116, 1);
  }
}
