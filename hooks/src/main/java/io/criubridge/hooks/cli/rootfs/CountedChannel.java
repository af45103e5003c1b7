// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** A channel that tells another thread how much went through. */
final class CountedChannel implements WritableByteChannel, ProgressLine.Source {

  private final WritableByteChannel out;
  private final AtomicLong bytes = new AtomicLong();

  CountedChannel(WritableByteChannel out) {
    this.out = out;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int count = out.write(source);
    bytes.addAndGet(count);
    return count;
  }

  @Override
  public long bytes() {
    return bytes.get();
  }

  @Override
  public OptionalLong files() {
    return OptionalLong.empty();
  }

  @Override
  public boolean isOpen() {
    return out.isOpen();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
