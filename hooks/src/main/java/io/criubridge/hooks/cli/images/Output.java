// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import io.criubridge.hooks.cli.Terminal;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/**
 * Where a command prints, and how: colours for a terminal only, box lines where they can be. Lines
 * are handed on many at once, and by {@link #flush()}; that they do not arrive is an {@link
 * OutputFailure}.
 */
public final class Output {
  private static final int MOST_UNFLUSHED = 1 << 16;

  private final PrintWriter out;
  private final boolean colour;
  private final boolean boxes;
  private int unflushed;

  public Output(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.colour = terminal.colour();
    // The locale's: the default charset is UTF-8 whatever the locale, since Java 18.
    this.boxes =
        Charset.forName(System.getProperty("native.encoding", "US-ASCII"))
            .newEncoder()
            .canEncode('└');
  }

  /** Prints a line; what comes from an image has to be {@link Printable}. */
  public void line(String text) {
    print(text);
    // Not println(), which hands on each line by itself.
    print(System.lineSeparator());
  }

  /** Prints JSON in ASCII, whatever the terminal's encoding. */
  public void json(JsonElement value) {
    String json =
        new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create()
            .toJson(value);
    StringBuilder ascii = new StringBuilder(json.length());
    json.chars()
        .forEach(
            c -> {
              if (c < 0x7f) {
                ascii.append((char) c);
              } else {
                ascii.append("\\u%04x".formatted(c));
              }
            });
    line(ascii.toString());
    flush();
  }

  /** A stream for text that is all ASCII, as crit's JSON. */
  OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int character) {
        print(Character.toString(character));
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        print(new String(bytes, from, length, ISO_8859_1));
      }
    };
  }

  /** Hands on all that was printed. */
  public void flush() {
    unflushed = 0;
    // Neither throws, and the one does not tell of the other's errors.
    if (out.checkError() || System.out.checkError()) {
      throw new OutputFailure();
    }
  }

  private void print(String text) {
    out.write(text);
    unflushed += text.length();
    if (unflushed >= MOST_UNFLUSHED) {
      flush();
    }
  }

  public String strong(String text) {
    return coloured(text, "1");
  }

  public String added(String text) {
    return coloured(text, "32");
  }

  public String removed(String text) {
    return coloured(text, "31");
  }

  public String changed(String text) {
    return coloured(text, "33");
  }

  /** What stands before a branch of a tree. */
  public String branch(boolean last) {
    return last ? (boxes ? "└─ " : "`- ") : (boxes ? "├─ " : "|- ");
  }

  /** What stands before the branches of a branch. */
  public String trunk(boolean last) {
    return last ? "   " : (boxes ? "│  " : "|  ");
  }

  private String coloured(String text, String code) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
