// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * The 512 bytes that start a member. Text is one char per byte. Source: POSIX pax, "ustar
 * Interchange Format"; tar(5).
 *
 * @param size bytes of data that follow the header
 * @param modified seconds since 1970
 */
record TarHeader(
    String name,
    int mode,
    long uid,
    long gid,
    long size,
    long modified,
    char type,
    String link,
    int deviceMajor,
    int deviceMinor) {

  static final int BLOCK = 512;
  static final int NAME_LENGTH = TarConstants.NAMELEN;

  /** The largest number in an octal field of 8 bytes, and of 12. */
  static final long MAX_ID = TarConstants.MAXID;

  static final long MAX_SIZE = TarConstants.MAXSIZE;

  private static final int CHECKSUM = TarConstants.CHKSUM_OFFSET;
  private static final String USTAR = "ustar\0";

  byte[] encode() {
    byte[] block = new byte[BLOCK];
    putText(block, 0, NAME_LENGTH, name);
    putOctal(mode, block, 100, 8);
    putOctal(uid, block, 108, 8);
    putOctal(gid, block, 116, 8);
    putOctal(size, block, 124, 12);
    putOctal(modified, block, 136, 12);
    block[156] = (byte) type;
    putText(block, 157, NAME_LENGTH, link);
    putText(block, 257, 8, USTAR + "00");
    putOctal(deviceMajor, block, 329, 8);
    putOctal(deviceMinor, block, 337, 8);
    Arrays.fill(block, CHECKSUM, CHECKSUM + TarConstants.CHKSUMLEN, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    putOctal(sum, block, CHECKSUM, TarConstants.CHKSUMLEN - 1);
    return block;
  }

  /**
   * Reads a header of any of the old, ustar and GNU forms.
   *
   * @throws IllegalArgumentException if the checksum or a number is wrong
   */
  static TarHeader parse(byte[] block) {
    if (!TarUtils.verifyCheckSum(block)) {
      throw new IllegalArgumentException("not a tar header");
    }
    String name = text(block, 0, NAME_LENGTH);
    boolean posix = new String(block, 257, 6, ISO_8859_1).equals(USTAR);
    String prefix = posix ? text(block, 345, 155) : "";
    return new TarHeader(
        prefix.isEmpty() ? name : prefix + '/' + name,
        (int) (number(block, 100, 8) & 07777),
        number(block, 108, 8),
        number(block, 116, 8),
        number(block, 124, 12),
        number(block, 136, 12),
        (char) (block[156] & 0xff),
        text(block, 157, NAME_LENGTH),
        (int) number(block, 329, 8),
        (int) number(block, 337, 8));
  }

  /** Reads an octal or base-256 number. */
  static long number(byte[] block, int offset, int length) {
    return TarUtils.parseOctalOrBinary(block, offset, length);
  }

  private static String text(byte[] block, int offset, int length) {
    String field = new String(block, offset, length, ISO_8859_1);
    int end = field.indexOf('\0');
    return end < 0 ? field : field.substring(0, end);
  }

  /** Writes a number with leading zeros; the last byte stays NUL. */
  private static void putOctal(long value, byte[] block, int offset, int length) {
    long left = value;
    for (int at = offset + length - 2; at >= offset; at--) {
      block[at] = (byte) ('0' + (left & 7));
      left >>>= 3;
    }
    block[offset + length - 1] = 0;
    if (left != 0) {
      throw new IllegalArgumentException(value + " does not fit " + length + " bytes");
    }
  }

  private static void putText(byte[] block, int offset, int length, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, length));
  }
}
