// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.criubridge.core.sys.FileStat;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The body of a pax extended header: {@code "LENGTH KEY=VALUE\n"} records, the length in bytes and
 * counting itself. Keys are one char per byte, values any bytes, as the xattr records need. Source:
 * POSIX pax, "pax Extended Header"; GNU tar {@code src/xheader.c}.
 */
final class PaxRecords {
  static final String PATH = "path";
  static final String LINK_PATH = "linkpath";
  static final String SIZE = "size";
  static final String UID = "uid";
  static final String GID = "gid";
  static final String MTIME = "mtime";
  static final String SPARSE_MAJOR = "GNU.sparse.major";
  static final String SPARSE_MINOR = "GNU.sparse.minor";
  static final String SPARSE_NAME = "GNU.sparse.name";
  static final String SPARSE_REAL_SIZE = "GNU.sparse.realsize";

  /** Offsets and lengths in one record: format 0.1. */
  static final String SPARSE_MAP = "GNU.sparse.map";

  private static final String SPARSE_OFFSET = "GNU.sparse.offset";
  private static final String SPARSE_BYTES = "GNU.sparse.numbytes";

  /** Access control lists as text. */
  static final String ACL = "SCHILY.acl.";

  private static final String XATTR = "SCHILY.xattr.";

  private static final Pattern TIME = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{0,32})?");

  private PaxRecords() {}

  static byte[] encode(Map<String, byte[]> records) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    records.forEach(
        (key, value) -> {
          int rest = 1 + key.length() + 1 + value.length + 1;
          int length = rest + Integer.toString(rest).length();
          length = rest + Integer.toString(length).length();
          body.writeBytes((length + " " + key + "=").getBytes(ISO_8859_1));
          body.writeBytes(value);
          body.write('\n');
        });
    return body.toByteArray();
  }

  /**
   * Reads records; of several with one key the last counts. But for those of sparse format 0.0,
   * which repeats a record for each offset and each length: they become the one of format 0.1.
   *
   * @throws IllegalArgumentException if the body is damaged
   */
  static SortedMap<String, byte[]> decode(byte[] body) {
    SortedMap<String, byte[]> records = new TreeMap<>();
    ByteArrayOutputStream sparse = new ByteArrayOutputStream();
    int at = 0;
    while (at < body.length) {
      int space = indexOf(body, ' ', at, Math.min(body.length, at + 9));
      int end = at + Integer.parseInt(new String(body, at, space - at, US_ASCII));
      if (end > body.length || end <= space + 1 || body[end - 1] != '\n') {
        throw new IllegalArgumentException("pax record with a wrong length");
      }
      int equals = indexOf(body, '=', space + 1, end);
      String key = new String(body, space + 1, equals - space - 1, ISO_8859_1);
      if (key.equals(SPARSE_OFFSET) || key.equals(SPARSE_BYTES)) {
        sparse.writeBytes(bytes(sparse.size() == 0 ? "" : ","));
        sparse.write(body, equals + 1, end - 1 - (equals + 1));
      } else {
        records.put(key, Arrays.copyOfRange(body, equals + 1, end - 1));
      }
      at = end;
    }
    if (sparse.size() > 0) {
      records.put(SPARSE_MAP, sparse.toByteArray());
    }
    return records;
  }

  private static int indexOf(byte[] body, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (body[i] == wanted) {
        return i;
      }
    }
    throw new IllegalArgumentException("pax record without '" + wanted + "'");
  }

  static String text(byte[] value) {
    return new String(value, ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** The key for an extended attribute; GNU tar escapes what would end the key. */
  static String xattrKey(String name) {
    return XATTR + name.replace("%", "%25").replace("=", "%3D");
  }

  /** The extended attributes among the records. */
  static SortedMap<String, byte[]> xattrs(SortedMap<String, byte[]> records) {
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    for (Map.Entry<String, byte[]> entry : records.tailMap(XATTR).entrySet()) {
      if (!entry.getKey().startsWith(XATTR)) {
        break;
      }
      String name = entry.getKey().substring(XATTR.length());
      xattrs.put(name.replace("%3D", "=").replace("%25", "%"), entry.getValue());
    }
    return xattrs;
  }

  static String time(FileStat.Time time) {
    if (time.seconds() >= 0 && time.nanos() != 0) {
      // The usual case, once for every member.
      String digits = Long.toString(1_000_000_000L + time.nanos());
      int end = digits.length();
      while (digits.charAt(end - 1) == '0') {
        end--;
      }
      return time.seconds() + "." + digits.substring(1, end);
    }
    return BigDecimal.valueOf(time.seconds())
        .add(BigDecimal.valueOf(time.nanos(), 9))
        .stripTrailingZeros()
        .toPlainString();
  }

  /**
   * Reads seconds with a fraction; what is finer than a nanosecond is dropped.
   *
   * @throws IllegalArgumentException if it is no such number
   */
  static FileStat.Time parseTime(String text) {
    if (!TIME.matcher(text).matches()) {
      throw new IllegalArgumentException("time '" + text + "'");
    }
    BigDecimal exact = new BigDecimal(text);
    BigDecimal seconds = exact.setScale(0, RoundingMode.FLOOR);
    BigDecimal nanos = exact.subtract(seconds).movePointRight(9);
    return new FileStat.Time(seconds.longValue(), nanos.intValue());
  }
}
