// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsWatchTest {

  @TempDir private Path temp;
  private Path work;

  @BeforeEach
  void make() throws IOException {
    work = Files.createDirectory(temp.resolve("work"));
  }

  @Test
  void statsThatAreThere_areSeen() throws IOException {
    try (StatsWatch watch = StatsWatch.of(work)) {
      Files.writeString(work.resolve("stats-dump"), "x");
      assertThat(watch.sawStats()).isTrue();
    }
  }

  @Test
  void statsRemovedWithTheirDirectory_wereSeen() throws IOException {
    try (StatsWatch watch = StatsWatch.of(work)) {
      Files.writeString(work.resolve("dump.log"), "x");
      Files.writeString(work.resolve("stats-dump"), "x");
      Files.delete(work.resolve("stats-dump"));
      Files.delete(work.resolve("dump.log"));
      Files.delete(work);
      assertThat(watch.sawStats()).isTrue();
    }
  }

  @Test
  void otherFiles_areNoStats() throws IOException {
    try (StatsWatch watch = StatsWatch.of(work)) {
      Files.writeString(work.resolve("dump.log"), "x");
      assertThat(watch.sawStats()).isFalse();
    }
  }
}
