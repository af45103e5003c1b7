// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.FileStat;
import java.util.ArrayList;
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

  private final SortedMap<String, byte[]> global;
  private final SortedMap<String, byte[]> own = new TreeMap<>();
  private int paxBytes;
  private boolean empty = true;
  private @Nullable String longName;
  private @Nullable String longLink;

  /**
   * Starts with what a global header said, for all members after it.
   *
   * @param global its records
   */
  TarExtensions(SortedMap<String, byte[]> global) {
    this.global = global;
  }

  void addPax(byte[] body, String entry) throws TarFormatException {
    try {
      own.putAll(PaxRecords.decode(body));
      paxBytes += body.length;
      empty = false;
    } catch (IllegalArgumentException e) {
      throw new TarFormatException(entry, String.valueOf(e.getMessage()));
    }
  }

  /** Bytes of the member's own pax headers so far. */
  int paxBytes() {
    return paxBytes;
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
    SortedMap<String, byte[]> told = PaxRecords.xattrs(global);
    told.putAll(PaxRecords.xattrs(own));
    told.forEach(
        (name, value) ->
            PortableXattrs.restored(name).ifPresent(shown -> xattrs.put(shown, value)));
    addAccessLists(own, xattrs);
    addAccessLists(global, xattrs);
    return xattrs;
  }

  private void addAccessLists(SortedMap<String, byte[]> records, SortedMap<String, byte[]> xattrs) {
    for (String key : records.tailMap(PaxRecords.ACL).keySet()) {
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
    return isSparse(own) || isSparse(global) ? Optional.of("0.1") : Optional.empty();
  }

  private static boolean isSparse(SortedMap<String, byte[]> records) {
    SortedMap<String, byte[]> from = records.tailMap(SPARSE);
    return !from.isEmpty() && from.firstKey().startsWith(SPARSE);
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
    byte[] value = own.containsKey(key) ? own.get(key) : global.get(key);
    return Optional.ofNullable(value).map(PaxRecords::text);
  }

  private static String cText(byte[] body) {
    String text = PaxRecords.text(body);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
