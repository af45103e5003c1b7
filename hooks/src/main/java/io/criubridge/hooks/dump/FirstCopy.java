// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.rootfs.Capture;
import io.criubridge.core.rootfs.CaptureOptions;
import io.criubridge.core.rootfs.FirstPass;
import io.criubridge.core.rootfs.RootfsDiff;
import io.criubridge.core.sys.Publication;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * An archive of the container's files on its way through two phases: begun in pre-dump, if at all,
 * and ended in post-dump. It is unseen until then.
 */
final class FirstCopy {

  private record Begun(PublishedFile file, FirstPass pass) {}

  private Optional<Begun> begun = Optional.empty();

  /** Whether there is anything to go on with. */
  boolean isBegun() {
    return begun.isPresent();
  }

  /**
   * Makes the first pass.
   *
   * @param settled how long a file must have been left alone
   */
  FirstPass begin(
      Path archive,
      ScopedRoot upper,
      ScopedRoot merged,
      CaptureOptions options,
      Duration budget,
      Duration settled)
      throws IOException {
    drop();
    PublishedFile file = PublishedFile.create(archive, 0600);
    try {
      FirstPass pass = FirstPass.run(upper, merged, options, file.channel(), budget, settled);
      begun = Optional.of(new Begun(file, pass));
      return pass;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Makes the archive of what is there now, in as many passes as it takes, and has it published.
   */
  Capture finish(
      Path archive,
      ScopedRoot upper,
      ScopedRoot merged,
      CaptureOptions options,
      Publication publication)
      throws IOException {
    if (begun.isEmpty()) {
      PublishedFile file = PublishedFile.create(archive, 0600);
      publication.add(file);
      return RootfsDiff.capture(upper, merged, options, file.channel());
    }
    Begun first = begun.get();
    begun = Optional.empty();
    publication.add(first.file());
    try (FirstPass pass = first.pass()) {
      return pass.finish(upper, merged, options);
    }
  }

  /** Removes what was begun, if that was not published. */
  void drop() throws IOException {
    if (begun.isPresent()) {
      Begun first = begun.get();
      begun = Optional.empty();
      first.pass().close();
      first.file().close();
    }
  }
}
