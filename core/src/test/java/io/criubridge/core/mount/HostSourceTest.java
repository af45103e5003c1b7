// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HostSourceTest {

  @Test
  void candidates_bindOfASubdirectory_isFoundBelowEveryMountThatHoldsIt() throws IOException {
    MountTable host =
        Tables.of(
            Tables.HOST,
            "60 27 253:0 /a /mnt/a rw - ext4 /dev/mapper/volume rw\n",
            "61 27 253:0 /ab /mnt/ab rw - ext4 /dev/mapper/volume rw\n");
    assertThat(HostSource.candidates(mount("253:0 /a/b /data rw - ext4 v rw"), host))
        .containsExactly(BytePath.of("/mnt/volume/a/b"), BytePath.of("/mnt/a/b"));
  }

  @Test
  void candidates_wholeFileSystem_isTheHostsMountPoint() throws IOException {
    assertThat(HostSource.candidates(mount("0:41 / /dev/shm rw - tmpfs shm rw"), Tables.host()))
        .containsExactly(
            BytePath.of("/run/containers/storage/overlay-containers/pod/userdata/shm"));
  }

  @Test
  void candidates_partThatTheHostDoesNotMount_areNone() throws IOException {
    MountTable host = Tables.of("60 1 253:0 /a /mnt/a rw - ext4 /dev/mapper/volume rw\n");
    assertThat(HostSource.candidates(mount("253:0 /b /data rw - ext4 v rw"), host)).isEmpty();
    assertThat(HostSource.candidates(mount("253:1 /a /data rw - ext4 v rw"), host)).isEmpty();
  }

  @Test
  void candidates_fileNameThatIsNoText_keepsItsBytes() throws IOException {
    assertThat(HostSource.candidates(mount("253:0 /\u00ff /data rw - ext4 v rw"), Tables.host()))
        .containsExactly(BytePath.ofLatin1("/mnt/volume/\u00ff"));
  }

  private static MountInfo mount(String line) throws IOException {
    return Tables.of("110 100 " + line + "\n").mounts().get(0);
  }
}
