// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Restores to {@code /}, in a process whose root is a test's: see {@link RootTargetIT}. */
final class RestoreAtRoot {

  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  private RestoreAtRoot() {}

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** The argument is the directory with the archive and its lists. */
  public static void main(String[] arguments) throws IOException {
    Path checkpoint = Path.of(arguments[0]);
    List<BytePath> opaque = DeletedFiles.read(checkpoint.resolve("opaque-directories.json"));
    List<BytePath> deleted = DeletedFiles.read(checkpoint.resolve("deleted-files.json"));
    try (ScopedRoot root = ScopedRoot.open(Path.of("/"))) {
      for (int times = 0; times < 2; times++) {
        OpaqueDirectories.clear(opaque, root);
        RootfsDiff.apply(checkpoint.resolve("rootfs-diff.tar"), root, Existing.REPLACE);
        DeletedFiles.apply(deleted, root);
      }
      say("delete /", () -> DeletedFiles.apply(List.of(BytePath.ROOT), root));
      say("clear /", () -> OpaqueDirectories.clear(List.of(BytePath.ROOT), root));
      for (String path : List.of("/vol", "/vol/kept", "/over/vol", "/over", "/proc/self/status")) {
        say("delete " + path, () -> DeletedFiles.apply(List.of(BytePath.of(path)), root));
      }
      say("clear /vol", () -> OpaqueDirectories.clear(List.of(BytePath.of("/vol")), root));
      say("clear /over", () -> OpaqueDirectories.clear(List.of(BytePath.of("/over")), root));
      say("delete /absent/x", () -> DeletedFiles.apply(List.of(BytePath.of("/absent/x")), root));
    }
  }

  private static void say(String what, Step step) {
    try {
      step.run();
      OUT.println(what + ": done");
    } catch (IOException e) {
      OUT.println(what + ": " + e.getMessage());
    }
  }
}
