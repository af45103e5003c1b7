// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.proc.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A place where a runtime may have left a container's bundle, and its note of whose it is. */
sealed interface BundlePlace {

  ContainerId id();

  RuntimeKind kind();

  /** The bundle if the note names this process; otherwise says in {@code tried} why not. */
  Optional<Path> provenBundle(ProcessIdentity init, List<String> tried) throws IOException;

  /** The process that the note names; empty if there is no note. */
  Optional<Note> note() throws IOException;

  /**
   * What a note says of the first process.
   *
   * @param startTimeTicks empty where a note has the PID alone
   */
  record Note(int pid, OptionalLong startTimeTicks) {}

  /** The content of a file that holds a PID; empty if it is not there. */
  private static Optional<String> pidText(Path pidFile) throws IOException {
    try {
      return Optional.of(Files.readString(pidFile).trim());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

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
      Optional<String> noted = pidText(pidFile);
      if (noted.isEmpty()) {
        tried.add(pidFile + ": not there");
        return Optional.empty();
      }
      if (!noted.get().equals(Integer.toString(init.pid()))) {
        tried.add(pidFile + ": names process " + noted.get() + ", not " + init.pid());
        return Optional.empty();
      }
      return Optional.of(bundle);
    }

    @Override
    public Optional<Note> note() throws IOException {
      return pidText(pidFile)
          .filter(text -> text.matches("[1-9][0-9]{0,8}"))
          .map(text -> new Note(Integer.parseInt(text), OptionalLong.empty()));
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

    @Override
    public Optional<Note> note() throws IOException {
      try {
        ProcessIdentity init = RuncState.read(stateJson).init();
        return Optional.of(new Note(init.pid(), OptionalLong.of(init.startTimeTicks())));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }
  }
}
