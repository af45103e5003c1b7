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

  @Override
  public void again(WalkDirectory directory) throws IOException {
    directory(directory, null);
  }

  /** Whether a directory's member has extended attributes. */
  static boolean hasXattrs(WalkDirectory directory) throws IOException {
    return Xattrs.names(directory.merged()).stream().anyMatch(PortableXattrs::includes);
  }

  @Override
  public boolean reads(FileStat stat) {
    return stat.type() == FileType.REGULAR;
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
    Optional<FileContent> upper = entry.openUpper();
    if (upper.isPresent()) {
      try (FileContent content = upper.get()) {
        Optional<SortedMap<String, byte[]>> shown = OverlayMarks.shown(content.xattrs());
        if (shown.isPresent()) {
          add(entry, content, shown.get());
          return;
        }
      }
    }
    try (Fd file = entry.open();
        FileContent content = FileContent.open(entry.place().path(), file, entry.stat())) {
      add(entry, content, content.xattrs());
    }
  }

  private void add(WalkEntry entry, FileContent content, SortedMap<String, byte[]> shown)
      throws IOException {
    SparseMap map = content.map();
    SortedMap<String, byte[]> xattrs = portable(shown);
    tar.add(member(entry.place().path(), TarType.REGULAR, entry.stat(), "", xattrs, map), content);
    content.checkUnchanged();
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
    return portable(Xattrs.read(file));
  }

  private static SortedMap<String, byte[]> portable(SortedMap<String, byte[]> xattrs) {
    xattrs.keySet().removeIf(name -> !PortableXattrs.includes(name));
    return xattrs;
  }
}
