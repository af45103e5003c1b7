// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.HexFormat;

/** How a file is compressed, told by its first bytes. Source: RFC 1952, RFC 8878, magic(5). */
enum Compression {
  NONE(""),
  GZIP("1f8b"),
  ZSTD("28b52ffd"),
  XZ("fd377a585a00"),
  BZIP2("425a68"),
  LZ4("04224d18");

  /** The length of the longest magic. */
  static final int MAGIC_BYTES = 6;

  private final String magic;

  Compression(String magic) {
    this.magic = magic;
  }

  /** Tells it from the first bytes of a file, of which there may be few. */
  static Compression of(byte[] start) {
    String bytes = HexFormat.of().formatHex(start);
    for (Compression compression : values()) {
      if (!compression.magic.isEmpty() && bytes.startsWith(compression.magic)) {
        return compression;
      }
    }
    return NONE;
  }
}
