// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.concurrent.atomic.AtomicLong;

/** How far the application of an archive got; other threads may look at it meanwhile. */
public final class ApplyProgress {

  private final AtomicLong entries = new AtomicLong();
  private volatile long bytes;

  /** Members put in place so far. */
  public long entries() {
    return entries.get();
  }

  /** How much of the archive's file was read so far, bytes. */
  public long bytes() {
    return bytes;
  }

  void placed() {
    entries.incrementAndGet();
  }

  void read(long ofFile) {
    bytes = ofFile;
  }
}
