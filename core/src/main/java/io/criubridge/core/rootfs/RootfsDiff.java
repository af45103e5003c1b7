// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * A container's changes to its image's files, from an overlay to an archive and from there into
 * another root. What was deleted is no part of the archive, see {@link Capture#deleted} and {@link
 * Capture#opaque}. To restore: {@link OpaqueDirectories#clear}, {@link #apply}, {@link
 * DeletedFiles#apply}, in this order; for lists of other tools, the last two in one, see {@link
 * #apply(Path, ScopedRoot, ApplyOptions, List)}.
 */
public final class RootfsDiff {

  private RootfsDiff() {}

  /**
   * Archives what differs from the overlay's lower layers. The container's tasks must stand still;
   * a file that changes or vanishes meanwhile is an error. Nothing at or below a mount is read.
   *
   * <p>The archive is a pax tar with members {@code ./path}, numeric owners, modification times in
   * nanoseconds, extended attributes as {@code SCHILY.xattr.} records and sparse files in GNU's
   * form 1.0; it holds no whiteouts. {@link FirstPass} is the way to have most of it written before
   * the tasks stand still.
   *
   * <p>Seed: CaptureRootfsDiff
   *
   * @param upper the overlay's upperdir
   * @param merged the root as the container sees it
   * @param archive where the archive goes; neither synced nor closed
   * @throws CaptureException if a file could not be captured as it was
   */
  public static Capture capture(
      ScopedRoot upper, ScopedRoot merged, CaptureOptions options, WritableByteChannel archive)
      throws IOException {
    return capture(upper, merged, options, archive, new DiffProgress());
  }

  /**
   * As {@link #capture(ScopedRoot, ScopedRoot, CaptureOptions, WritableByteChannel)}.
   *
   * @param progress is told how far it got
   */
  public static Capture capture(
      ScopedRoot upper,
      ScopedRoot merged,
      CaptureOptions options,
      WritableByteChannel archive,
      DiffProgress progress)
      throws IOException {
    try (ArchiveOutput out = new ArchiveOutput(archive, progress)) {
      TarWriter tar = new TarWriter(out, progress);
      DiffArchive members = new DiffArchive(tar, new LinkNames());
      DiffWalk walk = UnlistedNames.walk(upper, merged, options, members);
      tar.finish();
      String sha256 = out.finish();
      return new Capture(
          tar.entries(),
          out.bytes(),
          walk.deleted(),
          walk.opaque(),
          members.skippedSockets(),
          sha256,
          StaleMembers.NONE);
    }
  }

  /**
   * Estimates the length of the archive that {@link #capture} would write, in bytes, by walking the
   * tree; holes are left out, extended attributes too.
   */
  public static long estimateBytes(ScopedRoot upper, ScopedRoot merged, CaptureOptions options)
      throws IOException {
    SizeEstimate estimate = new SizeEstimate(Long.MAX_VALUE, Long.MAX_VALUE);
    new DiffWalk(upper, merged, options, estimate).run();
    return estimate.bytes();
  }

  /**
   * Extracts an archive of {@link #capture}, or of GNU tar, exactly: content, owners, modes, times,
   * attributes, links, devices and holes. Each object is complete before it takes its place. No
   * symbolic link is followed and no mount entered or replaced.
   *
   * <p>Other than the Go code, which only ever adds files, what exists is replaced if so asked: a
   * process restored over the image's version of a file that it changed would fail or run on stale
   * data.
   *
   * <p>Of an archive of two passes, the members that {@link StaleMembers} beside it lists are left
   * out.
   *
   * <p>Seed: ApplyRootfsDiff
   *
   * @param target the root to extract to
   * @throws ApplyException naming the entry that failed and how many were extracted before
   * @throws TarFormatException if the archive is damaged or hostile
   */
  public static Applied apply(Path archive, ScopedRoot target, Existing existing)
      throws IOException {
    return apply(archive, target, ApplyOptions.of(existing));
  }

  /**
   * As {@link #apply(Path, ScopedRoot, Existing)}, also for archives from elsewhere: GNU tar's,
   * podman's, CRI-O's, and containerd's, which are compressed with gzip and layers.
   */
  public static Applied apply(Path archive, ScopedRoot target, ApplyOptions options)
      throws IOException {
    return apply(archive, target, options, List.of());
  }

  /**
   * As {@link #apply(Path, ScopedRoot, ApplyOptions)}, then deletes files, but for what the archive
   * brought: podman and CRI-O list a directory as deleted that the container replaced, and have its
   * new content in the archive.
   */
  public static Applied apply(
      Path archive, ScopedRoot target, ApplyOptions options, List<BytePath> deleted)
      throws IOException {
    try (ArchiveInput in = ArchiveInput.open(archive)) {
      return new Extraction(target, in, options).run(deleted);
    }
  }
}
