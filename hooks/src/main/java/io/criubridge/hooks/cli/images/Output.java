// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import io.criubridge.hooks.cli.Terminal;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Where a command prints, and how: colours for a terminal only, box lines where they can be. */
public final class Output {
  private final PrintWriter out;
  private final boolean colour;
  private final boolean boxes;

  public Output(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.colour = terminal.colour();
    this.boxes = Charset.defaultCharset().newEncoder().canEncode('└');
  }

  /** Prints a line; what comes from an image has to be {@link Printable}. */
  public void line(String text) {
    out.println(text);
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
    out.println(ascii);
    out.flush();
  }

  /** A stream for text that is all ASCII, as crit's JSON. */
  OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int character) {
        out.write(character);
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        out.write(new String(bytes, from, length, ISO_8859_1));
      }
    };
  }

  public void flush() {
    out.flush();
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
