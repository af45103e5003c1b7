// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.plan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.core.sys.PathText;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The plan that the plugin carries out, in the file format of {@code plan.h}: a version line, one
 * directive a line, and {@code end}. Spaces, control characters and backslashes of an argument are
 * written as {@code \ooo}.
 *
 * @param directives in the order in which they are carried out
 */
public record Plan(List<Directive> directives) {

  private static final String VERSION_LINE = "criu-bridge-plan 1";

  /** Copies the list. */
  public Plan {
    directives = List.copyOf(directives);
  }

  /** The bytes of the plan's file. */
  public byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes((VERSION_LINE + "\n").getBytes(ISO_8859_1));
    for (Directive directive : directives) {
      out.writeBytes((line(directive) + "\n").getBytes(ISO_8859_1));
    }
    out.writeBytes("end\n".getBytes(ISO_8859_1));
    return out.toByteArray();
  }

  /** A directive's line, one char per byte (ISO 8859-1), without its end. */
  public static String line(Directive directive) {
    return directive.words().stream()
        .map(word -> new String(escape(PathText.bytes(word)), ISO_8859_1))
        .collect(Collectors.joining(" "));
  }

  private static byte[] escape(byte[] word) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(word.length);
    for (byte b : word) {
      int value = b & 0xFF;
      if (value <= ' ' || value == 0x7F || value == '\\') {
        out.writeBytes(String.format("\\%03o", value).getBytes(ISO_8859_1));
      } else {
        out.write(value);
      }
    }
    return out.toByteArray();
  }
}
