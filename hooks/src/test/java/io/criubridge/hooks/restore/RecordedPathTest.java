// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criubridge.core.proc.MountTable;
import io.criubridge.hooks.PhaseFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordedPathTest {

  private static MountTable table(String mountinfo) throws IOException {
    return MountTable.parse(mountinfo.getBytes(UTF_8));
  }

  private static void requireMounted(boolean byRecord, String restored) throws IOException {
    MountTable host =
        table(
            """
            20 1 8:1 / / rw - ext4 /dev/sda rw
            21 20 8:2 / /srv rw - ext4 /dev/sdb rw
            """);
    MountSource source =
        new MountSource(
            "/data",
            "/data",
            Optional.of("/srv/volume/data"),
            Optional.of(Path.of("/srv/volume/data")),
            byRecord,
            MountSource.Kind.DIRECTORY);
    String root = "40 1 0:50 / / rw - overlay overlay rw\n";
    RecordedPath.requireMounted(List.of(source), table(root + restored), host);
  }

  @Test
  void requireMounted_itIs() {
    assertThatCode(() -> requireMounted(true, "41 40 8:2 /volume/data /data rw - ext4 x rw\n"))
        .doesNotThrowAnyException();
  }

  @Test
  void requireMounted_underAnother() {
    String stacked =
        "41 40 8:2 /volume/data /data rw - ext4 x rw\n42 41 0:51 / /data rw - tmpfs t rw\n";
    assertThatCode(() -> requireMounted(true, stacked)).doesNotThrowAnyException();
  }

  @Test
  void requireMounted_anotherDirectory_isNamed() {
    assertThatThrownBy(() -> requireMounted(true, "41 40 8:1 /etc /data rw - ext4 x rw\n"))
        .isInstanceOf(PhaseFailure.class)
        .hasMessageContaining("/data: CRIU has mounted /etc there, not /srv/volume/data");
  }

  @Test
  void requireMounted_nothing() {
    assertThatThrownBy(() -> requireMounted(true, "")).isInstanceOf(PhaseFailure.class);
  }

  @Test
  void requireMounted_whatSomebodyNamed_isHisOwn() {
    assertThatCode(() -> requireMounted(false, "41 40 8:1 /etc /data rw - ext4 x rw\n"))
        .doesNotThrowAnyException();
  }
}
