// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Bytes on their way into an archive: gathered, counted, and handed on in large parts. */
final class ArchiveOutput implements AutoCloseable {

  private static final byte[] ZEROS = new byte[1 << 14];

  private final ArchivePipe pipe;
  private final DiffProgress progress;
  private ByteBuffer buffer;
  private long handedOn;

  ArchiveOutput(WritableByteChannel out, DiffProgress progress) throws IOException {
    this.progress = progress;
    pipe = new ArchivePipe(out);
    buffer = pipe.emptyPart();
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, bytes.length);
  }

  private void write(byte[] bytes, int length) throws IOException {
    int at = 0;
    while (at < length) {
      int count = Math.min(length - at, room());
      buffer.put(bytes, at, count);
      at += count;
    }
  }

  /**
   * Copies part of a file.
   *
   * @throws CaptureException if it cannot be read; then {@link #bytes} tells how much was
   */
  void copy(FileContent content, long offset, long length) throws IOException {
    long at = offset;
    while (at < offset + length) {
      int count = (int) Math.min(offset + length - at, room());
      content.read(buffer.slice(buffer.position(), count), at);
      buffer.position(buffer.position() + count);
      at += count;
    }
  }

  /** Writes NUL bytes. */
  void zeros(long count) throws IOException {
    for (long left = count; left > 0; left -= ZEROS.length) {
      write(ZEROS, (int) Math.min(left, ZEROS.length));
    }
  }

  /** Writes NUL until the length is a multiple of a number of bytes. */
  void pad(int multiple) throws IOException {
    zeros(Math.floorMod(-bytes(), (long) multiple));
  }

  /** All that was written so far. */
  long bytes() {
    return handedOn + buffer.position();
  }

  /** Hands everything on and waits until it is written. */
  void flush() throws IOException {
    handedOn += buffer.position();
    pipe.drain(buffer.flip());
    buffer.clear();
  }

  /** Hands everything on and ends the digest, in lower case hexadecimal. */
  String finish() throws IOException {
    flush();
    return pipe.digest();
  }

  private int room() throws IOException {
    if (!buffer.hasRemaining()) {
      // A file may be large, and its disk slow.
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while the archive was written");
      }
      handedOn += buffer.position();
      progress.reached(handedOn);
      pipe.send(buffer.flip());
      buffer = pipe.emptyPart();
    }
    return buffer.remaining();
  }

  @Override
  public void close() {
    pipe.close();
  }
}
