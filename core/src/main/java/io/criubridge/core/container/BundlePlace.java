// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.proc.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A place where a runtime may have left a container's bundle, and its note of whose it is. */
sealed interface BundlePlace {

  ContainerId id();

  RuntimeKind kind();

  /** The bundle if the note names this process; otherwise says in {@code tried} why not. */
  Optional<Path> provenBundle(ProcessIdentity init, List<String> tried) throws IOException;

  /** A bundle with a file that holds nothing but the first process's PID. */
  record PidFile(ContainerId id, RuntimeKind kind, Path bundle, Path pidFile)
      implements BundlePlace {

    @Override
    public Optional<Path> provenBundle(ProcessIdentity init, List<String> tried)
        throws IOException {
      Path configJson = bundle.resolve("config.json");
      if (Files.notExists(configJson)) {
        tried.add(configJson + ": not there");
        return Optional.empty();
      }
      String noted;
      try {
        noted = Files.readString(pidFile).trim();
      } catch (NoSuchFileException e) {
        tried.add(pidFile + ": not there");
        return Optional.empty();
      }
      if (!noted.equals(Integer.toString(init.pid()))) {
        tried.add(pidFile + ": names process " + noted + ", not " + init.pid());
        return Optional.empty();
      }
      return Optional.of(bundle);
    }
  }

  /** runc's state, which says where the bundle is. */
  record StateFile(ContainerId id, Path hostRoot, Path stateJson) implements BundlePlace {

    @Override
    public RuntimeKind kind() {
      return RuntimeKind.RUNC;
    }

    @Override
    public Optional<Path> provenBundle(ProcessIdentity init, List<String> tried)
        throws IOException {
      RuncState state;
      try {
        state = RuncState.read(stateJson);
      } catch (NoSuchFileException e) {
        tried.add(stateJson + ": not there");
        return Optional.empty();
      }
      if (!state.init().equals(init)) {
        tried.add(stateJson + ": is of " + state.init() + ", not " + init);
        return Optional.empty();
      }
      if (state.bundle().isEmpty()) {
        tried.add(stateJson + ": names no bundle");
      }
      Path root = Path.of("/");
      return state.bundle().map(bundle -> hostRoot.resolve(root.relativize(root.resolve(bundle))));
    }
  }
}
