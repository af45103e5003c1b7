// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.criubridge.core.sys.PublishedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an installation has made on a node or, while it is not complete, may have made: written
 * before anything else, so that whatever ends an installation, the next one knows what to finish
 * and a removal what to undo. Paths are the node's own.
 *
 * @param format of this record
 * @param complete whether the installation came to its end
 * @param version what was installed
 * @param owner who says when it is to be removed; empty for people
 * @param prefix where it was asked to be
 * @param program the directory of the program
 * @param copied whether that directory is ours to remove, or somebody else's, such as dpkg's
 * @param digest of the program's files
 * @param directories that did not exist, the outer ones first
 * @param links symbolic links and their targets
 * @param files and the SHA-256 of what was written
 * @param confs configuration files of others with a line of ours
 */
public record InstallRecord(
    int format,
    boolean complete,
    String version,
    String owner,
    String prefix,
    String program,
    boolean copied,
    String digest,
    List<String> directories,
    Map<String, String> links,
    Map<String, String> files,
    Map<String, ConfChange> confs) {

  static final int FORMAT = 1;
  static final Path DIRECTORY = Path.of("/var/lib/criu-bridge");

  private static final Path FILE = DIRECTORY.resolve("install.json");
  private static final int MODE = 0644;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * Our line in somebody else's file.
   *
   * @param launcher that the line names
   * @param sha256 of the file with the line
   * @param existed whether there was a file before
   */
  public record ConfChange(String launcher, String sha256, boolean existed) {}

  /** Copies the collections. */
  public InstallRecord {
    directories = List.copyOf(directories);
    links = Collections.unmodifiableMap(new TreeMap<>(links));
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    confs = Collections.unmodifiableMap(new TreeMap<>(confs));
  }

  /** The record of a node, if there is one. */
  public static Optional<InstallRecord> find(NodeRoot root) throws IOException {
    Path file = root.followed(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      InstallRecord found = GSON.fromJson(Files.readString(file, UTF_8), InstallRecord.class);
      if (found != null && found.format == FORMAT) {
        return Optional.of(found);
      }
      throw new InstallException(file + ": made by another version of criu-bridge; use that one");
    } catch (RuntimeException e) { // of Gson: it has one of its own for each way of being damaged
      throw new IOException(file + ": damaged: " + e.getMessage(), e);
    }
  }

  void publish(NodeRoot root) throws IOException {
    PublishedFile.write(root.followed(FILE), (GSON.toJson(this) + "\n").getBytes(UTF_8), MODE);
  }

  static void delete(NodeRoot root) throws IOException {
    Files.deleteIfExists(root.followed(FILE));
  }

  /** What is left to be known of an installation that was undone to make room for another. */
  InstallRecord undone() {
    return new InstallRecord(
        format,
        false,
        version,
        owner,
        prefix,
        program,
        false,
        digest,
        directories,
        Map.of(),
        Map.of(),
        Map.of());
  }

  InstallRecord completed() {
    return new InstallRecord(
        format,
        true,
        version,
        owner,
        prefix,
        program,
        copied,
        digest,
        directories,
        links,
        files,
        confs);
  }
}
