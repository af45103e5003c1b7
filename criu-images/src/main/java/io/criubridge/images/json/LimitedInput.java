// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The next bytes of a stream; closing it leaves the stream open. */
final class LimitedInput extends FilterInputStream {
  private long left;

  LimitedInput(InputStream in, long bytes) {
    super(in);
    this.left = bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = left == 0 ? -1 : in.read(bytes, from, (int) Math.min(length, left));
    if (count > 0) {
      left -= count;
    }
    return count;
  }

  @Override
  public void close() {}
}
