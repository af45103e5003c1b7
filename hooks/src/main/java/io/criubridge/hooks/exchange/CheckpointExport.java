// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.hooks.RunStatus;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Optional;

/** Writes a checkpoint into one file that other tools read. */
public final class CheckpointExport {

  private static final int MODE = 0600;
  private static final int BUFFER = 1 << 18;

  /** What kind of file. */
  public enum Format {
    /** The archive that podman, CRI-O and checkpointctl read. */
    TAR,
    /** An OCI image layout, in an archive, whose only layer is that archive. */
    OCI
  }

  private CheckpointExport() {}

  /**
   * Writes the file; it appears whole or not at all.
   *
   * @param directory the checkpoint
   * @param spec the container's OCI spec, where it is at hand
   * @return the file's length, bytes
   * @throws ManifestException if the directory is not a whole checkpoint
   */
  public static long write(Path directory, Path file, Format format, Optional<Path> spec)
      throws IOException {
    CheckpointLayout layout = new CheckpointLayout(directory);
    CheckpointManifest manifest = CheckpointManifest.read(layout);
    requireOutside(directory, file);
    Optional<String> withdrawn = RunStatus.reasonOfWithdrawal(layout.status());
    if (withdrawn.isPresent()) {
      throw new ManifestException(directory + " is not a checkpoint: " + withdrawn.get());
    }
    manifest.verify(layout);
    if (format == Format.TAR) {
      return publish(file, out -> CheckpointTar.write(layout, manifest, spec, out));
    }
    Path layer = file.resolveSibling("." + file.getFileName() + ".layer");
    try (PublishedFile staged = PublishedFile.create(layer, MODE)) {
      return publish(
          file,
          out -> {
            try (OutputStream tar = buffered(staged)) {
              CheckpointTar.write(layout, manifest, spec, tar);
              tar.flush();
              OciLayout.write(staged.channel(), manifest, out);
            }
          });
    }
  }

  /** Inside it would be taken for a file of the checkpoint. */
  private static void requireOutside(Path directory, Path file) throws IOException {
    if (file.resolveSibling(".").toRealPath().startsWith(directory.toRealPath())) {
      throw new IOException(
          file + ": is inside the checkpoint that is exported; name a file elsewhere");
    }
  }

  @FunctionalInterface
  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  private static long publish(Path file, Content content) throws IOException {
    try (PublishedFile published = PublishedFile.create(file, MODE);
        OutputStream out = buffered(published)) {
      content.write(out);
      out.flush();
      long size = published.channel().size();
      published.publish();
      return size;
    }
  }

  private static OutputStream buffered(PublishedFile file) {
    return new BufferedOutputStream(Channels.newOutputStream(file.channel()), BUFFER);
  }
}
