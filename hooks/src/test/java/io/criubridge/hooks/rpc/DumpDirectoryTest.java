// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.hooks.PhaseFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpDirectoryTest {

  @TempDir private Path temp;

  @Test
  void claim_whileAnotherHasIt_isRefusedAndTouchesNothing() throws IOException {
    Path path = temp.resolve("images");
    try (DumpDirectory first = DumpDirectory.claim(path)) {
      Files.createFile(first.path().resolve(DumpDirectory.LOG));
      assertThatExceptionOfType(PhaseFailure.class)
          .isThrownBy(() -> DumpDirectory.claim(path))
          .withMessageContaining("another checkpoint is being made");
      assertThat(path).isDirectoryContaining("glob:**" + DumpDirectory.LOG);
    }
    DumpDirectory.claim(path).close();
  }

  @Test
  void claim_leavingsOfADumpThatFailedOrWasKilled_goAway() throws IOException {
    for (String name : new String[] {"dump.log", ".rootfs-diff.tar.criu-bridge.tmp"}) {
      Files.createFile(temp.resolve(name));
    }
    DumpDirectory.claim(temp).close();
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void claim_directoryWithSomethingElse_isRefusedAndTouchesNothing() throws IOException {
    for (String name : new String[] {"dump.log", ".x.criu-bridge.tmp", "inventory.img"}) {
      Files.createFile(temp.resolve(name));
    }
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(() -> DumpDirectory.claim(temp))
        .withMessageContaining("is not empty");
    assertThat(temp.toFile().list()).hasSize(3);
    Files.delete(temp.resolve("inventory.img"));
    DumpDirectory.claim(temp).close();
  }

  @Test
  void keepReasons_leavesTheLogOnly() throws IOException {
    try (DumpDirectory directory = DumpDirectory.claim(temp.resolve("images"))) {
      for (String name : new String[] {"dump.log", ".x.criu-bridge.tmp", "inventory.img"}) {
        Files.createFile(directory.path().resolve(name));
      }
      directory.keepReasons();
      assertThat(directory.path().toFile().list()).containsExactly("dump.log");
      directory.abandon();
      assertThat(directory.path()).doesNotExist();
    }
  }
}
