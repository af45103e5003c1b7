// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The root of a machine in a directory of the test, and a program to install there. */
final class ScratchNode {
  final NodeRoot root;
  final Path directory;
  final Path dist;
  final List<String> said = new ArrayList<>();

  ScratchNode(Path place) throws IOException {
    directory = Files.createDirectories(place.resolve("node"));
    root = new NodeRoot(directory);
    Files.createDirectories(directory.resolve("usr"));
    dist = place.resolve("dist");
    program("bin/criu-bridge-hook", "launcher");
    program("bin/criu-bridge", "command");
    program("lib/criu/criu_bridge.so", "plugin");
    program("lib/java/hooks.jar", "jar");
    program("lib/java/jvm.conf", "of the build");
    program("lib/java/dump-1.cache", "of the build");
    program("share/man/man1/criu-bridge.1", "manual");
  }

  /** Puts a file into the program that is to be installed. */
  void program(String name, String content) throws IOException {
    Path file = dist.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxr-x"));
  }

  Path write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  String read(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  InstallRequest request(String prefix, String owner) {
    return new InstallRequest(root, dist, Path.of(prefix), Path.of("/usr/lib/criu"), owner, "1.0");
  }

  Installation installation(InstallRequest request) {
    return new Installation(
        request,
        (program, wholly) -> Files.writeString(program.resolve("lib/java/jvm.conf"), "prepared"),
        said::add);
  }

  void install() throws IOException {
    installation(request("/usr/local", "")).run();
  }

  List<String> uninstall() throws IOException {
    return Removal.run(root, "");
  }

  /** Everything on the node: kind, permissions, content or target, by name. */
  Map<String, String> everything() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        all.put(directory.relativize(file).toString(), describe(file));
      }
    }
    return all;
  }

  private static String describe(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "-> " + Files.readSymbolicLink(file);
    }
    String mode =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    return mode + (Files.isDirectory(file) ? "" : " " + Files.readString(file));
  }
}
