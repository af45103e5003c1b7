// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What {@code scripts/bench rootfs} measures, in one JVM that stays, like the worker: reads a
 * command a line, answers with the milliseconds it took.
 */
final class RootfsBench {

  private RootfsBench() {}

  /** The commands are {@code capture}, {@code delta SCRIPT} and {@code apply}. */
  public static void main(String[] arguments) throws Exception {
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", -1);
      Path upper = Path.of(words[1]);
      Path merged = Path.of(words[2]);
      Path archive = Path.of(words[3]);
      long nanos =
          switch (words[0]) {
            case "capture" -> capture(upper, merged, archive);
            case "delta" -> delta(upper, merged, archive, words[4]);
            case "apply" -> apply(merged, archive);
            default -> throw new IllegalArgumentException(line);
          };
      System.out.printf("%.3f%n", nanos / 1e6);
    }
  }

  private static long capture(Path upperDir, Path mergedDir, Path archive) throws IOException {
    long start = System.nanoTime();
    try (ScopedRoot upper = ScopedRoot.openToRead(upperDir);
        ScopedRoot merged = ScopedRoot.open(mergedDir);
        PublishedFile out = PublishedFile.create(archive, 0600)) {
      RootfsDiff.capture(upper, merged, CaptureOptions.everything(), out.channel());
      // Not how long it takes to remove the archive.
      return System.nanoTime() - start;
    }
  }

  /** The second pass, after a script has changed the tree since the first. */
  private static long delta(Path upperDir, Path mergedDir, Path archive, String script)
      throws Exception {
    CaptureOptions options = CaptureOptions.everything();
    try (ScopedRoot upper = ScopedRoot.openToRead(upperDir);
        ScopedRoot merged = ScopedRoot.open(mergedDir);
        PublishedFile out = PublishedFile.create(archive, 0600);
        FirstPass first =
            FirstPass.run(
                upper, merged, options, out.channel(), Duration.ofMinutes(5), Duration.ZERO)) {
      Shell.in(mergedDir, script);
      long start = System.nanoTime();
      Capture capture = first.finish(upper, merged, options);
      long end = System.nanoTime();
      System.err.println(first.entries() + " entries, " + capture.stale().ranges().size());
      out.publish();
      Path stale = archive.resolveSibling(StaleMembers.FILE_NAME);
      Files.write(stale, capture.stale().toJson());
      return end - start;
    }
  }

  private static long apply(Path target, Path archive) throws IOException {
    Files.createDirectories(target);
    long start = System.nanoTime();
    try (ScopedRoot root = ScopedRoot.open(target)) {
      RootfsDiff.apply(archive, root, Existing.REPLACE);
    }
    return System.nanoTime() - start;
  }
}
