// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.plan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.core.sys.PathText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final String END = "end";
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

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
    out.writeBytes((END + "\n").getBytes(ISO_8859_1));
    return out.toByteArray();
  }

  /** A directive's line, one char per byte (ISO 8859-1), without its end. */
  public static String line(Directive directive) {
    return directive.words().stream()
        .map(word -> new String(escape(PathText.bytes(word)), ISO_8859_1))
        .collect(Collectors.joining(" "));
  }

  /**
   * Reads the bytes of a plan's file.
   *
   * @throws IOException if they are not a whole plan
   */
  public static Plan decode(byte[] file) throws IOException {
    List<String> lines = new String(file, ISO_8859_1).lines().toList();
    int last = lines.size() - 1;
    if (last < 1 || !lines.get(0).equals(VERSION_LINE) || !lines.get(last).equals(END)) {
      throw new IOException("not a plan, or not all of one: " + lines);
    }
    List<Directive> directives = new ArrayList<>();
    for (String line : lines.subList(1, last)) {
      directives.add(Directive.of(Arrays.stream(line.split(" ", -1)).map(Plan::unescape).toList()));
    }
    return new Plan(directives);
  }

  private static String unescape(String word) {
    byte[] bytes =
        ESCAPE
            .matcher(word)
            .replaceAll(
                escape ->
                    Matcher.quoteReplacement(
                        Character.toString(Integer.parseInt(escape.group(1), 8))))
            .getBytes(ISO_8859_1);
    return PathText.of(bytes);
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
