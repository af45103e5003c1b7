// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Syscalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryBatchTest {

  private static final BytePath NEXT = BytePath.of("/next");

  @TempDir Path temp;

  /** Whether one of many members, of a batch that has this one, is taken. */
  private boolean takesMoreAfter(TarBytes archive) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(EntryBatch.BUFFER);
    EntryBatch batch = new EntryBatch(BytePath.ROOT, Syscalls.open(temp, Syscalls.O_PATH), buffer);
    try {
      TarReader reader = new TarReader(new ByteArrayInputStream(archive.bytes()));
      batch.addSmall(reader.next().orElseThrow(), reader);
      return batch.takes(NEXT, 0);
    } finally {
      batch.discard();
    }
  }

  /** So that as many members as there may be in a batch do not add up to gigabytes. */
  @Test
  void takes_noMoreAfterAMemberOfManyAttributes() throws IOException {
    TarBytes usual = new TarBytes().pax("SCHILY.xattr.user.a", "x".repeat(1_000)).file("f", "");
    TarBytes large = new TarBytes().pax("SCHILY.xattr.user.a", "x".repeat(1 << 19)).file("f", "");
    assertThat(takesMoreAfter(usual)).isTrue();
    assertThat(takesMoreAfter(large)).isFalse();
  }
}
