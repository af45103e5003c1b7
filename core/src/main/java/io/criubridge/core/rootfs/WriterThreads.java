// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that write batches, a bounded number at a time. After a failure they write no more. */
final class WriterThreads implements AutoCloseable {

  /** More do not help: the kernel takes a lock for each directory, and one for its journal. */
  private static final int MAX_THREADS = 4;

  private final EntryWriter writer;
  private final DiffProgress progress;
  private final ExecutorService threads;
  private final int places;
  private final Semaphore free;
  private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  WriterThreads(EntryWriter writer, DiffProgress progress) {
    this.writer = writer;
    this.progress = progress;
    int count = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    this.threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, "rootfs-apply");
              thread.setDaemon(true);
              return thread;
            });
    this.places = 2 * count;
    this.free = new Semaphore(places);
  }

  /** A buffer for a batch. */
  ByteBuffer buffer() {
    ByteBuffer used = buffers.poll();
    return used == null ? ByteBuffer.allocateDirect(EntryBatch.BUFFER) : used.clear();
  }

  /** Hands over a batch, after waiting for a place. Throws what failed before. */
  void submit(EntryBatch batch) throws IOException {
    take(1);
    threads.execute(
        () -> {
          try {
            write(batch);
          } finally {
            buffers.add(batch.buffer());
            free.release();
          }
        });
    check();
  }

  private void write(EntryBatch batch) {
    try {
      if (failure.get() == null) {
        batch.write(writer, progress);
      } else {
        batch.discard();
      }
    } catch (IOException | RuntimeException | Error e) {
      // The first is told; later ones are mostly for the same reason.
      failure.compareAndSet(null, e);
    }
  }

  /** Waits until all is written. Throws what failed. */
  void drain() throws IOException {
    take(places);
    free.release(places);
    check();
  }

  private void take(int count) throws IOException {
    try {
      free.acquire(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while writing").initCause(e);
    }
  }

  private void check() throws IOException {
    Throwable failed = failure.get();
    if (failed instanceof IOException e) {
      throw e;
    } else if (failed instanceof Error e) {
      throw e;
    } else if (failed instanceof RuntimeException e) {
      throw e;
    }
  }

  /** Waits for what was begun. */
  @Override
  public void close() {
    threads.shutdown();
    free.acquireUninterruptibly(places);
    free.release(places);
  }
}
