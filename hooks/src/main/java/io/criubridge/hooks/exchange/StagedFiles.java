// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Plain files that are taken out of an archive.
 *
 * @param directory where they are put
 */
record StagedFiles(Path directory) {

  private static final int PART_BYTES = 1 << 16;

  /** Writes a file that must not be there yet, and not be longer than that. */
  void add(String name, InputStream content, long mostBytes) throws IOException {
    try (OutputStream out = create(name)) {
      long left = mostBytes;
      byte[] part = new byte[PART_BYTES];
      for (int count = content.read(part); count >= 0; count = content.read(part)) {
        left -= count;
        if (left < 0) {
          throw new IOException(
              name + ": is longer than " + (mostBytes >> 20) + " MiB, which no such file is");
        }
        out.write(part, 0, count);
      }
    } catch (FileAlreadyExistsException e) {
      throw new IOException(name + ": is there twice", e);
    }
  }

  private OutputStream create(String name) throws IOException {
    return Channels.newOutputStream(
        FileChannel.open(
            directory.resolve(name),
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
  }
}
