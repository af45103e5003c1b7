// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes members in the pax form that GNU tar reads with {@code --xattrs --numeric-owner}: names
 * and values as the bytes they are, sparse files as GNU's version 1.0.
 */
final class TarWriter {

  /** What a reader may have to hold in memory for one entry. */
  static final int MAX_PAX = 1 << 20;

  static final int MAX_NAME = 1 << 16;

  /** GNU tar reads 20 blocks at once. */
  private static final int RECORD = 20 * TarHeader.BLOCK;

  private static final char PAX = 'x';

  private final ArchiveOutput out;
  private final DiffProgress progress;
  private long entries;

  TarWriter(ArchiveOutput out, DiffProgress progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Appends a member without content. */
  void add(TarMember member) throws IOException {
    writeHeaders(member, 0);
  }

  /**
   * Appends a regular file.
   *
   * @throws CaptureException if it cannot be read to its end; zeros are in place of the rest, so
   *     that more members can follow
   */
  void add(TarMember member, FileContent content) throws IOException {
    SparseMap map = member.content();
    byte[] mapText = map.hasHoles() ? padded(map.gnuText()) : new byte[0];
    writeHeaders(member, mapText.length + map.dataBytes());
    out.write(mapText);
    long end = out.bytes() + map.dataBytes();
    try {
      for (SparseMap.Segment segment : map.segments()) {
        out.copy(content, segment.offset(), segment.length());
      }
    } finally {
      out.zeros(end - out.bytes());
      out.pad(TarHeader.BLOCK);
    }
  }

  /** Ends the archive. */
  void finish() throws IOException {
    out.zeros(2 * TarHeader.BLOCK);
    out.pad(RECORD);
  }

  long entries() {
    return entries;
  }

  /** Where in the archive the next member begins. */
  long position() {
    return out.bytes();
  }

  private void writeHeaders(TarMember member, long size) throws IOException {
    SortedMap<String, byte[]> pax = new TreeMap<>();
    TarHeader header = header(member, size, pax);
    for (Map.Entry<String, byte[]> xattr : member.xattrs().entrySet()) {
      String name = PortableXattrs.archived(xattr.getKey());
      pax.put(PaxRecords.xattrKey(name), xattr.getValue());
    }
    if (!pax.isEmpty()) {
      writePax(member.path(), PaxRecords.encode(pax));
    }
    out.write(header.encode());
    entries++;
    progress.entryDone();
  }

  private void writePax(BytePath path, byte[] body) throws IOException {
    if (body.length > MAX_PAX) {
      throw new CaptureException(path, "names and attributes of " + body.length + " bytes");
    }
    String name = "././@PaxHeader";
    out.write(new TarHeader(name, 0644, 0, 0, body.length, 0, PAX, "", 0, 0).encode());
    out.write(padded(body));
  }

  /** The header, and as pax records what does not fit into it. */
  private static TarHeader header(TarMember member, long size, SortedMap<String, byte[]> pax)
      throws IOException {
    String name = nameOf(member.path(), member.type());
    if (name.length() > MAX_NAME) {
      throw new CaptureException(member.path(), "name of " + name.length() + " bytes");
    }
    if (member.content().hasHoles()) {
      put(pax, PaxRecords.SPARSE_MAJOR, "1");
      put(pax, PaxRecords.SPARSE_MINOR, "0");
      put(pax, PaxRecords.SPARSE_NAME, name);
      put(pax, PaxRecords.SPARSE_REAL_SIZE, Long.toString(member.content().size()));
      name = "./GNUSparseFile.0/" + PaxRecords.text(member.path().name());
    } else if (name.length() > TarHeader.NAME_LENGTH) {
      put(pax, PaxRecords.PATH, name);
    }
    String link =
        member.type() == TarType.HARD_LINK
            ? nameOf(BytePath.ofLatin1(member.link()), TarType.REGULAR)
            : member.link();
    if (link.length() > TarHeader.NAME_LENGTH) {
      put(pax, PaxRecords.LINK_PATH, link);
    }
    if (member.modified().nanos() != 0) {
      put(pax, PaxRecords.MTIME, PaxRecords.time(member.modified()));
    }
    return new TarHeader(
        name,
        member.mode(),
        fitting(member.uid(), TarHeader.MAX_ID, PaxRecords.UID, pax),
        fitting(member.gid(), TarHeader.MAX_ID, PaxRecords.GID, pax),
        fitting(size, TarHeader.MAX_SIZE, PaxRecords.SIZE, pax),
        fitting(member.modified().seconds(), TarHeader.MAX_SIZE, PaxRecords.MTIME, pax),
        member.type().flag,
        link,
        member.device().major(),
        member.device().minor());
  }

  private static long fitting(long value, long max, String key, SortedMap<String, byte[]> pax) {
    if (value >= 0 && value <= max) {
      return value;
    }
    pax.putIfAbsent(key, PaxRecords.bytes(Long.toString(value)));
    return 0;
  }

  private static void put(SortedMap<String, byte[]> pax, String key, String value) {
    pax.put(key, PaxRecords.bytes(value));
  }

  private static String nameOf(BytePath path, TarType type) {
    String slash = type == TarType.DIRECTORY && !path.isRoot() ? "/" : "";
    return "./" + PaxRecords.text(path.relativeBytes()) + slash;
  }

  private static byte[] padded(byte[] bytes) {
    int blocks = (bytes.length + TarHeader.BLOCK - 1) / TarHeader.BLOCK;
    return Arrays.copyOf(bytes, blocks * TarHeader.BLOCK);
  }
}
