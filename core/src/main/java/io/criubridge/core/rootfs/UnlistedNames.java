// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.DirectoryNames;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of changed files that the upper directory does not have, since they are hard links of the
 * image. There are two kinds. With {@code index=on} a change to one of a file's names is one to
 * all, but the upper directory gets that one alone; the others lead to it by the index in the
 * overlay's work directory, also when that one is deleted. And of a file in a directory that was
 * renamed, names elsewhere are still that file. A second walk, through all of the merged tree,
 * finds them: the first kind by what overlayfs shows of an upper file, its size, owner and times,
 * the second by the inode.
 *
 * <p>Source: Documentation/filesystems/overlayfs.rst, "Inode properties"; {@code
 * ovl_get_index_name()} in fs/overlayfs/namei.c
 */
final class UnlistedNames implements DiffVisitor {

  /** What a row of {@link #linked} has after the inode's hash: how many names were not seen. */
  private static final int UNSEEN = 1;

  /** And whether one of its names is in a directory that was renamed. */
  private static final int RENAMED = 2;

  private final DiffVisitor visitor;
  private final Set<Long> indexed;

  /** Files with several names. */
  private final HashedRows linked = new HashedRows(3);

  /** Directories, and files that may have further names, that the visitor was told of. */
  private final HashedRows told = new HashedRows(1);

  private boolean searching;

  /** What the last one that was found is in. */
  private @Nullable WalkDirectory current;

  private UnlistedNames(DiffVisitor visitor, Set<Long> indexed) {
    this.visitor = visitor;
    this.indexed = indexed;
  }

  /**
   * Walks what an overlay changes, then, if there may be any, looks for these names; a directory
   * that has only such ones is told of before them, since what comes into it changes its time.
   *
   * @return the walk of the upper directory
   */
  static DiffWalk walk(
      ScopedRoot upper, ScopedRoot merged, CaptureOptions options, DiffVisitor visitor)
      throws IOException {
    UnlistedNames names = new UnlistedNames(visitor, read(upper, merged, options));
    DiffWalk walk = new DiffWalk(upper, merged, options, names);
    walk.run();
    if (!names.indexed.isEmpty() || names.isOneUnseen()) {
      names.searching = true;
      DiffWalk.ofAll(merged, options, names).run();
    }
    return walk;
  }

  private static Set<Long> read(ScopedRoot upper, ScopedRoot merged, CaptureOptions options)
      throws IOException {
    Optional<Fd> found = open(options.workDirectory());
    if (found.isEmpty()) {
      requireNone(upper, merged);
      return Set.of();
    }
    Set<Long> indexed = new HashSet<>();
    try (Fd index = found.get()) {
      for (byte[] name : DirectoryNames.list(index)) {
        try (Fd file = Syscalls.openat(index, name, Syscalls.O_PATH, 0)) {
          FileStat stat = Syscalls.fstat(file);
          if (!stat.isDirectory() && !OverlayMarks.isWhiteout(file)) {
            indexed.add(look(stat));
          }
        }
      }
    }
    return indexed;
  }

  private static Optional<Fd> open(Optional<Path> workDirectory) throws IOException {
    if (workDirectory.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path index = workDirectory.get().resolve("index");
      return Optional.of(Syscalls.open(index, WalkDirectory.FLAGS | Syscalls.O_NOFOLLOW));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** With an index an overlay notes on its upper root which lower one that belongs to. */
  private static void requireNone(ScopedRoot upper, ScopedRoot merged) throws IOException {
    try (Fd inUpper = upper.openStrict(BytePath.ROOT);
        Fd inMerged = merged.openStrict(BytePath.ROOT)) {
      if (OverlayMarks.hasOrigin(inUpper, inMerged)) {
        throw new CaptureException(
            BytePath.ROOT,
            "the overlay has an index of hard links (index=on), and its workdir, which holds that, is"
                + " not known: give its workdir, or changes to files with several names are lost");
      }
    }
  }

  /** What an overlay shows of an upper file as it is. */
  private static long look(FileStat stat) {
    return SecretHash.of(
        stat.type().bits() | stat.mode(),
        (stat.uid() << 32) | stat.gid(),
        stat.size(),
        stat.modified().seconds(),
        stat.changed().seconds(),
        ((long) stat.modified().nanos() << 32) | stat.changed().nanos());
  }

  @Override
  public void directory(WalkDirectory directory, @Nullable WalkDirectory above) throws IOException {
    if (!searching) {
      tell(directory.place());
      visitor.directory(directory, above);
    }
  }

  @Override
  public void file(WalkEntry entry) throws IOException {
    FileStat stat = entry.stat();
    if (!searching) {
      if (stat.nlink() > 1) {
        count(stat, entry.directory().region() == DiffRegion.RENAMED);
      }
      if (stat.nlink() > 1 || isIndexed(stat)) {
        tell(entry.place());
      }
      visitor.file(entry);
    } else if ((isIndexed(stat) || isOfRenamed(stat)) && tell(entry.place())) {
      if (tell(entry.directory().place())) {
        visitor.directory(entry.directory(), null);
      } else if (entry.directory() != current) {
        visitor.again(entry.directory());
      }
      current = entry.directory();
      visitor.file(entry);
    }
  }

  private void count(FileStat stat, boolean inRenamed) {
    int row = linked.find(LinkNames.inode(stat));
    if (row == HashedRows.NONE) {
      row = linked.add(LinkNames.inode(stat));
      linked.set(row, UNSEEN, stat.nlink());
    }
    linked.set(row, UNSEEN, linked.get(row, UNSEEN) - 1);
    if (inRenamed) {
      linked.set(row, RENAMED, 1);
    }
  }

  private boolean isOneUnseen() {
    for (int row = 0; row < linked.size(); row++) {
      if (linked.get(row, RENAMED) == 1 && linked.get(row, UNSEEN) > 0) {
        return true;
      }
    }
    return false;
  }

  private boolean isIndexed(FileStat stat) {
    return !indexed.isEmpty() && indexed.contains(look(stat));
  }

  private boolean isOfRenamed(FileStat stat) {
    int row = linked.find(LinkNames.inode(stat));
    return row != HashedRows.NONE && linked.get(row, RENAMED) == 1;
  }

  /** Whether it is the first time. */
  private boolean tell(DiffPlace place) {
    boolean first = told.find(place.hash()) == HashedRows.NONE;
    if (first) {
      told.add(place.hash());
    }
    return first;
  }

  @Override
  public boolean reads(FileStat stat) {
    return !searching && visitor.reads(stat);
  }

  @Override
  public void raced(IOException failure) throws IOException {
    visitor.raced(failure);
  }

  @Override
  public boolean wantsMore() {
    return visitor.wantsMore();
  }
}
