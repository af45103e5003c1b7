// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.concurrent.atomic.AtomicLong;

/** How far a capture or the application of an archive got; other threads may look meanwhile. */
public final class DiffProgress {

  private final AtomicLong entries = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /** Members written to the archive, or put in place, so far. */
  public long entries() {
    return entries.get();
  }

  /** How much of the archive was written or read so far, bytes. */
  public long bytes() {
    return bytes.get();
  }

  void entryDone() {
    entries.incrementAndGet();
  }

  /** Of several threads the one that is furthest counts. */
  void reached(long offset) {
    bytes.accumulateAndGet(offset, Math::max);
  }
}
