// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
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
 * Stats the names of a directory while the walk is busy with the ones before, and opens the files
 * that the visitor reads: in a tree of small files that is most of what there is to do. The walking
 * thread takes part where it would wait.
 */
final class LookAhead implements AutoCloseable {

  /** Names that a thread takes at once. */
  private static final int PORTION = 16;

  /** For fewer names, to wake another thread takes longer. */
  private static final int FEW = 3 * PORTION;

  /** Each name may be that of an open file. */
  private static final int PORTIONS_AHEAD = 4;

  private final DiffVisitor visitor;
  private final boolean alone = Runtime.getRuntime().availableProcessors() < 2;
  private @Nullable ExecutorService other;

  LookAhead(DiffVisitor visitor) {
    this.visitor = visitor;
  }

  /** Begins with the names of a directory, which must stay open until the result is closed. */
  Names begin(WalkDirectory directory, List<byte[]> names) {
    Names ahead = new Names(directory, names);
    if (!alone && names.size() >= FEW) {
      if (other == null) {
        other = Executors.newSingleThreadExecutor(LookAhead::thread);
      }
      ahead.helpers.incrementAndGet();
      other.execute(ahead::help);
    }
    return ahead;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "criu-bridge-ahead");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    if (other != null) {
      other.shutdown();
    }
  }

  /** What there is under each of a row of names. To be used by one thread, in their order. */
  final class Names implements AutoCloseable {

    private final WalkDirectory directory;
    private final List<byte[]> names;
    private final @Nullable FileStat[] found;
    private final @Nullable FileContent[] opened;
    private final @Nullable IOException[] failures;
    private final boolean[] done;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger helpers = new AtomicInteger();
    private int reached;
    private boolean ended;

    /** Below this index the walk has waited for all. */
    private int known;

    private @Nullable Throwable broken;

    private Names(WalkDirectory directory, List<byte[]> names) {
      this.directory = directory;
      this.names = names;
      this.found = new FileStat[names.size()];
      this.opened = new FileContent[names.size()];
      this.failures = new IOException[names.size()];
      this.done = new boolean[(names.size() + PORTION - 1) / PORTION];
    }

    /** What stat says of the name at an index; absent if there is no such file. */
    Optional<FileStat> stat(int index) throws IOException {
      if (index >= known) {
        reachPortion(index / PORTION);
        known = (index / PORTION + 1) * PORTION;
      }
      IOException failure = failures[index];
      if (failure != null) {
        throw failure;
      }
      return Optional.ofNullable(found[index]);
    }

    private void reachPortion(int portion) throws IOException {
      reach(portion);
      while (!isDone(portion)) {
        int mine = taken.getAndIncrement();
        if (mine < done.length) {
          look(mine);
        } else {
          await(portion);
        }
      }
    }

    /** The upper file of that name, if it has been opened; to be closed by who asks. */
    Optional<FileContent> content(int index) {
      FileContent content = opened[index];
      opened[index] = null;
      return Optional.ofNullable(content);
    }

    private void help() {
      try {
        for (int mine = taken.getAndIncrement(); mine < done.length; ) {
          if (!awaitWalk(mine)) {
            return;
          }
          look(mine);
          mine = taken.getAndIncrement();
        }
      } catch (InterruptedException | RuntimeException | Error e) {
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

    private void look(int portion) {
      int end = Math.min((portion + 1) * PORTION, names.size());
      for (int i = portion * PORTION; i < end; i++) {
        look(i, names.get(i));
      }
      synchronized (this) {
        done[portion] = true;
        notifyAll();
      }
    }

    private void look(int index, byte[] name) {
      try {
        FileStat stat = Syscalls.fstatat(directory.merged(), name);
        found[index] = stat;
        // Of a file with more names only the first is read, and which that is the walk knows.
        if (stat.nlink() == 1 && visitor.reads(stat)) {
          opened[index] = open(name, stat);
        }
      } catch (ErrnoException e) {
        failures[index] = e.errno() == Errno.ENOENT ? null : e;
      } catch (IOException e) {
        failures[index] = e;
      }
    }

    private @Nullable FileContent open(byte[] name, FileStat stat) {
      try {
        DiffPlace place = directory.place().child(name);
        return new WalkEntry(directory, place, stat, null).openUpper().orElse(null);
      } catch (IOException e) {
        // The walk comes upon it as well, and knows whether that is an error.
        return null;
      }
    }

    private synchronized void reach(int portion) {
      if (portion > reached) {
        reached = portion;
        notifyAll();
      }
    }

    private synchronized boolean isDone(int portion) {
      return done[portion];
    }

    /** Waits until the walk is not far behind; false if it has ended. */
    private synchronized boolean awaitWalk(int portion) throws InterruptedException {
      while (portion > reached + PORTIONS_AHEAD && !ended) {
        wait();
      }
      return !ended;
    }

    private synchronized void await(int portion) throws IOException {
      try {
        while (!done[portion]) {
          if (broken != null) {
            throw new IllegalStateException("stat of the names in " + directory.merged(), broken);
          }
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while " + directory.merged() + " was read");
      }
    }

    /** Waits until nobody looks at the directory any more, and closes what nobody has asked for. */
    @Override
    public void close() throws IOException {
      awaitHelpers();
      for (FileContent content : opened) {
        if (content != null) {
          content.close();
        }
      }
    }

    private synchronized void awaitHelpers() {
      ended = true;
      taken.set(done.length);
      notifyAll();
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
