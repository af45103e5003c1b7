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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes the files of a walk to an archive; the further names of a file as hard links. */
final class DiffArchive implements DiffWalk.Visitor {

  private record Inode(FileStat.Device device, long ino) {}

  private final TarWriter tar;
  private final Map<Inode, BytePath> firstNames = new HashMap<>();
  private final List<BytePath> skippedSockets = new ArrayList<>();

  DiffArchive(TarWriter tar) {
    this.tar = tar;
  }

  List<BytePath> skippedSockets() {
    return skippedSockets;
  }

  @Override
  public void visit(BytePath path, Fd file, FileStat stat) throws IOException {
    Optional<TarType> type = TarType.of(stat.type());
    if (type.isEmpty()) {
      skippedSockets.add(path);
      return;
    }
    if (stat.nlink() > 1 && !stat.isDirectory()) {
      BytePath first = firstNames.putIfAbsent(new Inode(stat.device(), stat.ino()), path);
      if (first != null) {
        String link = PaxRecords.text(first.bytes());
        tar.add(member(path, TarType.HARD_LINK, stat, link, new TreeMap<>(), SparseMap.EMPTY));
        return;
      }
    }
    if (stat.type() == FileType.REGULAR) {
      addFile(path, file, stat);
    } else {
      String link = stat.type() == FileType.SYMLINK ? PaxRecords.text(Syscalls.readlink(file)) : "";
      tar.add(member(path, type.get(), stat, link, xattrs(file), SparseMap.EMPTY));
    }
  }

  private void addFile(BytePath path, Fd file, FileStat stat) throws IOException {
    try (FileContent content = FileContent.open(path, file, stat)) {
      SparseMap map = content.map();
      tar.add(member(path, TarType.REGULAR, stat, "", xattrs(file), map), content);
      content.checkUnchanged();
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

  private static SortedMap<String, byte[]> xattrs(Fd file) throws IOException {
    SortedMap<String, byte[]> xattrs = Xattrs.read(file);
    xattrs.keySet().removeIf(name -> !PortableXattrs.includes(name));
    return xattrs;
  }
}
