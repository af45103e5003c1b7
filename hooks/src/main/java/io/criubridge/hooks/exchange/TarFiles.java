// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An archive of plain files, all of them root's and of one time. */
final class TarFiles implements AutoCloseable {

  private static final int MODE = 0600;

  private final TarArchiveOutputStream out;
  private final Instant time;

  TarFiles(OutputStream out, Instant time) {
    this.out = new TarArchiveOutputStream(out, "UTF-8");
    this.out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    this.out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    this.time = time;
  }

  void add(String name, byte[] content) throws IOException {
    begin(name, content.length).write(content);
    end();
  }

  void add(String name, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.transferTo(begin(name, Files.size(file)));
    }
    end();
  }

  /** Begins a file, whose content is to be written next. */
  OutputStream begin(String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(MODE);
    entry.setModTime(Date.from(time));
    out.putArchiveEntry(entry);
    return out;
  }

  /** Ends it; fails if it was not as long as said. */
  void end() throws IOException {
    out.closeArchiveEntry();
  }

  /** Ends the archive, and leaves open what it is written to. */
  @Override
  public void close() throws IOException {
    out.finish();
    out.flush();
  }
}
