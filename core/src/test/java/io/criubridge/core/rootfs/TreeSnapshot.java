// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.DirectoryNames;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.Xattrs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** Everything about a tree that a restore must give back, by path, as text to compare. */
record TreeSnapshot(Map<String, String> entries) {

  static TreeSnapshot of(Path dir) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    Map<String, List<String>> namesOfInodes = new HashMap<>();
    try (ScopedRoot root = ScopedRoot.open(dir)) {
      add(root, BytePath.ROOT, entries, namesOfInodes);
    }
    // Not by the number of links: an overlay counts names of a lower file that it does not show.
    for (List<String> names : namesOfInodes.values()) {
      if (names.size() > 1) {
        names.forEach(name -> entries.merge(name, " same=" + names.get(0), String::concat));
      }
    }
    return new TreeSnapshot(entries);
  }

  private static void add(
      ScopedRoot root,
      BytePath path,
      Map<String, String> entries,
      Map<String, List<String>> namesOfInodes)
      throws IOException {
    try (Fd fd = root.openStrict(path)) {
      FileStat stat = Syscalls.fstat(fd);
      StringBuilder text = new StringBuilder();
      text.append(stat.type()).append(' ').append(Integer.toOctalString(stat.mode()));
      text.append(' ').append(stat.uid()).append(':').append(stat.gid());
      text.append(' ').append(stat.modified()).append(' ').append(stat.rdev());
      Xattrs.read(fd)
          .forEach(
              (name, value) ->
                  text.append(' ')
                      .append(BytePath.printable(name))
                      .append('=')
                      .append(HexFormat.of().formatHex(value)));
      if (stat.type() == FileType.REGULAR) {
        text.append(" size=").append(stat.size());
        text.append(" data=").append(dataBlocks(fd, stat.size()));
        text.append(" crc=").append(crc(fd));
      } else if (stat.type() == FileType.SYMLINK) {
        text.append(" -> ").append(BytePath.printable(PaxRecords.text(Syscalls.readlink(fd))));
      }
      if (stat.nlink() > 1 && !stat.isDirectory()) {
        String inode = stat.device() + "/" + stat.ino();
        namesOfInodes.computeIfAbsent(inode, none -> new ArrayList<>()).add(path.toString());
      }
      entries.put(path.toString(), text.toString());
      if (stat.isDirectory()) {
        for (byte[] name : DiffWalk.sorted(DirectoryNames.list(fd))) {
          add(root, path.resolve(name), entries, namesOfInodes);
        }
      }
    }
  }

  /** Where the file has data, in blocks of 4 KiB: what a restore may not make more of. */
  private static String dataBlocks(Fd fd, long size) throws IOException {
    StringBuilder blocks = new StringBuilder();
    try (Fd readable = Syscalls.reopen(fd, Syscalls.O_RDONLY)) {
      long hole = 0;
      while (hole < size) {
        long data;
        try {
          data = Syscalls.lseek(readable, hole, Syscalls.Whence.DATA);
        } catch (ErrnoException e) {
          break;
        }
        hole = Syscalls.lseek(readable, data, Syscalls.Whence.HOLE);
        blocks.append(data / 4096).append('-').append((hole + 4095) / 4096).append(';');
      }
    }
    return blocks.toString();
  }

  private static long crc(Fd fd) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(Files.readAllBytes(fd.procPath()));
    return crc.getValue();
  }
}
