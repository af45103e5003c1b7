// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an image begins with. Images of CRIU before 1.3 have a magic only, later ones a head before
 * it; the inventory has never had one.
 *
 * @param withHead whether it begins as images of the type do today
 */
record ImageStart(ImageType type, boolean withHead) {

  /** Reads the start of an image of a known type; returns whether there is the head of today. */
  static boolean expect(ImageInput in, Path file, ImageType type) throws IOException {
    long start = in.offset();
    String magic = "magic " + type;
    boolean hasHead = type.head() != ImageHead.NONE;
    int first = number(in, file, hasHead ? "head " + type.head() : magic);
    if (hasHead && first == type.magic()) {
      return false;
    }
    if (hasHead) {
      require(file, start, "head " + type.head(), type.head().number(), first);
      start = in.offset();
      first = number(in, file, magic);
    }
    require(file, start, magic, type.magic(), first);
    return true;
  }

  /** Finds out the type of an image. */
  static ImageStart detect(ImageInput in, Path file) throws IOException {
    ImageType named = ImageType.ofFileName(Objects.toString(file.getFileName(), "")).orElse(null);
    int there = in.ahead(2 * Integer.BYTES);
    int first = there < Integer.BYTES ? 0 : peek(in, 0);
    boolean head = first == ImageHead.COMMON.number() || first == ImageHead.SERVICE.number();
    int magic = head && there == 2 * Integer.BYTES ? peek(in, Integer.BYTES) : first;
    if (named != null && named.payloadRule() == PayloadRule.RAW && !isOldPages(named, magic)) {
      return new ImageStart(named, true);
    }
    if (there < Integer.BYTES) {
      throw new ImageFormatException(
          file, 0, "the magic of an image", "the end of the file after " + there);
    }
    ImageType type = ofMagic(magic, named);
    if (type == null) {
      throw new ImageFormatException(
          file,
          head ? Integer.BYTES : 0,
          "the magic of an image, or a raw image by its name",
          "0x%08x".formatted(magic));
    }
    return new ImageStart(type, expect(in, file, type));
  }

  private static boolean isOldPages(ImageType named, int magic) {
    return named == ImageType.PAGES && magic == ImageType.PAGES_OLD.magic();
  }

  private static @Nullable ImageType ofMagic(int magic, @Nullable ImageType named) {
    if (named != null && isOldPages(named, magic)) {
      return ImageType.PAGES_OLD;
    }
    if (named != null && named.payloadRule() != PayloadRule.RAW && named.magic() == magic) {
      return named;
    }
    for (ImageType type : ImageType.values()) {
      if (type.hasEntries() && type.magic() == magic) {
        return type;
      }
    }
    return null;
  }

  /** Reads a little-endian number of four bytes. */
  static int number(ImageInput in, Path file, String what) throws IOException {
    int there = in.ahead(Integer.BYTES);
    if (there < Integer.BYTES) {
      throw new ImageFormatException(
          file,
          in.offset(),
          "%s of %d bytes".formatted(what, Integer.BYTES),
          "the end of the file after " + there);
    }
    int number = peek(in, 0);
    in.advance(Integer.BYTES);
    return number;
  }

  private static int peek(ImageInput in, int at) {
    byte[] b = in.bytes();
    int i = in.start() + at;
    return (b[i] & 0xff) | (b[i + 1] & 0xff) << 8 | (b[i + 2] & 0xff) << 16 | b[i + 3] << 24;
  }

  private static void require(Path file, long offset, String what, int expected, int found)
      throws ImageFormatException {
    if (found != expected) {
      throw new ImageFormatException(
          file, offset, "%s, 0x%08x".formatted(what, expected), "0x%08x".formatted(found));
    }
  }
}
