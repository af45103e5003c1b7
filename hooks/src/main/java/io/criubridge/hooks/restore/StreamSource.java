// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.hooks.plan.Directive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a standard stream of the checkpoint goes on this machine.
 *
 * @param stream the stream at dump
 * @param path the file on this machine: the one that the person maps, else the one recorded
 */
record StreamSource(StreamRecord stream, Path path) {

  private static final int O_ACCMODE = 03;

  static StreamSource of(StreamRecord stream, Map<String, Path> mapped) {
    Optional<Path> chosen =
        stream.names().stream().filter(mapped::containsKey).map(mapped::get).findFirst();
    return new StreamSource(stream, chosen.orElseGet(() -> Path.of(stream.path())));
  }

  /** Where symbolic links lead the recorded path now; one that somebody maps may have some. */
  Optional<Path> elsewhere() {
    return isRecorded() ? RecordedPath.elsewhere(path) : Optional.empty();
  }

  /** Whether it is there. What the dump recorded was a regular file, and may be a device now. */
  boolean isThere() {
    return isRecorded()
        ? Files.isRegularFile(path) && elsewhere().isEmpty()
        : Files.exists(path) && !Files.isDirectory(path);
  }

  private boolean isRecorded() {
    return path.toString().equals(stream.path());
  }

  /** What is read goes on where it was; what is written goes on at the end, which may be later. */
  Directive directive() {
    boolean readOnly = (stream.flags() & O_ACCMODE) == 0;
    return new Directive.InheritFile(
        stream.key(),
        path.toString(),
        // Has whoever opens it look once more, as it may have changed since.
        isRecorded() ? stream.flags() | Syscalls.O_NOFOLLOW : stream.flags(),
        readOnly ? OptionalLong.of(stream.offset()) : OptionalLong.empty());
  }
}
