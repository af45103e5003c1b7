// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

  @TempDir private Path temp;

  @Test
  void tryLock_twice_isHadOnceUntilClosed() throws IOException {
    try (DirectoryLock lock = DirectoryLock.tryLock(temp).orElseThrow()) {
      assertThat(DirectoryLock.tryLock(temp)).isEmpty();
      assertThat(lock.isAt(temp)).isTrue();
    }
    DirectoryLock.tryLock(temp).orElseThrow().close();
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void isAt_directoryThatWasRemovedOrMadeAnew_isNot() throws IOException {
    Path directory = Files.createDirectory(temp.resolve("directory"));
    try (DirectoryLock lock = DirectoryLock.tryLock(directory).orElseThrow()) {
      Files.delete(directory);
      assertThat(lock.isAt(directory)).isFalse();
      Files.createDirectory(directory);
      assertThat(lock.isAt(directory)).isFalse();
    }
  }
}
