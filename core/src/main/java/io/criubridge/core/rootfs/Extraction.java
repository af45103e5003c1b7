// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.StagedEntry;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the members of one archive in place below a root, with the result that putting one after the
 * other would have. Members that have nothing to do with any before them are written by several
 * threads; every other one waits until those are done.
 */
final class Extraction {

  private final ScopedRoot target;
  private final TarReader archive;
  private final ArchiveInput input;
  private final ApplyOptions options;
  private final boolean layer;
  private final DiffProgress progress;
  private final EntryWriter writer;
  private final WriterThreads threads;
  private final DirectoryTimes directories = new DirectoryTimes();

  /** Members that are no directories: only to these may a hard link be. */
  private final PathSet files = new PathSet();

  /** Members, and the directories that lead to them. */
  private final PathSet brought = new PathSet();

  /** Directories that had to be made before their own member came: nothing there to be kept. */
  private final PathSet made = new PathSet();

  private @Nullable EntryBatch batch;
  private long kept;
  private long hidden;

  /** Whether a directory of the archive had to make way for something else in it. */
  private boolean replacedDirectories;

  Extraction(ScopedRoot target, ArchiveInput input, ApplyOptions options) {
    this.target = target;
    this.input = input;
    this.archive = new TarReader(input, options.limits());
    this.options = options;
    this.layer = options.form().orElse(ArchiveForm.of(input.compression())) == ArchiveForm.LAYER;
    this.progress = options.progress();
    this.writer = new EntryWriter(target);
    this.threads = new WriterThreads(writer, progress);
  }

  /** Puts all members in place, then deletes paths, but for what the members brought. */
  Applied run(List<BytePath> deleted) throws IOException {
    if (deleted.contains(BytePath.ROOT)) {
      throw new IOException("the list of deleted files holds the root");
    }
    try {
      putMembers();
      for (BytePath path : deleted) {
        deleteOld(path);
      }
      // Last, since what comes into a directory changes its time.
      directories.set(target, replacedDirectories, progress);
    } catch (ApplyException e) {
      // What the threads had begun counts too.
      throw e.after(progress.entries());
    } catch (TarFormatException e) {
      throw e.after(progress.entries());
    } catch (IOException e) {
      String far = "read the archive, after " + progress.entries() + " entries: ";
      throw new IOException(far + e.getMessage(), e);
    }
    return new Applied(progress.entries(), kept, hidden);
  }

  private void putMembers() throws IOException {
    try (threads) {
      for (Optional<TarMember> next = archive.next(); next.isPresent(); next = archive.next()) {
        TarMember member = next.get();
        progress.reached(archive.offsetInFile());
        try {
          extract(member);
        } catch (TarFormatException | ApplyException e) {
          throw e;
        } catch (IOException e) {
          throw failure(member.path(), e);
        }
      }
      finishBatches();
    } finally {
      discardBatch();
    }
  }

  private ApplyException failure(BytePath path, IOException cause) {
    return ApplyException.ofEntry(path, progress.entries(), cause);
  }

  private void extract(TarMember member) throws IOException {
    BytePath path = member.path();
    if (path.isRoot() && member.type() != TarType.DIRECTORY) {
      throw new TarFormatException("./", "the root is no directory");
    }
    if (options.mounted().hide(path)) {
      hidden++;
      return;
    }
    Optional<WhiteoutName> whiteout = whiteout(member);
    if (whiteout.isPresent()) {
      finishBatches();
      delete(whiteout.get());
      return;
    }
    boolean directory = member.type() == TarType.DIRECTORY;
    if (dependsOnOthers(member)) {
      finishBatches();
    }
    boolean leadsToOthers = brought.contains(path) && !files.contains(path);
    if (!directory && (leadsToOthers || directories.has(path))) {
      replacedDirectories = true;
    }
    if (directory) {
      putDirectory(member);
    } else if (isAlone(member)) {
      put(member);
    } else {
      handOver(member);
    }
    brought.addWithParents(path);
    if (!directory) {
      files.add(path);
    }
  }

  private boolean dependsOnOthers(TarMember member) {
    return isAlone(member) || brought.contains(member.path());
  }

  /** Whether a member is not one for the threads. */
  private boolean isAlone(TarMember member) {
    boolean streamed = archive.dataLeft() > EntryBatch.SMALL_FILE && input.plainFile().isEmpty();
    return options.existing() == Existing.KEEP
        || member.type() == TarType.HARD_LINK
        || member.isKernelWhiteout()
        || streamed;
  }

  private void handOver(TarMember member) throws IOException {
    long data = archive.dataLeft();
    if (batch == null || !batch.takes(member.path(), data)) {
      submitBatch();
      batch = new EntryBatch(member.path().parent(), parent(member.path()), threads.buffer());
    }
    if (data > EntryBatch.SMALL_FILE && input.plainFile().isPresent()) {
      batch.addLarge(member, input.plainFile().get(), archive.dataOffset(), progress);
    } else {
      batch.addSmall(member, archive);
    }
  }

