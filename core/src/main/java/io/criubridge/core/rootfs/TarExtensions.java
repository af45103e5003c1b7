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

  private SortedMap<String, byte[]> pax;
  private boolean empty = true;
  private @Nullable String longName;
  private @Nullable String longLink;

  /**
   * Starts with what a global header said, for all members after it.
   *
   * @param global its records
   */
  TarExtensions(SortedMap<String, byte[]> global) {
    this.pax = global;
  }

  void setPax(byte[] body, String entry) throws TarFormatException {
    try {
      SortedMap<String, byte[]> records = new TreeMap<>(pax);
      records.putAll(PaxRecords.decode(body));
      pax = Collections.unmodifiableSortedMap(records);
      empty = false;
    } catch (IllegalArgumentException e) {
      throw new TarFormatException(entry, String.valueOf(e.getMessage()));
    }
  }

  SortedMap<String, byte[]> records() {
    return pax;
  }

  void setName(byte[] body) {
    empty = false;
    longName = cText(body);
  }

  void setLink(byte[] body) {
    empty = false;
    longLink = cText(body);
  }

  boolean isEmpty() {
    return empty;
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

  /** The extended attributes, access control lists among them, whichever way they are told. */
  SortedMap<String, byte[]> xattrs() {
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    PaxRecords.xattrs(pax)
        .forEach(
            (name, value) ->
                PortableXattrs.restored(name).ifPresent(shown -> xattrs.put(shown, value)));
    for (String key : pax.tailMap(PaxRecords.ACL).keySet()) {
      if (!key.startsWith(PaxRecords.ACL)) {
        break;
      }
      String name = accessListName(key);
      if (!xattrs.containsKey(name)) {
        byte[] list = AccessListText.toXattr(record(key).orElse(""));
        if (list.length > 0) {
          xattrs.put(name, list);
        }
      }
    }
    return xattrs;
  }

  private static String accessListName(String key) {
    return switch (key.substring(PaxRecords.ACL.length())) {
      case "access" -> "system.posix_acl_access";
      case "default" -> "system.posix_acl_default";
      default -> throw new IllegalArgumentException(key + " is a kind of list that Linux has not");
    };
  }

  /** GNU tar's sparse format, {@code 1.0} say; absent if the file is not sparse. */
  Optional<String> sparseVersion() {
    Optional<String> major = record(PaxRecords.SPARSE_MAJOR);
    if (major.isPresent()) {
      return Optional.of(major.get() + "." + record(PaxRecords.SPARSE_MINOR).orElse(""));
    }
    // What says so without a map, or with a number of no segments, is a file of one hole.
    boolean any = pax.tailMap(SPARSE).keySet().stream().anyMatch(key -> key.startsWith(SPARSE));
    return any ? Optional.of("0.1") : Optional.empty();
  }

  /** The length of the sparse file. */
  long sparseSize() {
    return number(PaxRecords.SPARSE_REAL_SIZE)
        .or(() -> number(SPARSE + "size"))
        .orElseThrow(() -> new IllegalArgumentException("sparse without a size"));
  }

  /** Offsets and lengths of sparse formats 0.0 and 0.1. */
  List<Long> sparsePairs() {
    List<Long> pairs = new ArrayList<>();
    String map = record(PaxRecords.SPARSE_MAP).orElse("");
    if (!map.isEmpty()) {
      for (String number : map.split(",", -1)) {
        pairs.add(Long.parseLong(number));
      }
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
