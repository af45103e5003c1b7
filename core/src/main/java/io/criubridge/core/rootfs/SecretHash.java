// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.security.SecureRandom;

/**
 * SipHash-2-4 with a key of this process: the names that it is given are a workload's, which must
 * not be able to make two of them collide. Source: Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012.
 */
final class SecretHash {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long KEY_0 = RANDOM.nextLong();
  private static final long KEY_1 = RANDOM.nextLong();

  private long v0;
  private long v1;
  private long v2;
  private long v3;

  SecretHash(long key0, long key1) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
  }

  /** A number, never 0, for a name below something that a number stands for already. */
  static long of(long above, byte[] name) {
    return notZero(new SecretHash(KEY_0 ^ above, KEY_1).digest(name));
  }

  /** A number, never 0, for a row of numbers. */
  static long of(long... values) {
    SecretHash hash = new SecretHash(KEY_0, KEY_1);
    for (long value : values) {
      hash.add(value);
    }
    return notZero(hash.end((long) values.length << 59));
  }

  long digest(byte[] bytes) {
    int at = 0;
    for (; at + 8 <= bytes.length; at += 8) {
      add(word(bytes, at, 8));
    }
    return end(word(bytes, at, bytes.length - at) | ((long) bytes.length << 56));
  }

  private static long notZero(long value) {
    return value == 0 ? 1 : value;
  }

  private static long word(byte[] bytes, int from, int count) {
    long word = 0;
    for (int i = 0; i < count; i++) {
      word |= (bytes[from + i] & 0xffL) << (8 * i);
    }
    return word;
  }

  private void add(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  private long end(long last) {
    add(last);
    v2 ^= 0xff;
    for (int i = 0; i < 4; i++) {
      round();
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private void round() {
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
}
