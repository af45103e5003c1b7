// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code images decode} and {@code images encode} without picocli, which takes longer to load
 * than a small image to decode. Only command lines whose every word it knows; all others, wrong
 * ones and requests for help among them, are left to picocli.
 */
public final class ShortCut {
  private static final Path STANDARD = Path.of("-");

  private @Nullable Path file;
  private @Nullable Path input;
  private @Nullable Path output;
  private boolean pretty;
  private boolean withoutPayload;

  private ShortCut() {}

  /** Runs a command; false if it is left to picocli, and nothing was done. */
  public static boolean run(String[] arguments) throws IOException {
    if (arguments.length < 2 || !arguments[0].equals("images")) {
      return false;
    }
    ShortCut command = new ShortCut();
    for (int i = 2; i < arguments.length; i++) {
      boolean hasNext = i + 1 < arguments.length;
      if (hasNext && command.takes(arguments[i], arguments[i + 1])) {
        i++;
      } else if (!command.takes(arguments[i])) {
        return false;
      }
    }
    return command.runAs(arguments[1]);
  }

  private boolean takes(String option, String value) {
    if ((option.equals("-o") || option.equals("--output")) && output == null) {
      output = Path.of(value);
      return true;
    }
    if ((option.equals("-i") || option.equals("--input")) && input == null) {
      input = Path.of(value);
      return true;
    }
    return false;
  }

  private boolean takes(String word) {
    switch (word) {
      case "--pretty" -> pretty = true;
      case "--nopl" -> withoutPayload = true;
      default -> {
        if ((word.startsWith("-") && !word.equals("-")) || file != null) {
          return false;
        }
        file = Path.of(word);
      }
    }
    return true;
  }

  private boolean runAs(String command) throws IOException {
    if (command.equals("decode") && input == null) {
      Transcoding.decode(
          Objects.requireNonNullElse(file, STANDARD), output, pretty, withoutPayload);
      return true;
    }
    boolean plain = file == null && !pretty && !withoutPayload;
    if (command.equals("encode") && plain && output != null) {
      Transcoding.encode(Objects.requireNonNullElse(input, STANDARD), output);
      return true;
    }
    return false;
  }
}
