// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** What the properties of the parsers have in common. */
final class RawText {

  /** Anything a parser could be given, with what it looks for more often than by chance. */
  private static final Arbitrary<String> FRAGMENTS =
      Arbitraries.of(
          " ",
          "\n",
          "\t",
          ",",
          "=",
          ":",
          "-",
          "/",
          "..",
          "\\",
          "\\040",
          "\\8",
          "(",
          ")",
          ") ",
          "0",
          "7",
          "99999999999",
          "NSpid:",
          "Uid:",
          "Gid:",
          "//deleted",
          "context=\"",
          "\"",
          "shared:",
          "rw",
          "overlay",
          "upperdir=",
          "0::/",
          "\0");

  private RawText() {}

  /** Bytes that a hostile or broken file may hold. */
  static Arbitrary<byte[]> garbage() {
    Arbitrary<String> raw = Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(20);
    return Arbitraries.frequencyOf(Tuple.of(3, FRAGMENTS), Tuple.of(1, raw))
        .list()
        .ofMaxSize(60)
        .map(parts -> bytes(String.join("", parts)));
  }

  /** A name as raw text: one char for each byte, of any value but NUL. */
  static Arbitrary<String> names() {
    return Arbitraries.strings()
        .withCharRange('\u0001', '\u00ff')
        .withChars(") (\n\\,:= #\"")
        .ofMaxLength(15);
  }

  static byte[] bytes(String raw) {
    return raw.getBytes(ISO_8859_1);
  }

  @FunctionalInterface
  interface Parse {
    void run() throws IOException;
  }

  /** Whatever else is thrown fails the property. */
  static void refusedAtMost(Parse parse) {
    try {
      parse.run();
    } catch (ProcFormatException e) {
      assertThat(e.line()).isPositive();
      assertThat(e.getMessage()).isNotBlank();
    } catch (IOException e) {
      throw new AssertionError("not the documented exception", e);
    }
  }
}
