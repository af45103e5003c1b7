// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.protobuf.ByteString;
import io.criubridge.core.sys.PathText;

/**
 * Names from images as text. They are of a workload's choice: none may move a terminal's cursor,
 * change its title, or turn the direction of what follows.
 */
public final class Printable {
  private Printable() {}

  /** For people: what is no letter, sign or space is escaped. */
  public static String text(ByteString bytes) {
    StringBuilder out = new StringBuilder();
    PathText.printable(exact(bytes))
        .codePoints()
        .forEach(
            c -> {
              if (isSeen(c)) {
                out.appendCodePoint(c);
              } else {
                out.append("\\u{%x}".formatted(c));
              }
            });
    return out.toString();
  }

  /** For programs: as {@link PathText}, so that nothing is lost. */
  public static String exact(ByteString bytes) {
    return PathText.of(bytes.toByteArray());
  }

  private static boolean isSeen(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.CONTROL,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
