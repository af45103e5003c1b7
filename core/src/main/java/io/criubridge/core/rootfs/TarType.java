// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.FileType;
import java.util.Optional;

/** The kinds of archive member that stand for something in a tree. Source: POSIX pax, ustar. */
enum TarType {
  REGULAR('0'),
  HARD_LINK('1'),
  SYMLINK('2'),
  CHARACTER_DEVICE('3'),
  BLOCK_DEVICE('4'),
  DIRECTORY('5'),
  FIFO('6');

  final char flag;

  TarType(char flag) {
    this.flag = flag;
  }

  /** The kind with a type flag; NUL and 7 (contiguous) are regular files as everywhere. */
  static Optional<TarType> ofFlag(char flag) {
    char usual = flag == 0 || flag == '7' ? REGULAR.flag : flag;
    for (TarType type : values()) {
      if (type.flag == usual) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The kind for a file; absent for a socket, which no archive can hold. */
  static Optional<TarType> of(FileType type) {
    return switch (type) {
      case REGULAR -> Optional.of(REGULAR);
      case DIRECTORY -> Optional.of(DIRECTORY);
      case SYMLINK -> Optional.of(SYMLINK);
      case CHARACTER_DEVICE -> Optional.of(CHARACTER_DEVICE);
      case BLOCK_DEVICE -> Optional.of(BLOCK_DEVICE);
      case FIFO -> Optional.of(FIFO);
      case SOCKET -> Optional.empty();
    };
  }
}
