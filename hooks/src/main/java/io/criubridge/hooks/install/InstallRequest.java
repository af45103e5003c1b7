// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is to be installed, and where.
 *
 * @param root of the node
 * @param source the built files, {@code dist/}
 * @param prefix such as {@code /usr/local}, a path of the node
 * @param pluginDirectory CRIU's, a path of the node
 * @param owner who removes it again; empty for people
 * @param version what is installed
 */
public record InstallRequest(
    NodeRoot root, Path source, Path prefix, Path pluginDirectory, String owner, String version) {
  static final Path RUNC_CONF = Path.of("/etc/criu/runc.conf");
  static final Path CONFIG = Path.of("/etc/criu-bridge/config.yaml");

  private static final String PLUGIN = "criu_bridge.so";

  /**
   * Checks the paths: they go into files with a syntax of their own.
   *
   * @throws IllegalArgumentException naming the path
   */
  public InstallRequest {
    requirePlain(prefix);
    requirePlain(pluginDirectory);
  }

  private static void requirePlain(Path path) {
    if (!path.isAbsolute() || !path.toString().matches("[A-Za-z0-9/._+-]+")) {
      throw new IllegalArgumentException(
          path + ": must be absolute, of letters, digits and ._+- only");
    }
  }

  /** Where the program goes. */
  Path program() {
    return prefix.resolve("lib/criu-bridge");
  }

  /** The action script. */
  Path launcher() {
    return program().resolve("bin/criu-bridge-hook");
  }

  Path pluginLink() {
    return pluginDirectory.resolve(PLUGIN);
  }

  /** Whether the files are where they are to be already. */
  boolean isInPlace() throws IOException {
    Path place = root.followed(program());
    return Files.exists(place) && Files.isSameFile(place, source);
  }

  /** The links for people, and their targets: the command and its documentation. */
  Map<Path, Path> links() throws IOException {
    Map<Path, Path> links = new LinkedHashMap<>();
    links.put(prefix.resolve("bin/criu-bridge"), program().resolve("bin/criu-bridge"));
    Path share = source.resolve("share");
    if (Files.isDirectory(share)) {
      try (Stream<Path> files = Files.walk(share)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          Path relative = source.relativize(file);
          links.put(prefix.resolve(relative), program().resolve(relative));
        }
      }
    }
    return links;
  }

  /**
   * The plugin's target: a link, so that CRIU never loads a plugin of another version than the
   * launcher's, and the plugin finds the launcher from its own place.
   */
  Path plugin() {
    return program().resolve("lib/criu").resolve(PLUGIN);
  }
}
