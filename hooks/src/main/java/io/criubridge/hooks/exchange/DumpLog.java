// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.hooks.rpc.CriuLog;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CRIU's log of a dump: its beginning and its end, which tell what matters, whatever lies between
 * them.
 */
record DumpLog(String head, String tail) {

  private static final int PART_BYTES = 64 << 10;
  private static final Pattern VERSION = Pattern.compile("Version: (\\S+)");

  /** The last thing that CRIU says. Source: cr_dump_finish() in {@code criu/cr-dump.c}. */
  private static final Pattern END =
      Pattern.compile(
          "^\\([0-9.]+\\)\\s*(?:[0-9]+: )?"
              + "(?:Dumping finished successfully|(Error \\([^)]*\\): Dumping FAILED\\.))$",
          Pattern.MULTILINE);

  static DumpLog read(Path file) throws IOException {
    try (SeekableByteChannel log = Files.newByteChannel(file)) {
      return new DumpLog(part(log, 0), part(log, Math.max(0, log.size() - PART_BYTES)));
    }
  }

  private static String part(SeekableByteChannel log, long from) throws IOException {
    byte[] bytes = Channels.newInputStream(log.position(from)).readNBytes(PART_BYTES);
    // CRIU copies names of files into its log, whatever their bytes.
    return new String(bytes, ISO_8859_1);
  }

  Optional<String> criuVersion() {
    Matcher version = VERSION.matcher(head);
    return version.find() ? Optional.of(version.group(1)) : Optional.empty();
  }

  /** Why the dump failed; empty if it did not, or the log does not tell. */
  Optional<String> failure() {
    boolean failed = false;
    for (Matcher end = END.matcher(tail); end.find(); ) {
      failed = end.group(1) != null;
    }
    return failed
        ? Optional.of(
            CriuLog.errors(tail.lines()).stream().findFirst().orElse("CRIU's log says so"))
        : Optional.empty();
  }
}
