// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

/**
 * A member's place in an archive, its headers and padding included.
 *
 * @param offset of its first header, in bytes, a multiple of 512
 * @param length in bytes, a multiple of 512
 */
public record MemberRange(long offset, long length) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if they are no place of a member
   */
  public MemberRange {
    if (offset < 0
        || length <= 0
        || offset % TarHeader.BLOCK != 0
        || length % TarHeader.BLOCK != 0
        || offset + length < 0) {
      throw new IllegalArgumentException("no member: " + length + " bytes at " + offset);
    }
  }

  long end() {
    return offset + length;
  }
}
