// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The criu program of a node, asked without running it: the node may be mounted somewhere, and of
 * another machine.
 */
public final class CriuProgram {
  private static final Path DEFAULT_PLUGIN_DIRECTORY = Path.of("/usr/lib/criu");

  /** From {@code criu --help}. Source: {@code criu/crtools.c}, usage(). */
  private static final String HELP = "path to a plugin directory (by default ";

  private static final List<String> PLACES =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");
  private static final String PRIVATE_PLACE = "/opt/criu4/bin";

  private final Path file;
  private final byte[] content;

  private CriuProgram(Path file) throws IOException {
    this.file = file;
    this.content = Files.readAllBytes(file);
  }

  /** Where it is, links followed. */
  public Path file() {
    return file;
  }

  /** The functions that it offers to its plugins. */
  public Set<String> exportedSymbols() throws IOException {
    return ElfSymbols.defined(file, content);
  }

  /**
   * Finds the program: the one named, else that of {@code CRIU}, else the first of the search path,
   * else that of {@code scripts/install-criu}.
   *
   * @param named a path of the node
   * @param environment of this process, which tells of this machine only
   * @throws InstallException if what is named is not there
   */
  public static Optional<CriuProgram> find(
      NodeRoot root, Optional<Path> named, Map<String, String> environment) throws IOException {
    String variable = root.isThisMachine() ? environment.getOrDefault("CRIU", "") : "";
    Optional<Path> wanted =
        named.isPresent() || variable.isEmpty() ? named : Optional.of(Path.of(variable));
    if (wanted.isPresent()) {
      Path file = root.followed(wanted.get().toAbsolutePath());
      if (!Files.isExecutable(file)) {
        throw new InstallException(file + ": no such program");
      }
      return Optional.of(new CriuProgram(file));
    }
    for (String directory : places(root, environment)) {
      Path file = root.followed(Path.of(directory, "criu"));
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(new CriuProgram(file));
      }
    }
    return Optional.empty();
  }

  private static Set<String> places(NodeRoot root, Map<String, String> environment) {
    Set<String> places = new LinkedHashSet<>();
    if (root.isThisMachine()) {
      for (String place : environment.getOrDefault("PATH", "").split(":", -1)) {
        if (place.startsWith("/")) {
          places.add(place);
        }
      }
    }
    places.addAll(PLACES);
    places.add(PRIVATE_PLACE);
    return places;
  }

  /** Where it takes its plugins from, unless told otherwise. */
  public Path pluginDirectory() {
    String text = new String(content, ISO_8859_1);
    int at = text.indexOf(HELP);
    int end = at < 0 ? -1 : text.indexOf(')', at);
    if (end < 0) {
      return DEFAULT_PLUGIN_DIRECTORY;
    }
    String directory = text.substring(at + HELP.length(), end);
    return directory.startsWith("/") ? Path.of(directory) : DEFAULT_PLUGIN_DIRECTORY;
  }

  /** Where a program that is not known takes its plugins from. */
  public static Path defaultPluginDirectory() {
    return DEFAULT_PLUGIN_DIRECTORY;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
