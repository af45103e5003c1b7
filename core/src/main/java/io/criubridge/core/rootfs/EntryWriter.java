// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.StagedEntry;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.WritableFile;
import io.criubridge.core.sys.Xattrs;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Puts one member in place, whatever is there. By several threads at once, as long as their members
 * have nothing to do with each other.
 */
final class EntryWriter {

  private final ScopedRoot target;

  EntryWriter(ScopedRoot target) {
    this.target = target;
  }

  /** Whether what is made in a directory gets an access control list from it. */
  static boolean passesOnAccessList(Fd directory) throws IOException {
    return Xattrs.get(directory, "system.posix_acl_default").isPresent();
  }

  /**
   * Makes the object under its own name if that is free, which is what costs least, else in place
   * of what is there. One that cannot be completed is removed.
   *
   * @param member no directory and no hard link
   * @param inherits see {@link #passesOnAccessList}
   */
  void create(Fd parent, boolean inherits, TarMember member, MemberContent content)
      throws IOException {
    boolean made = false;
    try {
      if (member.type() == TarType.REGULAR) {
        try (WritableFile file = WritableFile.create(parent, member.path().name())) {
          made = true;
          fill(file, inherits, member, content);
        }
      } else {
        makeNode(member, parent);
        made = true;
        try (Fd node = Syscalls.openat(parent, member.path().name(), Syscalls.O_PATH, 0)) {
          setAll(node, inherits, member);
        }
      }
    } catch (ErrnoException e) {
      if (made || e.errno() != Errno.EEXIST) {
        throw made ? removed(parent, member, e) : e;
      }
      replace(parent, member, content);
    } catch (IOException e) {
      throw made ? removed(parent, member, e) : e;
    }
  }

  private static IOException removed(Fd parent, TarMember member, IOException failure) {
    try {
      Syscalls.unlinkat(parent, member.path().name(), 0);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private static void makeNode(TarMember member, Fd parent) throws IOException {
    byte[] name = member.path().name();
    if (member.type() == TarType.SYMLINK) {
      Syscalls.symlinkat(PaxRecords.bytes(member.link()), parent, name);
    } else {
      Syscalls.mknodat(parent, name, nodeType(member), 0600, member.device());
    }
  }

  /** Completes the object under another name, so that what is there is there until then. */
  void replace(Fd parent, TarMember member, MemberContent content) throws IOException {
    if (typeAt(member).equals(Optional.of(FileType.DIRECTORY))) {
      target.remove(member.path());
    }
    try (StagedEntry staged = stage(member, parent)) {
      if (member.type() == TarType.REGULAR) {
        try (WritableFile file = WritableFile.of(staged.object())) {
          fill(file, true, member, content);
        }
      } else {
        setAll(staged.object(), true, member);
      }
      staged.commit(member.path().name());
    }
  }

  /** What is at a member's path; a mount point is an error. */
  Optional<FileType> typeAt(TarMember member) throws IOException {
    Optional<Fd> found = target.findStrict(member.path());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Fd fd = found.get()) {
      return Optional.of(Syscalls.fstat(fd).type());
    }
  }

  private static StagedEntry stage(TarMember member, Fd parent) throws IOException {
    return switch (member.type()) {
      case REGULAR -> StagedEntry.file(parent);
      case SYMLINK -> StagedEntry.symlink(parent, PaxRecords.bytes(member.link()));
      default -> StagedEntry.node(parent, nodeType(member), member.device());
    };
  }

  private static FileType nodeType(TarMember member) {
    return switch (member.type()) {
      case FIFO -> FileType.FIFO;
      case CHARACTER_DEVICE -> FileType.CHARACTER_DEVICE;
      case BLOCK_DEVICE -> FileType.BLOCK_DEVICE;
      default -> throw new IllegalArgumentException("no node: " + member.type());
    };
  }

  private static void fill(
      WritableFile file, boolean inherits, TarMember member, MemberContent content)
      throws IOException {
    SparseMap map = member.content();
    content.write(file, map);
    if (map.endsInHole()) {
      file.setSize(map.size());
    }
    setOwner(file.fd(), inherits, member);
    file.setMode(member.mode());
    setXattrs(file.fd(), member);
    file.setModified(member.modified());
  }

  private static void setAll(Fd fd, boolean inherits, TarMember member) throws IOException {
    setMetadata(fd, inherits, member);
    Syscalls.setModified(fd, member.modified());
  }

  /**
   * Sets all but the time, which for a directory has to wait for what comes into it.
   *
   * @param inherits whether it may have attributes that it is not to have
   */
  static void setMetadata(Fd fd, boolean inherits, TarMember member) throws IOException {
    setOwner(fd, inherits, member);
    if (member.type() != TarType.SYMLINK) {
      Syscalls.chmod(fd, member.mode());
    }
    setXattrs(fd, member);
  }

  /** First: changing the owner drops setuid bits and file capabilities. */
  private static void setOwner(Fd fd, boolean inherits, TarMember member) throws IOException {
    Syscalls.chown(fd, member.uid(), member.gid());
    if (inherits) {
      for (String name : Xattrs.names(fd)) {
        if (PortableXattrs.includes(name) && !member.xattrs().containsKey(name)) {
          Xattrs.remove(fd, name);
        }
      }
    }
  }

  private static void setXattrs(Fd fd, TarMember member) throws IOException {
    for (Map.Entry<String, byte[]> xattr : member.xattrs().entrySet()) {
      Xattrs.set(fd, xattr.getKey(), xattr.getValue());
    }
  }
}
