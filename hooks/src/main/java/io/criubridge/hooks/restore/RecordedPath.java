// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.mount.HostSource;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.PhaseFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A path of the host that the dump recorded and that nobody has replaced by another. It is the
 * kernel's, so no symbolic link was on it. One that is there at restore may be the container's, who
 * may have the directory above for a volume, and would have another file of the host opened.
 */
final class RecordedPath {

  private RecordedPath() {}

  /** Where it leads by symbolic links, if there are any on it. */
  static Optional<Path> elsewhere(Path recorded) {
    try {
      Path real = recorded.toRealPath();
      return real.equals(recorded.normalize()) ? Optional.empty() : Optional.of(real);
    } catch (IOException e) {
      // Not there at all, which is told as such.
      return Optional.empty();
    }
  }

  /**
   * Makes sure, while no task runs yet, that CRIU has mounted what was meant: it looks the path up
   * itself, some time after it was found to be without links.
   *
   * @param restored the mounts of the restored root task
   * @param host the mounts as CRIU sees them
   * @throws PhaseFailure if it has mounted something else
   */
  static void requireMounted(List<MountSource> sources, MountTable restored, MountTable host)
      throws PhaseFailure {
    for (MountSource source : sources) {
      if (source.byRecord() && source.source().isPresent()) {
        requireMounted(source, source.source().get(), restored, host);
      }
    }
  }

  private static void requireMounted(
      MountSource source, Path recorded, MountTable restored, MountTable host) throws PhaseFailure {
    List<String> found =
        restored.mounts().stream()
            .filter(mount -> mount.mountPoint().text().equals(source.name()))
            .flatMap(mount -> HostSource.candidates(mount, host).stream())
            .map(BytePath::text)
            .toList();
    if (!found.contains(recorded.toString())) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG,
          String.format(
              "%s: CRIU has mounted %s there, not %s: was a symbolic link put on the way to it?",
              source.name(), found.isEmpty() ? "something else" : found.get(0), recorded));
    }
  }
}
