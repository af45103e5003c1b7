// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import io.criubridge.images.ImageFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files that hold pages, a few of them open at a time. */
final class PageFiles implements Closeable {
  private static final int MOST_OPEN = 16;
  private static final int BUFFER_BYTES = 1 << 18;

  private final Map<Path, FileChannel> open = new LinkedHashMap<>(MOST_OPEN, 0.75f, true);
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  /**
   * Gives the bytes of some pages.
   *
   * @throws ImageFormatException if the file does not hold them, or is none
   */
  void copy(Extent extent, MemorySink sink) throws IOException {
    FileChannel channel = channel(extent.pages());
    long size = channel.size();
    if (extent.offset() < 0 || extent.offset() > size || extent.bytes() > size - extent.offset()) {
      throw new ImageFormatException(
          extent.pages(),
          extent.offset(),
          Long.toUnsignedString(extent.bytes()) + " bytes of pages",
          "a file of " + size);
    }
    for (long done = 0; done < extent.bytes(); ) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, extent.bytes() - done));
      int count = channel.read(buffer, extent.offset() + done);
      if (count < 0) {
        throw new ImageFormatException(
            extent.pages(), extent.offset() + done, "a page", "the end of the file");
      }
      sink.accept(extent.start() + done, buffer.flip());
      done += count;
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : open.values()) {
      channel.close();
    }
  }

  private FileChannel channel(Path file) throws IOException {
    FileChannel known = open.get(file);
    if (known != null) {
      return known;
    }
    // A link could lead anywhere, and opening a fifo waits for a writer.
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ImageFormatException(file, 0, "a file of pages", "none");
    }
    if (open.size() == MOST_OPEN) {
      Iterator<FileChannel> oldest = open.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
    FileChannel channel = FileChannel.open(file, LinkOption.NOFOLLOW_LINKS);
    open.put(file, channel);
    return channel;
  }
}
