// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

/** The type of a file. Source: inode(7). */
public enum FileType {
  REGULAR(0x8000),
  DIRECTORY(0x4000),
  SYMLINK(0xA000),
  CHARACTER_DEVICE(0x2000),
  BLOCK_DEVICE(0x6000),
  FIFO(0x1000),
  SOCKET(0xC000);

  private static final int MASK = 0xF000;

  private final int bits;

  FileType(int bits) {
    this.bits = bits;
  }

  /** The S_IF bits, as in {@code st_mode}. */
  public int bits() {
    return bits;
  }

  /**
   * The type in a {@code st_mode}.
   *
   * @throws IllegalArgumentException if its type bits are none of inode(7)
   */
  public static FileType ofMode(int mode) {
    for (FileType type : values()) {
      if (type.bits == (mode & MASK)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no file type in mode " + Integer.toOctalString(mode));
  }
}
