// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.hooks.RunStatus;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.memory.InheritedPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A dump that another tool has made, before anything is made of it: whether CRIU could restore it.
 *
 * @param source where it is from, for messages
 * @param layout where it is staged
 */
record StagedDump(Path source, CheckpointLayout layout) {

  private static final String AGAIN = "; make another one";

  /**
   * Proves that nothing says that the dump failed. The status file is of no use to a copy, and
   * removed.
   */
  void requireSuccess() throws IOException {
    Optional<String> failure = RunStatus.reasonOfFailedDump(layout.status());
    Files.deleteIfExists(layout.status());
    Path log = layout.directory().resolve(ExchangeLayout.DUMP_LOG);
    if (failure.isEmpty() && Files.exists(log)) {
      failure = DumpLog.read(log).failure();
    }
    requireNone(failure);
  }

  /**
   * Proves that the manifest, which vouches for the dump, was not withdrawn afterwards. The status
   * is removed here too.
   */
  void requireManifestHolds() throws IOException {
    Optional<String> failure = RunStatus.reasonOfWithdrawal(layout.status());
    Files.deleteIfExists(layout.status());
    requireNone(failure);
  }

  private void requireNone(Optional<String> failure) throws ManifestException {
    if (failure.isPresent()) {
      throw refused("is not a checkpoint, its dump failed: " + failure.get() + AGAIN);
    }
  }

  /** Proves that the images are there, all processes among them, and need no earlier dump. */
  void requireImages() throws IOException {
    if (!hasImages()) {
      throw refused(
          "holds no images of CRIU; those of podman, CRI-O, containerd and 'criu-bridge export' are"
              + " below checkpoint/ in the archive, the Go snapshot agent's in its directory");
    }
    if (!has(ImageType.INVENTORY)) {
      throw refused(
          "has no inventory.img, which CRIU writes last of its images: the dump failed" + AGAIN);
    }
    if (!has(ImageType.PSTREE)) {
      throw refused(
          "has no pstree.img: a pre-dump, which holds memory alone; import the dump after it");
    }
    ImageSet images = new ImageSet(layout.directory());
    images.processes();
    Optional<String> increment = InheritedPages.find(images);
    if (increment.isPresent()) {
      throw refused("(" + increment.get() + "): " + ExchangeLayout.INCREMENT);
    }
  }

  private boolean hasImages() throws IOException {
    try (Stream<Path> files = Files.list(layout.directory())) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".img"))
          .anyMatch(name -> ImageType.ofFileName(name).isPresent());
    }
  }

  private boolean has(ImageType type) {
    return Files.exists(layout.directory().resolve(type.fileName().name()));
  }

  private ManifestException refused(String why) {
    return new ManifestException(source + " " + why);
  }
}
