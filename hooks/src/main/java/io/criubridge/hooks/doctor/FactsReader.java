// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.doctor;

import io.criubridge.core.container.RuntimeType;
import io.criubridge.core.sys.KernelFeature;
import io.criubridge.hooks.config.ConfigurationException;
import io.criubridge.hooks.config.ConfigurationReader;
import io.criubridge.hooks.config.RuntimeSettings;
import io.criubridge.hooks.doctor.NodeFacts.ContainerRuntime;
import io.criubridge.hooks.doctor.NodeFacts.Outcome;
import io.criubridge.hooks.doctor.NodeFacts.Space;
import io.criubridge.hooks.install.CriuProgram;
import io.criubridge.hooks.install.NodeRoot;
import io.criubridge.hooks.install.RuncLaunchers;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Collects the facts of this machine. Nothing is changed, and every program that is run has a time
 * limit.
 */
public final class FactsReader {
  private static final NodeRoot MACHINE = new NodeRoot(Path.of("/"));
  private static final Pattern CRIU_VERSION = Pattern.compile("Version: (\\S+)");
  private static final List<Path> WRITTEN = List.of(Path.of("/run"), Path.of("/var/lib"));

  private final Path distribution;
  private final Optional<Path> criu;
  private final List<Path> imageDirectories;
  private final Map<String, String> environment;

  /**
   * Takes what is to be looked at.
   *
   * @param distribution the directory of this criu-bridge
   * @param criu the program to use; the one that would be used if empty
   * @param imageDirectories where checkpoints are to go
   * @param environment of this process
   */
  public FactsReader(
      Path distribution,
      Optional<Path> criu,
      List<Path> imageDirectories,
      Map<String, String> environment) {
    this.distribution = distribution;
    this.criu = criu;
    this.imageDirectories = List.copyOf(imageDirectories);
    this.environment = Map.copyOf(environment);
  }

  /** Collects. */
  public NodeFacts read() throws IOException {
    Optional<CriuProgram> program = CriuProgram.find(MACHINE, criu, environment);
    Path plugins =
        program.map(CriuProgram::pluginDirectory).orElse(CriuProgram.defaultPluginDirectory());
    String refused = "";
    Optional<RuntimeSettings> settings = Optional.empty();
    try {
      settings =
          Optional.of(
              ConfigurationReader.read(Operation.DUMP, Optional.empty(), environment).runtime());
    } catch (ConfigurationException e) {
      refused = String.valueOf(e.getMessage());
    }
    String inEnvironment = environment.getOrDefault("CRIU_LIBS_DIR", "");
    return new NodeFacts(
        user(),
        System.getProperty("os.version") + ", " + System.getProperty("os.arch"),
        KernelFeature.present(),
        Files.readString(Path.of("/proc/filesystems")).contains("\toverlay\n"),
        Command.run(distribution.resolve("lib/selftest/breakpoints").toString()).exitCode() == 0,
        program.isEmpty() ? Optional.empty() : Optional.of(criu(program.get())),
        plugin(inEnvironment.isEmpty() ? plugins : Path.of(inEnvironment)),
        hook(),
        refused,
        runtimes(settings),
        space(),
        java());
  }

  private static NodeFacts.User user() throws IOException {
    Object owner = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    return owner.equals(0) ? NodeFacts.User.ROOT : NodeFacts.User.OTHER;
  }

  private static NodeFacts.Criu criu(CriuProgram program) throws IOException {
    String path = program.file().toString();
    Outcome version = Command.run(path, "--version");
    Matcher matcher = CRIU_VERSION.matcher(version.message());
    return new NodeFacts.Criu(
        program.file(),
        matcher.find() ? matcher.group(1) : "says no version: " + version.message(),
        program.exportedSymbols(),
        Command.run(path, "check"));
  }

