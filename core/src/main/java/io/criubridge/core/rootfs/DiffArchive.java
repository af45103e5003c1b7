// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.Xattrs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Writes the files of a walk to an archive; the further names of a file as hard links. */
final class DiffArchive implements DiffVisitor {

  private final TarWriter tar;
  private final LinkNames links;
  private final List<BytePath> skippedSockets = new ArrayList<>();

  DiffArchive(TarWriter tar, LinkNames links) {
    this.tar = tar;
    this.links = links;
  }

  List<BytePath> skippedSockets() {
    return skippedSockets;
  }

  @Override
  public void directory(WalkDirectory directory, @Nullable WalkDirectory above) throws IOException {
    BytePath path = directory.place().path();
    SortedMap<String, byte[]> xattrs = xattrs(directory.merged());
    tar.add(member(path, TarType.DIRECTORY, directory.stat(), "", xattrs, SparseMap.EMPTY));
  }

  /** Whether a directory's member has extended attributes. */
  static boolean hasXattrs(WalkDirectory directory) throws IOException {
    return Xattrs.names(directory.merged()).stream().anyMatch(PortableXattrs::includes);
  }

  @Override
  public void file(WalkEntry entry) throws IOException {
    BytePath path = entry.place().path();
    FileStat stat = entry.stat();
    Optional<TarType> type = TarType.of(stat.type());
    if (type.isEmpty()) {
      skippedSockets.add(path);
      return;
    }
    if (stat.nlink() > 1) {
      Optional<LinkNames.Name> first = links.find(stat);
      if (first.isPresent()) {
        String link = PaxRecords.text(first.get().path().bytes());
        tar.add(member(path, TarType.HARD_LINK, stat, link, none(), SparseMap.EMPTY));
        return;
      }
      links.add(stat, entry.place(), LinkNames.Origin.WRITTEN);
    }
    if (stat.type() == FileType.REGULAR) {
      addContent(entry);
      return;
    }
    try (Fd file = entry.open()) {
      String link = stat.type() == FileType.SYMLINK ? PaxRecords.text(Syscalls.readlink(file)) : "";
      tar.add(member(path, type.get(), stat, link, xattrs(file), SparseMap.EMPTY));
    }
  }

  private void addContent(WalkEntry entry) throws IOException {
    Optional<Fd> upper = entry.openUpper();
    if (upper.isPresent()) {
      try (Fd file = upper.get()) {
        if (addContent(entry, file, Side.UPPER)) {
          return;
        }
      }
    }
    try (Fd file = entry.open()) {
      addContent(entry, file, Side.MERGED);
    }
  }

  private enum Side {
    UPPER,
    MERGED
  }

  /** Does nothing and says so if the upper file is mere metadata. */
  private boolean addContent(WalkEntry entry, Fd file, Side side) throws IOException {
    BytePath path = entry.place().path();
    FileStat stat = entry.stat();
    try (FileContent content = FileContent.open(path, file, stat)) {
      SortedMap<String, byte[]> xattrs = Xattrs.read(content.file());
      if (side == Side.UPPER && OverlayMarks.isMetadataOnly(xattrs)) {
        return false;
      }
      xattrs.keySet().removeIf(name -> !PortableXattrs.includes(name));
      SparseMap map = content.map();
      tar.add(member(path, TarType.REGULAR, stat, "", xattrs, map), content);
      content.checkUnchanged();
      return true;
    }
  }

  private static TarMember member(
      BytePath path,
      TarType type,
      FileStat stat,
      String link,
      SortedMap<String, byte[]> xattrs,
      SparseMap content) {
    return new TarMember(
        path,
        type,
        stat.mode(),
        stat.uid(),
        stat.gid(),
        stat.modified(),
        link,
        stat.rdev(),
        xattrs,
        content);
  }

  private static SortedMap<String, byte[]> none() {
    return Collections.emptySortedMap();
  }

  private static SortedMap<String, byte[]> xattrs(Fd file) throws IOException {
    SortedMap<String, byte[]> xattrs = Xattrs.read(file);
    xattrs.keySet().removeIf(name -> !PortableXattrs.includes(name));
    return xattrs;
  }
}
