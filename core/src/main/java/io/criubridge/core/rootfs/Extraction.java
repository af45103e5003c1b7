// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.StagedEntry;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.Xattrs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts the members of one archive in place below a root. */
final class Extraction {

  private final ScopedRoot target;
  private final Existing existing;
  private final Set<BytePath> files = new HashSet<>();
  private final Map<BytePath, FileStat.Time> directories = new LinkedHashMap<>();
  private long applied;
  private long kept;

  Extraction(ScopedRoot target, Existing existing) {
    this.target = target;
    this.existing = existing;
  }

  Applied run(TarReader archive) throws IOException {
    for (Optional<TarMember> next = archive.next(); next.isPresent(); next = archive.next()) {
      TarMember member = next.get();
      try {
        extract(member, archive);
      } catch (TarFormatException e) {
        throw e;
      } catch (IOException e) {
        throw new ApplyException(member.path(), applied, e);
      }
    }
    for (Map.Entry<BytePath, FileStat.Time> directory : directories.entrySet()) {
      try (Fd fd = target.openStrict(directory.getKey())) {
        Syscalls.setModified(fd, directory.getValue());
      } catch (IOException e) {
        throw new ApplyException(directory.getKey(), applied, e);
      }
    }
    return new Applied(applied, kept);
  }

  private void extract(TarMember member, TarReader archive) throws IOException {
    boolean directory = member.type() == TarType.DIRECTORY;
    if (member.path().isRoot() && !directory) {
      throw new TarFormatException("./", "the root is no directory");
    }
    Optional<FileType> there = typeOf(member.path());
    if (!directory) {
      files.add(member.path());
    }
    if (there.isPresent() && existing == Existing.KEEP) {
      kept++;
      return;
    }
    boolean stays = directory && there.equals(Optional.of(FileType.DIRECTORY));
    if (there.isPresent() && !stays && (directory || there.get() == FileType.DIRECTORY)) {
      target.remove(member.path());
      directories.keySet().removeIf(path -> path.startsWith(member.path()));
    }
    if (stays) {
      updateDirectory(member);
    } else {
      try (Fd parent = target.makeDirectories(member.path().parent())) {
        create(member, parent, archive);
      }
    }
    if (directory) {
      directories.put(member.path(), member.modified());
    }
    applied++;
  }

  /** What is at a path; a mount point is an error. */
  private Optional<FileType> typeOf(BytePath path) throws IOException {
    Optional<Fd> found = target.findStrict(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Fd fd = found.get()) {
      return Optional.of(Syscalls.fstat(fd).type());
    }
  }

  private void updateDirectory(TarMember member) throws IOException {
    try (Fd fd = target.openStrict(member.path())) {
      setMetadata(fd, member);
    }
  }

  private void create(TarMember member, Fd parent, TarReader archive) throws IOException {
    if (isWhiteout(member)) {
      // GNU tar archives an upper directory's whiteouts as they are: a deletion.
      target.remove(member.path());
      return;
    }
    try (StagedEntry staged = stage(member, parent)) {
      if (member.type() == TarType.REGULAR) {
        write(staged.object(), member.content(), archive);
      }
      if (member.type() != TarType.HARD_LINK) {
        setMetadata(staged.object(), member);
        Syscalls.setModified(staged.object(), member.modified());
      }
      staged.commit(member.path().name());
    }
  }

  private StagedEntry stage(TarMember member, Fd parent) throws IOException {
    return switch (member.type()) {
      case REGULAR -> StagedEntry.file(parent);
      case DIRECTORY -> StagedEntry.directory(parent);
      case SYMLINK -> StagedEntry.symlink(parent, PaxRecords.bytes(member.link()));
      case FIFO -> StagedEntry.node(parent, FileType.FIFO, member.device());
      case CHARACTER_DEVICE -> StagedEntry.node(parent, FileType.CHARACTER_DEVICE, member.device());
      case BLOCK_DEVICE -> StagedEntry.node(parent, FileType.BLOCK_DEVICE, member.device());
      case HARD_LINK -> stageLink(member, parent);
    };
  }

  /** A hard link to anything but what this archive brought could publish a file of the image. */
  private StagedEntry stageLink(TarMember member, Fd parent) throws IOException {
    String name = PaxRecords.text(member.path().relativeBytes());
    BytePath first;
    try {
      first = BytePath.ofLatin1(member.link());
    } catch (IllegalArgumentException e) {
      throw new TarFormatException(name, "hard link to a " + e.getMessage());
    }
    if (!files.contains(first) || first.equals(member.path())) {
      throw new TarFormatException(name, "hard link to " + first + ", no earlier file of it");
    }
    try (Fd firstParent = target.openStrict(first.parent());
        Fd file = target.openStrict(first)) {
      if (Syscalls.fstat(file).isDirectory()) {
        throw new ErrnoException("linkat", Errno.EISDIR, file.toString());
      }
      return StagedEntry.link(parent, firstParent, first.name());
    }
  }

  private static boolean isWhiteout(TarMember member) {
    return member.type() == TarType.CHARACTER_DEVICE && member.device().equals(TarMember.NO_DEVICE);
  }

  private static void write(Fd file, SparseMap content, TarReader archive) throws IOException {
    try (FileChannel channel = FileChannel.open(file.procPath(), StandardOpenOption.WRITE)) {
      archive.copyContent(channel);
    }
    if (content.hasHoles()) {
      try (Fd writable = Syscalls.reopen(file, Syscalls.O_WRONLY)) {
        Syscalls.ftruncate(writable, content.size());
      }
    }
  }

  /**
   * Owner first: changing it drops setuid bits and file capabilities. What an object has already
   * may be an access control list, inherited from its directory.
   */
  private static void setMetadata(Fd fd, TarMember member) throws IOException {
    Syscalls.chown(fd, member.uid(), member.gid());
    for (String name : Xattrs.names(fd)) {
      if (PortableXattrs.includes(name) && !member.xattrs().containsKey(name)) {
        Xattrs.remove(fd, name);
      }
    }
    if (member.type() != TarType.SYMLINK) {
      Syscalls.chmod(fd, member.mode());
    }
    for (Map.Entry<String, byte[]> xattr : member.xattrs().entrySet()) {
      Xattrs.set(fd, xattr.getKey(), xattr.getValue());
    }
  }
}
