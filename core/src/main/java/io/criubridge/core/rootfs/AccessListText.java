// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An access control list as text, the way pax records have it: {@code user::rwx}, {@code
 * user:1000:r-x}, {@code mask::rwx} ..., one a line or separated by commas. star adds the number
 * where a name is given: {@code user:lisa:r-x:502}. Source: acl(5); star(5), "SCHILY.acl.access".
 */
final class AccessListText {

  private static final int VERSION = 2;
  private static final int NO_ID = -1;
  private static final int HEADER_BYTES = 4;
  private static final int ENTRY_BYTES = 8;

  private AccessListText() {}

  private record Entry(short tag, short permissions, int id) {}

  /**
   * Makes of it what an extended attribute holds; empty if there are no entries. Source: {@code
   * include/uapi/linux/posix_acl_xattr.h}.
   *
   * @throws IllegalArgumentException if it is no list, or names somebody without the number, who
   *     may be somebody else here
   */
  static byte[] toXattr(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String line : text.split("[,\n]", -1)) {
      String plain = line.replaceFirst("#.*", "").strip();
      if (!plain.isEmpty()) {
        entries.add(entry(plain));
      }
    }
    if (entries.isEmpty()) {
      return new byte[0];
    }
    // The order that the kernel wants.
    entries.sort(Comparator.comparingInt(Entry::tag));
    ByteBuffer xattr = ByteBuffer.allocate(HEADER_BYTES + ENTRY_BYTES * entries.size());
    xattr.order(ByteOrder.LITTLE_ENDIAN).putInt(VERSION);
    for (Entry entry : entries) {
      xattr.putShort(entry.tag()).putShort(entry.permissions()).putInt(entry.id());
    }
    return xattr.array();
  }

  private static Entry entry(String text) {
    String[] fields = text.split(":", -1);
    if (fields.length < 3 || fields.length > 4) {
      throw new IllegalArgumentException("access list entry '" + text + "'");
    }
    boolean named = !fields[1].isEmpty();
    int id = named ? id(text, fields[fields.length - 1], fields[1]) : NO_ID;
    return new Entry(tag(text, fields[0], named), permissions(text, fields[2]), id);
  }

  private static short tag(String text, String kind, boolean named) {
    int tag =
        switch (kind) {
          case "user", "u" -> named ? 0x02 : 0x01;
          case "group", "g" -> named ? 0x08 : 0x04;
          case "mask", "m" -> named ? 0 : 0x10;
          case "other", "o" -> named ? 0 : 0x20;
          default -> 0;
        };
    if (tag == 0) {
      throw new IllegalArgumentException("access list entry '" + text + "'");
    }
    return (short) tag;
  }

  private static short permissions(String text, String letters) {
    if (!letters.matches("[r-][w-][x-]")) {
      throw new IllegalArgumentException("access list entry '" + text + "'");
    }
    int read = letters.charAt(0) == 'r' ? 4 : 0;
    int write = letters.charAt(1) == 'w' ? 2 : 0;
    int execute = letters.charAt(2) == 'x' ? 1 : 0;
    return (short) (read | write | execute);
  }

  private static int id(String text, String last, String name) {
    String number = last.matches("[0-9]{1,10}") ? last : name;
    if (!number.matches("[0-9]{1,10}") || Long.parseLong(number) >= 0xffff_ffffL) {
      throw new IllegalArgumentException(
          "access list entry '" + text + "' has no number: archive with --xattrs");
    }
    return (int) Long.parseLong(number);
  }
}
