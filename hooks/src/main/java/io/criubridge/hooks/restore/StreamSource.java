// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.hooks.plan.Directive;
import java.io.IOException;
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

  /**
   * Whether it is there. At dump no link was on the recorded path, as the kernel tells of none; one
   * that is there now the container may have made, to have another file of the host written to.
   */
  boolean isThere() {
    return Files.exists(path)
        && !Files.isDirectory(path)
        && !(path.toString().equals(stream.path()) && leadsElsewhere());
  }

  private boolean leadsElsewhere() {
    try {
      return !path.toRealPath().equals(path.normalize());
    } catch (IOException e) {
      // Gone by now, so that opening it says why.
      return false;
    }
  }

  /** What is read goes on where it was; what is written goes on at the end, which may be later. */
  Directive directive() {
    boolean readOnly = (stream.flags() & O_ACCMODE) == 0;
    return new Directive.InheritFile(
        stream.key(),
        path.toString(),
        stream.flags(),
        readOnly ? OptionalLong.of(stream.offset()) : OptionalLong.empty());
  }
}
