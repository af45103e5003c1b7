// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcNamespacesTest {

  @Test
  void same_containerAndProcessPutIntoIt() throws IOException {
    ProcFs container = RecordedProc.of("runc-container");
    int init = RecordedProc.only(container, p -> p.innermostPid() == 1).observedPid();
    int exec = RecordedProc.only(container, p -> p.commandLine().contains("1003")).observedPid();
    ProcNamespaces namespaces = new ProcNamespaces(container);
    assertThat(namespaces.same(init, exec, NamespaceKind.NET)).isTrue();
    assertThat(namespaces.link(init, NamespaceKind.NET))
        .isEqualTo("net:[" + namespaces.inode(init, NamespaceKind.NET) + "]");
  }

  @Test
  void same_nestedPidNamespaces_differ() throws IOException {
    ProcFs nested = RecordedProc.of("nested-pidns");
    int middle =
        RecordedProc.only(nested, p -> p.namespaceDepth() == 2 && p.innermostPid() == 1)
            .observedPid();
    int inner =
        RecordedProc.only(nested, p -> p.namespaceDepth() == 3 && p.innermostPid() == 1)
            .observedPid();
    ProcNamespaces namespaces = new ProcNamespaces(nested);
    assertThat(namespaces.same(middle, inner, NamespaceKind.PID)).isFalse();
    assertThat(namespaces.same(middle, inner, NamespaceKind.NET)).isTrue();
  }

  @Test
  void inode_notANamespaceLink_isNamed(@TempDir Path proc) throws IOException {
    Path ns = Files.createDirectories(proc.resolve("5/ns"));
    Files.createSymbolicLink(ns.resolve("net"), Path.of("/etc"));
    assertThatExceptionOfType(ProcFormatException.class)
        .isThrownBy(() -> new ProcNamespaces(new ProcFs(proc)).inode(5, NamespaceKind.NET))
        .withMessageContaining("5/ns/net");
  }

  @Test
  void inode_noSuchProcess_isGone(@TempDir Path proc) {
    assertThatExceptionOfType(ProcessGoneException.class)
        .isThrownBy(() -> new ProcNamespaces(new ProcFs(proc)).inode(5, NamespaceKind.NET));
  }
}
