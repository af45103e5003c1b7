// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.PhaseFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a /proc of its own, where this program has mounts of its own, as in a pod. */
class PlaceholderTest {

  private static final int SELF = (int) ProcessHandle.current().pid();
  private static final int OTHER = SELF + 1;

  @TempDir private Path proc;

  @BeforeEach
  void hostAndThisProgram() throws IOException {
    process(1, "host", "host", "1");
    process(SELF, "host", "pod", Integer.toString(SELF));
  }

  private void process(int pid, String pidNamespace, String mountNamespace, String nsPids)
      throws IOException {
    Path directory = Files.createDirectories(proc.resolve(pid + "/ns")).getParent();
    Files.createSymbolicLink(directory.resolve("ns/pid"), namespace("pid", pidNamespace));
    Files.createSymbolicLink(directory.resolve("ns/mnt"), namespace("mnt", mountNamespace));
    Files.writeString(directory.resolve("status"), "Name:\tapp\nNSpid:\t" + nsPids + "\n");
    Files.writeString(directory.resolve("stat"), pid + " (app) S" + " 7".repeat(49) + "\n");
  }

  private static Path namespace(String kind, String name) {
    return Path.of(kind + ":[" + Integer.toUnsignedLong(name.hashCode()) + "]");
  }

  private void requireContainer(int pid) throws IOException {
    ProcFs procFs = new ProcFs(proc);
    new Placeholder(procFs, ProcessIdentity.of(procFs, pid)).requireContainer();
  }

  private void assertRefused(int pid, String why) {
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(() -> requireContainer(pid))
        .withMessageContaining("pid " + pid + " (app) is no container to restore into: " + why)
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(PhaseFailure.CONFIG));
  }

  @Test
  void requireContainer_firstProcessOfOne_isOne() throws IOException {
    process(OTHER, "container", "container", OTHER + "\t1");
    requireContainer(OTHER);
  }

  @Test
  void requireContainer_firstProcessOfTheMachine_isNone() {
    assertRefused(1, "it is this machine's own first process");
  }

  @Test
  void requireContainer_processOfTheMachine_isNone() throws IOException {
    process(OTHER, "host", "service", Integer.toString(OTHER));
    assertRefused(OTHER, "it is a process of this machine");
  }

  @Test
  void requireContainer_laterProcessOfAContainer_isNone() throws IOException {
    process(OTHER, "container", "container", OTHER + "\t12");
    assertRefused(OTHER, "it is process 12 of its container");
  }

  @Test
  void requireContainer_mountsOfThisProgram_isNone() throws IOException {
    process(OTHER, "container", "pod", OTHER + "\t1");
    assertRefused(OTHER, "it has this machine's mounts");
  }

  @Test
  void requireContainer_mountsOfTheMachine_isNone() throws IOException {
    process(OTHER, "container", "host", OTHER + "\t1");
    assertRefused(OTHER, "it has this machine's mounts");
  }

  @Test
  void requireContainer_laterProcessOfThatPid_isNone() throws IOException {
    process(OTHER, "container", "container", OTHER + "\t1");
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(
            () ->
                new Placeholder(new ProcFs(proc), new ProcessIdentity(OTHER, 6)).requireContainer())
        .withMessageContaining("has ended");
  }
}
