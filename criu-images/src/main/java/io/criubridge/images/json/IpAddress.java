// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Internet addresses as CRIU keeps them, words in network order, and as Python's {@code ipaddress}
 * writes them.
 */
final class IpAddress {
  private static final int V4_WORDS = 1;
  private static final int V6_WORDS = 4;

  private IpAddress() {}

  /** The text of an address; null if it has neither one word nor four. */
  static @Nullable String text(long[] words) {
    return switch (words.length) {
      case V4_WORDS -> v4(words[0]);
      case V6_WORDS -> v6(words);
      default -> null;
    };
  }

  private static String v4(long word) {
    return (word & 255)
        + "."
        + (word >> 8 & 255)
        + "."
        + (word >> 16 & 255)
        + "."
        + (word >> 24 & 255);
  }

  private static String v6(long[] words) {
    int[] groups = new int[8];
    for (int i = 0; i < groups.length; i++) {
      int pair = Integer.reverseBytes((int) words[i / 2]);
      groups[i] = i % 2 == 0 ? pair >>> 16 : pair & 0xffff;
    }
    if (Arrays.stream(groups, 0, 5).allMatch(group -> group == 0) && groups[5] == 0xffff) {
      return "::ffff:" + v4(words[3]);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < groups.length; i++) {
      int zeros = i;
      while (zeros < groups.length && groups[zeros] == 0) {
        zeros++;
      }
      if (zeros - i > length) {
        start = i;
        length = zeros - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        boolean colon = text.length() > 0 && text.charAt(text.length() - 1) != ':';
        text.append(colon ? ":" : "").append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  /** The words of an address; null if the text is none. */
  static long @Nullable [] words(String text) {
    if (text.indexOf(':') < 0) {
      byte[] v4 = parseV4(text);
      return v4 == null ? null : words(v4);
    }
    byte[] v6 = parseV6(text);
    return v6 == null ? null : words(v6);
  }

  private static long[] words(byte[] bytes) {
    long[] words = new long[bytes.length / 4];
    for (int i = bytes.length - 1; i >= 0; i--) {
      words[i / 4] = words[i / 4] << 8 | (bytes[i] & 0xff);
    }
    return words;
  }

  private static byte @Nullable [] parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[4];
    for (int i = 0; i < bytes.length; i++) {
      int number = parts.length == bytes.length ? number(parts[i], 10, 3) : -1;
      if (number < 0 || number > 255) {
        return null;
      }
      bytes[i] = (byte) number;
    }
    return bytes;
  }

  private static byte @Nullable [] parseV6(String text) {
    int gap = text.indexOf("::");
    byte[] head = groups(gap < 0 ? text : text.substring(0, gap));
    byte[] tail = groups(gap < 0 ? "" : text.substring(gap + 2));
    if (head == null || tail == null || head.length + tail.length > 16) {
      return null;
    }
    if (gap < 0 && head.length != 16) {
      return null;
    }
    byte[] bytes = Arrays.copyOf(head, 16);
    System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
    return bytes;
  }

  private static byte @Nullable [] groups(String text) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    String[] parts = text.split(":", -1);
    byte[] bytes = new byte[2 * parts.length + 2];
    int end = 0;
    for (int i = 0; i < parts.length; i++) {
      byte[] v4 = i == parts.length - 1 ? parseV4(parts[i]) : null;
      int number = v4 == null ? number(parts[i], 16, 4) : 0;
      if (number < 0) {
        return null;
      }
      if (v4 != null) {
        System.arraycopy(v4, 0, bytes, end, v4.length);
        end += v4.length;
      } else {
        bytes[end++] = (byte) (number >> 8);
        bytes[end++] = (byte) number;
      }
    }
    return Arrays.copyOf(bytes, end);
  }

  private static int number(String digits, int radix, int most) {
    if (digits.isEmpty() || digits.length() > most) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) < 128 ? Character.digit(digits.charAt(i), radix) : -1;
      if (digit < 0) {
        return -1;
      }
      number = number * radix + digit;
    }
    return number;
  }
}
