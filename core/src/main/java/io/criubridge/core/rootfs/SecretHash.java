// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * SipHash-2-4 with a key of this process: the names that it is given are a workload's, which must
 * not be able to make two of them collide. Source: Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012.
 */
final class SecretHash {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long KEY_0 = RANDOM.nextLong();
  private static final long KEY_1 = RANDOM.nextLong();

  private SecretHash() {}

  /** A number, never 0, for a name below something that a number stands for already. */
  static long of(long above, byte[] name) {
    return notZero(digest(KEY_0 ^ above, KEY_1, words(name)));
  }

  /** A number, never 0, for a row of numbers. */
  static long of(long... values) {
    long[] words = Arrays.copyOf(values, values.length + 1);
    words[values.length] = (long) values.length << 59;
    return notZero(digest(KEY_0, KEY_1, words));
  }

  private static long notZero(long value) {
    return value == 0 ? 1 : value;
  }

  /** The bytes in words, the lowest first, and how many there are at the top of the last word. */
  static long[] words(byte[] bytes) {
    long[] words = new long[bytes.length / Long.BYTES + 1];
    for (int i = 0; i < bytes.length; i++) {
      words[i / Long.BYTES] |= (bytes[i] & 0xffL) << (i % Long.BYTES * Byte.SIZE);
    }
    words[words.length - 1] |= (long) bytes.length << 56;
    return words;
  }

  /** All in one method, for the state to be in registers: every file is hashed in the freeze. */
  static long digest(long key0, long key1, long[] words) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    for (int i = 0; i <= words.length; i++) {
      boolean end = i == words.length;
      long word = end ? 0 : words[i];
      v2 ^= end ? 0xff : 0;
      v3 ^= word;
      for (int rounds = end ? 4 : 2; rounds > 0; rounds--) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
