// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import java.util.List;
import java.util.Optional;

/**
 * What a process has open.
 *
 * @param descriptors its file descriptors, in the order of the images
 * @param program the file it was started from
 */
public record ProcessFiles(
    List<Descriptor> descriptors,
    Optional<RegularFile> workingDirectory,
    Optional<RegularFile> root,
    Optional<RegularFile> program) {

  /** Keeps its own copy of the descriptors. */
  public ProcessFiles {
    descriptors = List.copyOf(descriptors);
  }

  /** A file descriptor. */
  public record Descriptor(int number, boolean closeOnExec, OpenFile file) {}
}
