// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a capture that is done while the container still runs: whatever was left alone for a
 * while is written to the archive and remembered. {@link #finish}, when the tasks stand still,
 * appends what has changed since and says which members are stale.
 *
 * <p>That a file has not changed is told by its inode's number and time of change, which the
 * container cannot set. It is believed only where it can be:
 *
 * <ul>
 *   <li>A clock tick may hold two changes, and a thread may be held up between a write's note of
 *       the time and its data. So a file must have been left alone for some time before the pass.
 *   <li>Stores to mapped memory are noted only when a page becomes dirty, which it may have been
 *       long before. So the file system is synced first, which makes the pages of files that are
 *       not changed then clean and the next store to be noted.
 *   <li>Not all file systems note such stores: on others than those known to do, there is no first
 *       pass.
 * </ul>
 */
public final class FirstPass implements AutoCloseable {

  /** How long a file must have been left alone. */
  public static final Duration SETTLED = Duration.ofSeconds(2);

  /** ext4, xfs, btrfs and f2fs. Source: {@code include/uapi/linux/magic.h}. */
  private static final Set<Long> NOTING_STORES =
      Set.of(0xEF53L, 0x58465342L, 0x9123683EL, 0xF2F52010L);

  /** What a slow disk does at least, to judge how long a large file may take. */
  private static final long BYTES_PER_MILLISECOND = 50_000;

  /** From so many files or blocks on a first pass is worth its while. */
  private static final long MANY_FILES = 2_000;

  private static final long MANY_BLOCKS = (16 << 20) / SizeEstimate.BLOCK;

  private final FileChannel archive;
  private final ArchiveOutput out;
  private final TarWriter tar;
  private final MemberTable table = new MemberTable();
  private final List<MemberRange> spoilt = new ArrayList<>();

  private FirstPass(FileChannel archive) throws IOException {
    this.archive = archive;
    DiffProgress nobodyLooks = new DiffProgress();
    this.out = new ArchiveOutput(archive, nobodyLooks);
    this.tar = new TarWriter(out, nobodyLooks);
  }

  /** Whether a first pass can be trusted on the file system of an upper directory. */
  public static boolean isPossible(ScopedRoot upper) throws IOException {
    try (Fd fd = WalkStack.readable(upper, BytePath.ROOT)) {
      return NOTING_STORES.contains(Syscalls.fileSystemType(fd));
    }
  }

  /** Whether there is so much to capture that a first pass is worth its while. */
  public static boolean isWorthwhile(ScopedRoot upper, ScopedRoot merged, CaptureOptions options)
      throws IOException {
    SizeEstimate estimate = new SizeEstimate(MANY_FILES, MANY_BLOCKS);
    new DiffWalk(upper, merged, options, estimate).run();
    return estimate.isLarge();
  }

  /**
   * Writes what it can. Files that change or vanish meanwhile are no error.
   *
   * @param archive where the archive goes, from its beginning on; stays the caller's
   * @param budget after which it ends with what it has
   * @param settled how long a file must have been left alone; {@link #SETTLED} but for rehearsals
   * @throws IOException if the archive cannot be written
   */
  public static FirstPass run(
      ScopedRoot upper,
      ScopedRoot merged,
      CaptureOptions options,
      FileChannel archive,
      Duration budget,
      Duration settled)
      throws IOException {
    FirstPass pass = new FirstPass(archive);
    try {
      Writing writing = pass.new Writing(Instant.now().minus(settled), budget);
      try (Fd fd = WalkStack.readable(upper, BytePath.ROOT)) {
        Syscalls.syncfs(fd);
      }
      new DiffWalk(upper, merged, options, writing).run();
      pass.out.flush();
      archive.force(false);
      return pass;
    } catch (IOException | RuntimeException e) {
      pass.close();
      throw e;
    }
  }

  /** Members that were written and are remembered. */
  public long entries() {
    return table.size();
  }

  /** Bytes that were written. */
  public long bytes() {
    return out.bytes();
  }

  /**
   * Makes the archive one of the tree as it is now; the tasks must stand still. To be called once.
   * Where an archive that is only appended to cannot be right for every tar, it is written anew.
   *
   * @throws CaptureException if a file could not be captured as it was
   */
  public Capture finish(ScopedRoot upper, ScopedRoot merged, CaptureOptions options)
      throws IOException {
    SecondPass second = new SecondPass(tar, table);
    DiffWalk walk = UnlistedNames.walk(upper, merged, options, second);
    Optional<List<BytePath>> vanished =
        new VanishedFiles(archive, merged, options).paths(withSpoilt(table.unseen()));
    if (vanished.isEmpty()) {
      out.flush();
      archive.truncate(0);
      return RootfsDiff.capture(upper, merged, options, archive);
    }
    tar.finish();
    String sha256 = out.finish();
    List<BytePath> deleted = new ArrayList<>(walk.deleted());
    deleted.addAll(vanished.get());
    StaleMembers stale = new StaleMembers(withSpoilt(table.stale()));
    return new Capture(
        tar.entries() - stale.ranges().size(),
        out.bytes(),
        deleted,
        walk.opaque(),
        second.skippedSockets(),
        sha256,
        stale);
  }

  /** Members that came out wrong are in the archive too, and other tars extract them. */
  private List<MemberRange> withSpoilt(List<MemberRange> members) {
    List<MemberRange> ranges = new ArrayList<>(members);
    ranges.addAll(spoilt);
    ranges.sort(Comparator.comparingLong(MemberRange::offset));
    return ranges;
  }

  @Override
  public void close() {
    out.close();
  }

  /** Writes members and remembers those that came out right. */
  private final class Writing implements DiffVisitor {

    private final LinkNames links = new LinkNames();
    private final DiffArchive members = new DiffArchive(tar, links);
    private final FileStat.Time settled;
    private final long end;

    Writing(Instant settled, Duration budget) {
      this.settled = new FileStat.Time(settled.getEpochSecond(), settled.getNano());
      this.end = System.nanoTime() + budget.toNanos();
    }

    @Override
    public void directory(WalkDirectory directory, @Nullable WalkDirectory above)
        throws IOException {
      // No tar takes from a directory that is there an attribute that its member has not.
      if (isSettled(directory.stat()) && !DiffArchive.hasXattrs(directory)) {
        long start = tar.position();
        members.directory(directory, above);
        remember(directory.place(), Fingerprint.of(directory, directory.stat(), links), start);
      }
    }

    @Override
    public void file(WalkEntry entry) throws IOException {
      FileStat stat = entry.stat();
      if (!isTaken(stat)) {
        return;
      }
      long fingerprint = Fingerprint.of(entry.directory(), stat, links);
      long start = tar.position();
      try {
        members.file(entry);
      } catch (ErrnoException | CaptureException e) {
        if (tar.position() > start) {
          spoilt.add(new MemberRange(start, tar.position() - start));
        }
        throw e;
      }
      remember(entry.place(), fingerprint, start);
    }

    private void remember(DiffPlace place, long fingerprint, long start) {
      // A socket has no member.
      if (tar.position() > start) {
        table.add(place.hash(), fingerprint, new MemberRange(start, tar.position() - start));
      }
    }

    @Override
    public boolean reads(FileStat stat) {
      return members.reads(stat) && isTaken(stat);
    }

    private boolean isTaken(FileStat stat) {
      return isSettled(stat) && stat.size() / BYTES_PER_MILLISECOND <= left().toMillis();
    }

    private boolean isSettled(FileStat stat) {
      return stat.changed().compareTo(settled) < 0;
    }

    private Duration left() {
      return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    @Override
    public void raced(IOException failure) {
      // The second pass takes what could not be taken now, or says why it cannot be.
    }

    @Override
    public boolean wantsMore() {
      return !left().isZero();
    }
  }
}
