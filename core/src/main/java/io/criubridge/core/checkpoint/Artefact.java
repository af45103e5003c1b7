// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import io.criubridge.core.sys.Publication;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of the checkpoint that the manifest vouches for.
 *
 * @param name its name in the checkpoint directory
 * @param sizeBytes its length
 * @param sha256 of its content, lower-case hexadecimal
 */
public record Artefact(String name, long sizeBytes, String sha256) {

  private static final int MODE = 0600;

  /** Small enough for the processor's cache, large enough that calls cost nothing. */
  private static final int PART = 1 << 18;

  /** Publishes a small file and describes it. */
  public static Artefact publish(Path directory, String name, byte[] content) throws IOException {
    PublishedFile.write(directory.resolve(name), content, MODE);
    return of(name, content);
  }

  /** Describes a small file and has it published together with others. */
  public static Artefact add(Publication publication, String name, byte[] content)
      throws IOException {
    publication.add(name, content, MODE);
    return of(name, content);
  }

  private static Artefact of(String name, byte[] content) {
    return new Artefact(name, content.length, Sha256.of(content));
  }

  /** Describes a file of a directory. */
  public static Artefact describe(Path directory, String name) throws IOException {
    try (FileChannel in = FileChannel.open(directory.resolve(name), StandardOpenOption.READ);
        Sha256 digest = Sha256.begin()) {
      ByteBuffer part = ByteBuffer.allocateDirect((int) Math.min(PART, in.size() + 1));
      long size = 0;
      while (in.read(part) >= 0) {
        digest.update(part.flip());
        size += part.limit();
        part.clear();
      }
      return new Artefact(name, size, digest.finish());
    }
  }

  /**
   * Proves that the file in the directory is the one described.
   *
   * @throws ManifestException if it is missing or another, naming it
   */
  public void verify(Path directory) throws IOException {
    Path file = directory.resolve(name);
    Artefact found;
    try {
      found = describe(directory, name);
    } catch (NoSuchFileException e) {
      throw new ManifestException(file + ": missing, though the manifest names it", e);
    }
    if (!found.equals(this)) {
      throw new ManifestException(
          String.format(
              "%s: has %d bytes and sha256 %s, the manifest says %d bytes and %s: the checkpoint"
                  + " is damaged",
              file, found.sizeBytes(), found.sha256(), sizeBytes, sha256));
    }
  }
}
