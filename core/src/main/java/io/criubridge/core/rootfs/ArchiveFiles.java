// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads an archive, plain or compressed with gzip or zstd, that is a parcel of files and no file
 * system: regular files and directories, nothing else.
 */
public final class ArchiveFiles {

  /** Is given each file in the archive's order. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes one file.
     *
     * @param path in the archive, never above its root
     * @param content at most as long as the archive says; what is not read is skipped
     */
    void file(BytePath path, InputStream content) throws IOException;

    /**
     * Is told of what is no plain file, for which the archive is refused then.
     *
     * @throws IOException with a better reason than that
     */
    default void stranger(BytePath path) throws IOException {}
  }

  private ArchiveFiles() {}

  /**
   * Reads all files.
   *
   * @throws TarFormatException if the archive is damaged, beyond a limit, or has a link, a device
   *     or a file with holes, naming it
   */
  public static void read(Path archive, ArchiveLimits limits, Visitor visitor) throws IOException {
    try (ArchiveInput in = ArchiveInput.open(archive, StaleMembers.NONE)) {
      TarReader reader = new TarReader(in, limits);
      for (Optional<TarMember> next = reader.next(); next.isPresent(); next = reader.next()) {
        TarMember member = next.get();
        if (member.type() == TarType.DIRECTORY) {
          continue;
        }
        if (member.type() != TarType.REGULAR || member.content().size() != reader.dataLeft()) {
          visitor.stranger(member.path());
          throw new TarFormatException(
              member.path().text(), "is no plain file, which alone belong here");
        }
        visitor.file(member.path(), new Content(reader));
      }
    }
  }

  /** The data of the member that the reader is at. */
  private static final class Content extends InputStream {
    private final TarReader reader;
    private final byte[] one = new byte[1];

    Content(TarReader reader) {
      this.reader = reader;
    }

    @Override
    public int read() throws IOException {
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int count = (int) Math.min(length, reader.dataLeft());
      if (count == 0) {
        return -1;
      }
      byte[] part = offset == 0 ? bytes : new byte[count];
      reader.readData(part, count);
      if (offset != 0) {
        System.arraycopy(part, 0, bytes, offset, count);
      }
      return count;
    }
  }
}
