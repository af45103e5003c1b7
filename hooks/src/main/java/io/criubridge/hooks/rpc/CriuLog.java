// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What CRIU's log says of a failure. Source: {@code criu/log.c}. */
public final class CriuLog {

  /** The first errors are the causes, the rest is how CRIU gives up. */
  private static final int MOST = 8;

  private static final Pattern ERROR =
      Pattern.compile("\\([0-9.]+\\)\\s*(?:pie: )?(?:[0-9]+: )?Error \\(([^)]*)\\): (.*)");

  /** Said when CRIU finds a bug of its own, after whatever it has said before. */
  private static final Pattern BUG = Pattern.compile("BUG at .*|.*(?:stack|back) ?trace.*");

  /** Said in runs that are all right, or of our own refusal, which is told in its own words. */
  private static final Pattern NO_CAUSE =
      Pattern.compile(
          "rlimit: Can't setup RLIMIT_NOFILE.*|RPC client reported script error"
              + "|One of more action scripts failed|Dumping FAILED\\.|Restoring FAILED\\.");

  private CriuLog() {}

  /** Whether a line, of the log or of standard error, is said in runs that are all right too. */
  static boolean isNoCause(String line) {
    return NO_CAUSE.matcher(line).find();
  }

  /** The errors in a log, each with its place in CRIU's source; none if there is no log. */
  static List<String> errors(Path log) {
    // CRIU copies names of files into its log, whatever their bytes.
    try (Stream<String> lines = Files.lines(log, ISO_8859_1)) {
      return errors(lines);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The errors in lines of a log, each with its place in CRIU's source. */
  public static List<String> errors(Stream<String> lines) {
    List<String> errors = new ArrayList<>();
    lines
        .map(ERROR::matcher)
        .filter(Matcher::matches)
        .filter(error -> !isNoCause(error.group(2)))
        .filter(error -> errors.size() < MOST || BUG.matcher(error.group(2)).matches())
        .map(error -> error.group(2).strip() + " (" + error.group(1) + ")")
        .map(text -> new String(text.getBytes(ISO_8859_1), UTF_8))
        .filter(text -> !errors.contains(text))
        .limit(2 * MOST)
        .forEach(errors::add);
    return errors;
  }
}
