// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.HexFormat;
import java.util.regex.Pattern;

/** How a file is compressed, told by its first bytes. Source: RFC 1952, RFC 8878, magic(5). */
enum Compression {
  NONE(""),
  GZIP("1f8b"),
  /** Or a frame to be skipped, before which there may be any number. */
  ZSTD("28b52ffd|5.2a4d18"),
  XZ("fd377a585a00"),
  BZIP2("425a68"),
  LZ4("04224d18");

  /** The length of the longest magic. */
  static final int MAGIC_BYTES = 6;

  private final Pattern magic;

  /** Takes a pattern of hexadecimal digits. */
  Compression(String magic) {
    this.magic = Pattern.compile(magic);
  }

  /** Tells it from the first bytes of a file, of which there may be few. */
  static Compression of(byte[] start) {
    String bytes = HexFormat.of().formatHex(start);
    for (Compression compression : values()) {
      if (compression != NONE && compression.magic.matcher(bytes).lookingAt()) {
        return compression;
      }
    }
    return NONE;
  }
}