  private NodeFacts.Plugin plugin(Path directory) throws IOException {
    Path file = directory.resolve("criu_bridge.so");
    Path ours = distribution.resolve("lib/criu/criu_bridge.so");
    if (!Files.exists(file)) {
      return new NodeFacts.Plugin(file, NodeFacts.Plugin.Build.ABSENT);
    }
    boolean same = Files.mismatch(file, ours) == -1;
    return new NodeFacts.Plugin(
        file, same ? NodeFacts.Plugin.Build.OURS : NodeFacts.Plugin.Build.OTHER);
  }

  private static NodeFacts.Hook hook() throws IOException {
    List<String> launchers = RuncLaunchers.of(MACHINE);
    List<String> missing =
        launchers.stream().filter(path -> !Files.isExecutable(Path.of(path))).toList();
    return new NodeFacts.Hook(RuncLaunchers.FILE, launchers, missing);
  }

  private List<ContainerRuntime> runtimes(Optional<RuntimeSettings> settings) throws IOException {
    List<ContainerRuntime> runtimes = new ArrayList<>();
    runtimes.add(runc());
    for (RuntimeType type : RuntimeType.values()) {
      runtimes.add(daemon(type, settings));
    }
    return runtimes;
  }

  private ContainerRuntime runc() throws IOException {
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      Path program = Path.of(directory, "runc");
      if (Files.isExecutable(program)) {
        Outcome version = Command.run(program.toString(), "--version");
        ContainerRuntime.Reach state =
            version.exitCode() == 0
                ? ContainerRuntime.Reach.REACHABLE
                : ContainerRuntime.Reach.UNREACHABLE;
        return new ContainerRuntime("runc", program, state, version.message());
      }
    }
    return new ContainerRuntime("runc", Path.of("runc"), ContainerRuntime.Reach.ABSENT, "");
  }

  /** A runtime, at the socket where a phase would ask for it. */
  static ContainerRuntime daemon(RuntimeType type, Optional<RuntimeSettings> settings) {
    String name = type.typeName();
    Optional<Path> configured =
        settings
            .filter(s -> s.source().named().isEmpty() || s.source().named().get() == type)
            .flatMap(RuntimeSettings::socket);
    Path socket = configured.orElse(type.defaultSocket());
    if (!Files.exists(socket)) {
      return configured.isEmpty()
          ? new ContainerRuntime(name, socket, ContainerRuntime.Reach.ABSENT, "")
          : new ContainerRuntime(
              name,
              socket,
              ContainerRuntime.Reach.UNREACHABLE,
              "not there, and the setting runtime-socket names it");
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected()
          ? new ContainerRuntime(
              name, socket, ContainerRuntime.Reach.REACHABLE, "accepts connections")
          : new ContainerRuntime(name, socket, ContainerRuntime.Reach.UNREACHABLE, "no connection");
    } catch (IOException e) {
      return new ContainerRuntime(
          name, socket, ContainerRuntime.Reach.UNREACHABLE, String.valueOf(e.getMessage()));
    }
  }

  private List<Space> space() throws IOException {
    List<Space> space = new ArrayList<>();
    for (Path directory : imageDirectories.isEmpty() ? WRITTEN : imageDirectories) {
      space.add(new Space(directory, Files.getFileStore(directory).getUsableSpace()));
    }
    return space;
  }

  private NodeFacts.Java java() throws IOException {
    Path directory = distribution.resolve("lib/java");
    List<String> conf = Files.readAllLines(directory.resolve("jvm.conf"));
    String program =
        conf.stream().filter(line -> !line.startsWith("#")).findFirst().orElse("(nothing)");
    program = program.replace("@dist@", distribution.toString());
    boolean cached;
    try (Stream<Path> files = Files.list(directory)) {
      cached = files.anyMatch(file -> file.getFileName().toString().endsWith(".cache"));
    }
    return new NodeFacts.Java(
        program,
        Files.isExecutable(Path.of(program)),
        java.lang.Runtime.version().feature(),
        cached && conf.stream().anyMatch(line -> line.startsWith("dump: ")),
        directory.resolve("prepare"));
  }
}
