// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps bytes until they are wanted: in memory, or if they are many in a file without a name. */
final class Spool extends OutputStream implements Closeable {
  private static final int MEMORY_BYTES = 1 << 20;

  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable FileChannel channel;
  private @Nullable OutputStream file;

  @Override
  public void write(int one) throws IOException {
    if (memory.size() < MEMORY_BYTES) {
      memory.write(one);
      return;
    }
    file().write(one);
  }

  /** Reads all that was written. */
  InputStream content() throws IOException {
    InputStream first = new ByteArrayInputStream(memory.toByteArray());
    if (channel == null) {
      return first;
    }
    file().flush();
    channel.position(0);
    return new SequenceInputStream(first, Channels.newInputStream(channel));
  }

  private OutputStream file() throws IOException {
    OutputStream open = file;
    if (open == null) {
      Path path = Files.createTempFile("criu-bridge", ".spool");
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      open = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      file = open;
    }
    return open;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
