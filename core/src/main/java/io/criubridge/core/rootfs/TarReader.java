// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads archives of {@link TarWriter}, and those that GNU tar writes in its pax, ustar and gnu
 * forms. An archive is taken for hostile: whatever it claims is bounded and checked.
 */
final class TarReader {

  /** Beyond a limit so many headers are still read, and so many bytes, to name the entry there. */
  private static final int HEADERS_TO_NAME = 4;

  private static final int BYTES_TO_NAME = 2 * TarWriter.MAX_PAX;

  private final ArchiveInput in;
  private final ArchiveLimits limits;
  private final GlobalRecords global = new GlobalRecords();
  private @Nullable Boolean fromDot;
  private long headers;
  private long dataLeft;
  private int padding;

  TarReader(InputStream in) {
    this(ArchiveInput.of(in), ArchiveLimits.DEFAULT);
  }

  TarReader(ArchiveInput in, ArchiveLimits limits) {
    this.in = in;
    this.limits = limits;
    long bytes = limits.bytes() + BYTES_TO_NAME;
    in.limit(bytes < 0 ? Long.MAX_VALUE : bytes);
  }

  /** The next member; absent at the end of the archive. */
  Optional<TarMember> next() throws IOException {
    skip(dataLeft + padding);
    in.skipStale();
    TarExtensions extensions = new TarExtensions(global.all());
    for (; ; ) {
      long start = in.offset();
      byte[] block = readBlock();
      if (isZero(block)) {
        if (!extensions.isEmpty()) {
          throw new TarFormatException(start, "ends in the middle of an entry");
        }
        in.finish();
        return Optional.empty();
      }
      TarHeader header = header(block, start);
      if (++headers - HEADERS_TO_NAME > limits.entries()) {
        throw new TarFormatException(header.name(), beyondEntries());
      }
      switch (header.type()) {
        case 'g' -> {
          global.add(readMeta(header, GlobalRecords.MAX), header.name());
          extensions = new TarExtensions(global.all());
        }
        case 'x' -> addPax(extensions, header);
        case 'L' -> extensions.setName(readMeta(header, TarWriter.MAX_NAME + 1));
        case 'K' -> extensions.setLink(readMeta(header, TarWriter.MAX_NAME + 1));
        default -> {
          return Optional.of(member(header, block, extensions));
        }
      }
    }
  }

  /**
   * Whether the names begin with {@code ./}, as ours do and those of GNU tar of a whole directory.
   * Engines begin theirs with the first component, and leave out most attributes.
   */
  boolean namesBeginWithDot() {
    return Boolean.TRUE.equals(fromDot);
  }

  /** Bytes of data that the member has, its holes left out, and that were not read yet. */
  long dataLeft() {
    return dataLeft;
  }

  /** Where in the archive the next of the member's data is. */
  long dataOffset() {
    return in.offset();
  }

  /** How much of the archive's file was read. */
  long offsetInFile() throws IOException {
    return in.offsetInFile();
  }

  /** Reads some of the member's data. */
  void readData(byte[] buffer, int count) throws IOException {
    in.readFully(buffer, count);
    dataLeft -= count;
  }

  /** One entry may have several such headers, but not more in them all than fits into one. */
  private void addPax(TarExtensions extensions, TarHeader header) throws IOException {
    int before = extensions.paxBytes();
    if (before > 0 && header.size() > TarWriter.MAX_PAX - before) {
      String reason = "header of " + header.size() + " bytes, type 'x', after others of " + before;
      throw new TarFormatException(header.name(), reason + " for the same entry");
    }
    extensions.addPax(readMeta(header, TarWriter.MAX_PAX), header.name());
  }

  private TarMember member(TarHeader header, byte[] block, TarExtensions extensions)
      throws IOException {
    String entry = extensions.nameOr(header.name());
    if (fromDot == null) {
      fromDot = entry.startsWith("./");
    }
    try {
      return checkedMember(header, block, extensions, entry);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      throw new TarFormatException(entry, reason);
    }
  }

  private TarMember checkedMember(
      TarHeader header, byte[] block, TarExtensions extensions, String entry) throws IOException {
    boolean oldSparse = header.type() == 'S';
    TarType type =
        (oldSparse ? Optional.of(TarType.REGULAR) : TarType.ofFlag(header.type()))
            .orElseThrow(() -> new IllegalArgumentException("type '" + header.type() + "'"));
    if (type == TarType.REGULAR && entry.endsWith("/") && !oldSparse) {
      // How tar marked directories before it had a type for them.
      type = TarType.DIRECTORY;
    }
    check(!entry.startsWith("/"), "absolute name: make the archive with names below its root");
    BytePath path = BytePath.ofLatin1(entry);
    String link = extensions.linkOr(header.link());
    check(entry.length() <= TarWriter.MAX_NAME && link.length() <= TarWriter.MAX_NAME, "name");
    check(link.indexOf('\0') < 0, "NUL in its link");
    startContent(type, extensions.sizeOr(header.size()));
    check(headers <= limits.entries(), beyondEntries());
    check(dataLeft <= limits.bytes() - in.offset(), beyondBytes());
    SparseMap content = oldSparse ? oldSparseMap(block) : sparseMap(extensions);
    check(content.dataBytes() == dataLeft, "sparse map of another length than the data");
    return new TarMember(
        path,
        type,
        header.mode(),
        id(extensions.uidOr(header.uid())),
        id(extensions.gidOr(header.gid())),
        extensions.modifiedOr(new FileStat.Time(header.modified(), 0)),
        link,
        device(type, header),
        extensions.xattrs(),
        content);
  }

