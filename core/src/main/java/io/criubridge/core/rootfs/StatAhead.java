// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stats the names of a directory while the walk is busy with the ones before: in a tree of which
 * little has changed that is nearly all there is to do. The walking thread takes part where it
 * would wait.
 */
final class StatAhead implements AutoCloseable {

  /** Names that a thread takes at once. */
  private static final int PORTION = 16;

  /** For fewer names, to wake another thread takes longer. */
  private static final int FEW = 3 * PORTION;

  private final boolean alone = Runtime.getRuntime().availableProcessors() < 2;
  private @Nullable ExecutorService other;

  /** Begins with the names of a directory, which must stay open until the result is closed. */
  Stats begin(Fd dir, List<byte[]> names) {
    Stats stats = new Stats(dir, names);
    if (!alone && names.size() >= FEW) {
      if (other == null) {
        other = Executors.newSingleThreadExecutor(StatAhead::thread);
      }
      stats.helpers.incrementAndGet();
      other.execute(stats::help);
    }
    return stats;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "criu-bridge-stat");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    if (other != null) {
      other.shutdown();
    }
  }

  /** What there is under each of a row of names. To be used by one thread. */
  static final class Stats implements AutoCloseable {

    private final Fd dir;
    private final List<byte[]> names;
    private final @Nullable FileStat[] found;
    private final @Nullable IOException[] failures;
    private final boolean[] done;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger helpers = new AtomicInteger();
    private @Nullable Throwable broken;

    private Stats(Fd dir, List<byte[]> names) {
      this.dir = dir;
      this.names = names;
      this.found = new FileStat[names.size()];
      this.failures = new IOException[names.size()];
      this.done = new boolean[(names.size() + PORTION - 1) / PORTION];
    }

    /** What stat says of the name at an index; absent if there is no such file. */
    Optional<FileStat> get(int index) throws IOException {
      int portion = index / PORTION;
      while (!isDone(portion)) {
        int mine = taken.getAndIncrement();
        if (mine < done.length) {
          stat(mine);
        } else {
          await(portion);
        }
      }
      IOException failure = failures[index];
      if (failure != null) {
        throw failure;
      }
      return Optional.ofNullable(found[index]);
    }

    private void help() {
      try {
        for (int mine = taken.getAndIncrement(); mine < done.length; ) {
          stat(mine);
          mine = taken.getAndIncrement();
        }
      } catch (RuntimeException | Error e) {
        synchronized (this) {
          broken = e;
        }
      } finally {
        synchronized (this) {
          helpers.decrementAndGet();
          notifyAll();
        }
      }
    }

    private void stat(int portion) {
      int end = Math.min((portion + 1) * PORTION, names.size());
      for (int i = portion * PORTION; i < end; i++) {
        try {
          found[i] = Syscalls.fstatat(dir, names.get(i));
        } catch (ErrnoException e) {
          failures[i] = e.errno() == Errno.ENOENT ? null : e;
        } catch (IOException e) {
          failures[i] = e;
        }
      }
      synchronized (this) {
        done[portion] = true;
        notifyAll();
      }
    }

    private synchronized boolean isDone(int portion) {
      return done[portion];
    }

    private synchronized void await(int portion) throws IOException {
      try {
        while (!done[portion]) {
          if (broken != null) {
            throw new IllegalStateException("stat of the names in " + dir, broken);
          }
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while " + dir + " was read");
      }
    }

    /** Waits until nobody looks at the directory any more. */
    @Override
    public synchronized void close() {
      taken.set(done.length);
      boolean interrupted = false;
      while (helpers.get() > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