  /** Opens the directory for a member, once nothing that is still to be written is in the way. */
  private Fd parent(BytePath path) throws IOException {
    for (BytePath above = path.parent(); !above.isRoot(); above = above.parent()) {
      if (files.contains(above)) {
        threads.drain();
        break;
      }
    }
    return target.makeDirectories(path.parent(), made::add);
  }

  private void submitBatch() throws IOException {
    EntryBatch full = batch;
    if (full != null) {
      batch = null;
      threads.submit(full);
    }
  }

  private void finishBatches() throws IOException {
    submitBatch();
    threads.drain();
  }

  private void discardBatch() throws IOException {
    EntryBatch left = batch;
    if (left != null) {
      batch = null;
      left.discard();
    }
  }

  private void putDirectory(TarMember member) throws IOException {
    BytePath path = member.path();
    Optional<FileType> there = writer.typeAt(member);
    if (there.isPresent() && options.existing() == Existing.KEEP && !made.contains(path)) {
      kept++;
      return;
    }
    if (there.isPresent() && there.get() != FileType.DIRECTORY) {
      target.remove(path);
    }
    if (there.equals(Optional.of(FileType.DIRECTORY))) {
      try (Fd fd = target.openStrict(path)) {
        EntryWriter.setMetadata(fd, tellsAllAttributes(), member);
      }
    } else {
      try (Fd parent = parent(path);
          StagedEntry staged = StagedEntry.directory(parent)) {
        EntryWriter.setMetadata(staged.object(), true, member);
        staged.commit(path.name());
      }
    }
    directories.put(path, member.modified());
    progress.entryDone();
  }

  /**
   * Whether an attribute that a directory's member has not is one that the directory is not to
   * have. Engines' archives lack access lists and more, and name the image's directories only since
   * something is in them.
   */
  private boolean tellsAllAttributes() {
    return !layer && archive.namesBeginWithDot();
  }

  /** Puts in place what is no directory, while nothing else is being written. */
  private void put(TarMember member) throws IOException {
    BytePath path = member.path();
    Optional<FileType> there = writer.typeAt(member);
    if (member.isKernelWhiteout()) {
      // GNU tar archives an upper directory's whiteouts as they are; a deletion keeps nothing.
      target.remove(path);
    } else if (there.isPresent() && options.existing() == Existing.KEEP) {
      kept++;
      return;
    } else if (!isLinkToItself(member, there)) {
      if (there.equals(Optional.of(FileType.DIRECTORY))) {
        target.remove(path);
      }
      try (Fd parent = parent(path)) {
        if (member.type() == TarType.HARD_LINK) {
          putLink(member, parent);
        } else {
          writer.replace(parent, member, MemberContent.of(archive, progress));
        }
      }
    }
    progress.entryDone();
  }

  /** How GNU tar archives a file that it is told of twice; then the file is there already. */
  private boolean isLinkToItself(TarMember member, Optional<FileType> there)
      throws TarFormatException {
    return member.type() == TarType.HARD_LINK
        && there.isPresent()
        && there.get() != FileType.DIRECTORY
        && files.contains(member.path())
        && linked(member).equals(member.path());
  }

  private static BytePath linked(TarMember member) throws TarFormatException {
    try {
      return BytePath.ofLatin1(member.link());
    } catch (IllegalArgumentException e) {
      throw new TarFormatException(nameOf(member), "hard link to a " + e.getMessage());
    }
  }

  private static String nameOf(TarMember member) {
    return PaxRecords.text(member.path().relativeBytes());
  }

  /** A hard link to anything but what this archive brought could publish a file of the image. */
  private void putLink(TarMember member, Fd parent) throws IOException {
    BytePath first = linked(member);
    if (!files.contains(first) || first.equals(member.path())) {
      throw new TarFormatException(
          nameOf(member), "hard link to " + first + ", no earlier file of it");
    }
    try (Fd firstParent = target.openStrict(first.parent());
        Fd file = target.openStrict(first)) {
      if (Syscalls.fstat(file).isDirectory()) {
        throw new ErrnoException("linkat", Errno.EISDIR, file.toString());
      }
      try (StagedEntry staged = StagedEntry.link(parent, firstParent, first.name())) {
        staged.commit(member.path().name());
      }
    }
  }

  private Optional<WhiteoutName> whiteout(TarMember member) throws TarFormatException {
    if (!layer || member.type() != TarType.REGULAR || member.content().size() != 0) {
      return Optional.empty();
    }
    return WhiteoutName.ofChecked(member.path());
  }

  /** What the layer itself brought stays: a whiteout speaks of the layers below. */
  private void delete(WhiteoutName whiteout) throws IOException {
    BytePath path = whiteout.path();
    switch (whiteout.kind()) {
      case OPAQUE -> target.clear(path, brought::contains);
      case DELETED -> deleteOld(path);
      case INTERNAL -> {}
    }
    progress.entryDone();
  }

  private void deleteOld(BytePath path) throws IOException {
    if (brought.contains(path)) {
      target.clear(path, brought::contains);
    } else {
      DeletedFiles.apply(List.of(path), target);
    }
  }
}
