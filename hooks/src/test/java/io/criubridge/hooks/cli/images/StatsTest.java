// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.proto.restore_stats_entry;
import io.criubridge.images.proto.stats_entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What CRIU measured of a restore; of a dump: {@link ImagesCommandTest}. */
class StatsTest {
  @TempDir private Path place;

  @Test
  void restore_isShownInUnitsAndForPrograms() throws IOException {
    restoreStats();
    assertThat(Ran.images("stats", place.toString()).lines())
        .containsExactly(
            "restore",
            "  forking        1.2 ms",
            "  restoring      4294967.3 ms",
            "  pages compared 7",
            "  pages shared   3",
            "  pages restored 4");
    JsonObject json = Ran.images("stats", place.toString(), "--json").json().getAsJsonObject();
    assertThat(json.get("dump").isJsonNull()).isTrue();
    assertThat(json.get("restore"))
        .isEqualTo(
            JsonParser.parseString(
                "{forkingMicros: 1200, restoringMicros: 4294967295, pagesCompared: 7,"
                    + " pagesShared: 3, pagesRestored: 4}"));
  }

  @Test
  void directoryWithoutStatistics_isNamed() {
    assertThat(Ran.images("stats", place.toString()).err())
        .contains(place + ": holds neither stats-dump nor stats-restore");
  }

  /** The time of the restore is the longest that CRIU can count. */
  private void restoreStats() throws IOException {
    restore_stats_entry restore =
        restore_stats_entry
            .newBuilder()
            .setForkingTime(1200)
            .setRestoreTime(-1)
            .setPagesCompared(7)
            .setPagesSkippedCow(3)
            .setPagesRestored(4)
            .build();
    Path file = place.resolve(ImageType.STATS.fileName().name("restore"));
    try (ImageWriter writer = new ImageWriter(Files.newOutputStream(file), ImageType.STATS)) {
      writer.write(stats_entry.newBuilder().setRestore(restore).build());
    }
  }
}
