// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.util.Arrays;

/** Paths one after the other in large arrays: a million of them must fit into a small heap. */
final class PathStore {

  private static final int CHUNK = 1 << 20;

  private byte[][] chunks = new byte[4][];
  private long stored;

  /** Stores a length of three bytes and the path; a path does not cross a chunk. */
  long store(BytePath stores) {
    byte[] path = stores.bytes();
    int size = 3 + path.length;
    if (size > CHUNK) {
      throw new IllegalArgumentException("a path of " + path.length + " bytes");
    }
    if (stored / CHUNK != (stored + size - 1) / CHUNK) {
      stored = (stored / CHUNK + 1) * CHUNK;
    }
    int chunk = (int) (stored / CHUNK);
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunk * 2);
    }
    if (chunks[chunk] == null) {
      chunks[chunk] = new byte[CHUNK];
    }
    int at = (int) (stored % CHUNK);
    chunks[chunk][at] = (byte) (path.length >> 16);
    chunks[chunk][at + 1] = (byte) (path.length >> 8);
    chunks[chunk][at + 2] = (byte) path.length;
    System.arraycopy(path, 0, chunks[chunk], at + 3, path.length);
    long place = stored;
    stored += size;
    return place;
  }

  /** Gives what {@link #store} took. */
  BytePath load(long place) {
    byte[] chunk = chunks[(int) (place / CHUNK)];
    int at = (int) (place % CHUNK);
    int length =
        ((chunk[at] & 0xff) << 16) | ((chunk[at + 1] & 0xff) << 8) | (chunk[at + 2] & 0xff);
    return BytePath.of(Arrays.copyOfRange(chunk, at + 3, at + 3 + length));
  }
}
