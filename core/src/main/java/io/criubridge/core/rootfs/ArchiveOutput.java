// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bytes on their way into an archive: gathered, counted and digested. */
final class ArchiveOutput {

  private static final int BUFFER = 1 << 20;

  private final WritableByteChannel out;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private final MessageDigest sha256 = newSha256();
  private long flushed;

  ArchiveOutput(WritableByteChannel out) {
    this.out = out;
  }

  void write(byte[] bytes) throws IOException {
    int at = 0;
    while (at < bytes.length) {
      int count = Math.min(bytes.length - at, room());
      buffer.put(bytes, at, count);
      at += count;
    }
  }

  /** Copies part of a file. */
  void copy(FileContent content, long offset, long length) throws IOException {
    long at = offset;
    while (at < offset + length) {
      int count = (int) Math.min(offset + length - at, room());
      ByteBuffer part = buffer.slice(buffer.position(), count);
      content.read(part, at);
      buffer.position(buffer.position() + count);
      at += count;
    }
  }

  /** Writes NUL until the length is a multiple of a number of bytes. */
  void pad(int multiple) throws IOException {
    write(new byte[(int) Math.floorMod(-bytes(), (long) multiple)]);
  }

  /** All that was written so far. */
  long bytes() {
    return flushed + buffer.position();
  }

  /** Hands everything on and ends the digest, in lower case hexadecimal. */
  String finish() throws IOException {
    flush();
    return HexFormat.of().formatHex(sha256.digest());
  }

  private int room() throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
    }
    return buffer.remaining();
  }

  private void flush() throws IOException {
    buffer.flip();
    flushed += buffer.remaining();
    sha256.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
