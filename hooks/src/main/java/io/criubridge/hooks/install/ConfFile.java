// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.Sha256;
import io.criubridge.hooks.install.InstallRecord.ConfChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A configuration file of CRIU that gets a line, and later becomes what it was. The file itself is
 * kept beside the new one under another name, so that with the content its owner, times, labels and
 * link targets come back.
 *
 * @param file the file, links on the way to it followed
 * @param content where reading its path leads to
 */
record ConfFile(Path file, Path content) {
  private static final String BACKUP = ".before-criu-bridge";
  private static final int MODE = 0644;

  static ConfFile of(NodeRoot root, Path path) throws IOException {
    return new ConfFile(root.entry(path), root.followed(path));
  }

  /** As characters of one byte each: the file may be in any encoding. */
  Optional<String> text() throws IOException {
    try {
      return Optional.of(Files.readString(content, ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** What adding the line will change; empty if the line is there. */
  Optional<ConfChange> planned(String launcher) throws IOException {
    Optional<String> before = text();
    if (RuncConf.launchers(before.orElse("")).contains(launcher)) {
      return Optional.empty();
    }
    String after = RuncConf.with(before.orElse(""), launcher);
    return Optional.of(
        new ConfChange(launcher, Sha256.of(after.getBytes(ISO_8859_1)), before.isPresent()));
  }

  /** Adds the line and keeps the file that was there. */
  void add(String launcher) throws IOException {
    Optional<String> before = text();
    if (RuncConf.launchers(before.orElse("")).contains(launcher)) {
      return;
    }
    Files.deleteIfExists(backup());
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.createLink(backup(), file);
    }
    write(RuncConf.with(before.orElse(""), launcher));
  }

  /** Makes the file what it was; where others have changed it since, only the line goes. */
  void revert(ConfChange change) throws IOException {
    Optional<String> now = text();
    if (now.isPresent() && RuncConf.launchers(now.get()).contains(change.launcher())) {
      boolean asWeLeftIt = Sha256.of(now.get().getBytes(ISO_8859_1)).equals(change.sha256());
      if (asWeLeftIt && Files.exists(backup(), LinkOption.NOFOLLOW_LINKS)) {
        Files.move(backup(), file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        String rest = RuncConf.without(now.get(), change.launcher());
        if (rest.isEmpty() && !change.existed()) {
          Files.delete(file);
        } else {
          write(rest);
        }
      }
      PublishedFile.sync(NodeRoot.parent(file));
    }
    Files.deleteIfExists(backup());
  }

  private void write(String text) throws IOException {
    int mode = Files.exists(content) ? (int) Files.getAttribute(content, "unix:mode") & 0777 : MODE;
    PublishedFile.write(file, text.getBytes(ISO_8859_1), mode);
  }

  private Path backup() {
    return file.resolveSibling(file.getFileName() + BACKUP);
  }
}