  private String beyondBytes() {
    return "with its " + dataLeft + " bytes is beyond the limit of " + limits.bytes() + " bytes";
  }

  private String beyondEntries() {
    return "is beyond the limit of " + limits.entries() + " entries";
  }

  private void startContent(TarType type, long size) {
    check(size >= 0, "size " + size);
    // GNU tar notes the size of a hard link's target, without data.
    dataLeft = type == TarType.REGULAR ? size : 0;
    padding = (int) Math.floorMod(-dataLeft, (long) TarHeader.BLOCK);
  }

  private SparseMap sparseMap(TarExtensions extensions) throws IOException {
    Optional<String> version = extensions.sparseVersion();
    if (version.isEmpty()) {
      return SparseMap.dense(dataLeft);
    }
    return switch (version.get()) {
      case "1.0" -> {
        GnuSparseText text = new GnuSparseText(this::readDataBlock);
        yield SparseMap.ofPairs(extensions.sparseSize(), text.read());
      }
      case "0.1" -> SparseMap.ofPairs(extensions.sparseSize(), extensions.sparsePairs());
      default -> throw new IllegalArgumentException("sparse format " + version.get());
    };
  }

  /** Source: GNU tar {@code src/tar.h}, {@code struct oldgnu_header} and {@code sparse_header}. */
  private SparseMap oldSparseMap(byte[] header) throws IOException {
    List<Long> pairs = new ArrayList<>();
    addPairs(header, 386, 4, pairs);
    boolean more = header[482] != 0;
    while (more) {
      byte[] extension = readBlock();
      addPairs(extension, 0, 21, pairs);
      check(pairs.size() <= GnuSparseText.MAX_NUMBERS, "too many sparse segments");
      more = extension[504] != 0;
    }
    return SparseMap.ofPairs(TarHeader.number(header, 483, 12), pairs);
  }

  private static void addPairs(byte[] block, int at, int count, List<Long> pairs) {
    for (int i = 0; i < count && block[at + 24 * i] != 0; i++) {
      pairs.add(TarHeader.number(block, at + 24 * i, 12));
      pairs.add(TarHeader.number(block, at + 24 * i + 12, 12));
    }
  }

  private static FileStat.Device device(TarType type, TarHeader header) {
    if (type != TarType.CHARACTER_DEVICE && type != TarType.BLOCK_DEVICE) {
      return TarMember.NO_DEVICE;
    }
    int major = header.deviceMajor();
    int minor = header.deviceMinor();
    check(major >> 12 == 0 && minor >> 20 == 0, "device " + major + ":" + minor);
    return new FileStat.Device(major, minor);
  }

  private static long id(long id) {
    check(id >= 0 && id < 0xffff_ffffL, "owner " + id);
    return id;
  }

  private static void check(boolean holds, String reason) {
    if (!holds) {
      throw new IllegalArgumentException(reason);
    }
  }

  private TarHeader header(byte[] block, long start) throws TarFormatException {
    try {
      return TarHeader.parse(block);
    } catch (IllegalArgumentException e) {
      throw new TarFormatException(start, String.valueOf(e.getMessage()));
    }
  }

  private byte[] readMeta(TarHeader header, int max) throws IOException {
    if (header.size() < 0 || header.size() > max) {
      throw new TarFormatException(
          header.name(), "header of " + header.size() + " bytes, type '" + header.type() + "'");
    }
    byte[] body = new byte[(int) header.size()];
    in.readFully(body, body.length);
    in.skip(Math.floorMod(-body.length, TarHeader.BLOCK));
    return body;
  }

  private byte[] readDataBlock() throws IOException {
    check(dataLeft >= TarHeader.BLOCK, "sparse map is cut short");
    dataLeft -= TarHeader.BLOCK;
    return readBlock();
  }

  private byte[] readBlock() throws IOException {
    byte[] block = new byte[TarHeader.BLOCK];
    in.readFully(block, block.length);
    return block;
  }

  private void skip(long count) throws IOException {
    in.skip(count);
    dataLeft = 0;
    padding = 0;
  }

  private static boolean isZero(byte[] block) {
    return Arrays.equals(block, new byte[TarHeader.BLOCK]);
  }
}
