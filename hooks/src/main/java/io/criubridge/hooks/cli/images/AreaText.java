// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.memory.AreaKind;
import io.criubridge.images.memory.AreaPages;
import io.criubridge.images.memory.MemoryArea;
import java.util.Locale;

/** Areas of memory as text, and as JSON. */
final class AreaText {
  private AreaText() {}

  static String range(MemoryArea area) {
    return "%012x-%012x".formatted(area.start(), area.end());
  }

  static String kind(MemoryArea area) {
    return area.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What an area is, for people. */
  static String text(MemoryArea area) {
    String path = area.path().map(Printable::text).orElse("[" + kind(area) + "]");
    return area.fileOffset() == 0 ? path : "%s + 0x%x".formatted(path, area.fileOffset());
  }

  /** What stands for those pages of an area that the images do not hold. */
  static String rest(AreaPages pages) {
    AreaKind kind = pages.area().kind();
    if (pages.resident() == pages.area().bytes()) {
      return "";
    }
    return switch (kind) {
      case PRIVATE_FILE -> "rest as in the file";
      case SHARED_FILE -> "in the file, not dumped";
      case VVAR, VSYSCALL, VDSO, PACKET_SOCKET -> "the kernel's, not dumped";
      default -> "rest is zero";
    };
  }

  static Json json(AreaPages pages) {
    MemoryArea area = pages.area();
    return Json.object()
        .address("start", area.start())
        .address("end", area.end())
        .with("permissions", area.permissions())
        .with("kind", kind(area))
        .with("path", area.path())
        .with("offset", area.fileOffset())
        .with("bytes", area.bytes())
        .with("dumped", pages.dumped())
        .with("inherited", pages.inherited())
        .with("lazy", pages.lazy());
  }
}
