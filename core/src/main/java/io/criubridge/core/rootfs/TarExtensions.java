// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.FileStat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the entries before a member's header say of it: pax records, which come first, and GNU tar's
 * long names. Methods throw IllegalArgumentException at values that are damaged.
 */
final class TarExtensions {

  private static final String SPARSE = "GNU.sparse.";

  private SortedMap<String, byte[]> pax = Collections.emptySortedMap();
  private @Nullable String longName;
  private @Nullable String longLink;

  void setPax(byte[] body, String entry) throws TarFormatException {
    try {
      pax = PaxRecords.decode(body);
    } catch (IllegalArgumentException e) {
      throw new TarFormatException(entry, String.valueOf(e.getMessage()));
    }
  }

  void setName(byte[] body) {
    longName = cText(body);
  }

  void setLink(byte[] body) {
    longLink = cText(body);
  }

  boolean isEmpty() {
    return pax.isEmpty() && longName == null && longLink == null;
  }

  String nameOr(String inHeader) {
    return record(PaxRecords.SPARSE_NAME)
        .or(() -> record(PaxRecords.PATH))
        .or(() -> Optional.ofNullable(longName))
        .orElse(inHeader);
  }

  String linkOr(String inHeader) {
    return record(PaxRecords.LINK_PATH).or(() -> Optional.ofNullable(longLink)).orElse(inHeader);
  }

  long sizeOr(long inHeader) {
    return number(PaxRecords.SIZE).orElse(inHeader);
  }

  long uidOr(long inHeader) {
    return number(PaxRecords.UID).orElse(inHeader);
  }

  long gidOr(long inHeader) {
    return number(PaxRecords.GID).orElse(inHeader);
  }

  FileStat.Time modifiedOr(FileStat.Time inHeader) {
    return record(PaxRecords.MTIME).map(PaxRecords::parseTime).orElse(inHeader);
  }

  SortedMap<String, byte[]> xattrs() {
    SortedMap<String, byte[]> xattrs = new TreeMap<>(PaxRecords.xattrs(pax));
    xattrs.keySet().removeIf(name -> !PortableXattrs.includes(name));
    return xattrs;
  }

  /** GNU tar's sparse format, {@code 1.0} say; absent if the file is not sparse. */
  Optional<String> sparseVersion() {
    Optional<String> major = record(PaxRecords.SPARSE_MAJOR);
    if (major.isPresent()) {
      return Optional.of(major.get() + "." + record(PaxRecords.SPARSE_MINOR).orElse(""));
    }
    if (record(SPARSE + "map").isPresent()) {
      return Optional.of("0.1");
    }
    boolean any = pax.keySet().stream().anyMatch(key -> key.startsWith(SPARSE));
    return any ? Optional.of("0.0") : Optional.empty();
  }

  /** The length of the sparse file. */
  long sparseSize() {
    return number(PaxRecords.SPARSE_REAL_SIZE)
        .or(() -> number(SPARSE + "size"))
        .orElseThrow(() -> new IllegalArgumentException("sparse without a size"));
  }

  /** Offsets and lengths as sparse format 0.1 has them. */
  List<Long> sparsePairs() {
    List<Long> pairs = new ArrayList<>();
    for (String number : record(SPARSE + "map").orElse("").split(",", -1)) {
      pairs.add(Long.parseLong(number));
    }
    return pairs;
  }

  private Optional<Long> number(String key) {
    return record(key).map(Long::parseLong);
  }

  private Optional<String> record(String key) {
    return Optional.ofNullable(pax.get(key)).map(PaxRecords::text);
  }

  private static String cText(byte[] body) {
    String text = PaxRecords.text(body);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
