// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import com.google.protobuf.ByteString;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.container.OciMount;
import io.criubridge.core.container.OciSpec;
import io.criubridge.core.container.RuntimeAncestor;
import io.criubridge.core.container.RuntimeCommand;
import io.criubridge.core.mount.CgroupMount;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import io.criubridge.hooks.plan.Directive;
import io.criubridge.hooks.plan.Plan;
import io.criubridge.images.CgroupHierarchy;
import io.criubridge.images.ImageSet;
import io.criubridge.images.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Before CRIU touches anything: checks the checkpoint, finds a source on this machine for
 * everything external, and names all that is missing in one message.
 */
final class PlanRestore implements PhaseHandler {

  private final CheckedCheckpoint checkpoint;
  private final Optional<Placeholder> placeholder;

  PlanRestore(CheckedCheckpoint checkpoint, Optional<Placeholder> placeholder) {
    this.checkpoint = checkpoint;
    this.placeholder = placeholder;
  }

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CriuRun run = context.run();
    CheckpointManifest manifest = checkpoint.get(run);
    report.done("check");
    ImageSet images = new ImageSet(run.imageDirectory());
    Optional<PlaceholderPlan> container = container(run, manifest, images);
    List<MountSource> sources = sources(run, manifest, container);
    List<MountSource> missing = new ArrayList<>();
    Set<Path> madeByCriu = cgroupDirectories(run, images);
    for (MountSource source : sources) {
      if (!container.map(own -> own.isThere(source)).orElse(false)
          && !isThere(source, madeByCriu)) {
        missing.add(source);
      }
    }
    Set<String> mapped = run.configuration().mountMap().keySet();
    List<StreamRecord> recorded = new ArrayList<>(manifest.streams());
    if (container.isPresent()) {
      recorded.addAll(OutsidePipes.of(images));
    }
    List<StreamSource> streams =
        recorded.stream()
            .filter(stream -> container.isEmpty() || !container.get().isTaken(stream, mapped))
            .map(stream -> StreamSource.of(stream, run.configuration().mountMap()))
            .toList();
    List<StreamSource> missingStreams =
        streams.stream().filter(stream -> !stream.isThere()).toList();
    List<Directive> directives = directives(sources);
    if (container.isPresent()) {
      directives.addAll(container.get().directives(sources, recorded, mapped));
    }
    streams.forEach(stream -> directives.add(stream.directive()));
    directives.addAll(forPlugins(sources, images));
    network(run, manifest).ifPresent(directives::add);
    if (!missing.isEmpty() || !missingStreams.isEmpty()) {
      throw new PhaseFailure(PhaseFailure.CONFIG, MissingSources.message(missing, missingStreams));
    }
    OutsidePipes.requireRoom(streams);
    run.directory().publish(new Plan(directives));
    report.done("plan");
    report.line(
        "%s: checkpoint of %s is whole, %d external things found on this machine",
        manifest.checkpointId(), manifest.createdAt(), directives.size());
  }

  private Optional<PlaceholderPlan> container(
      CriuRun run, CheckpointManifest manifest, ImageSet images) throws IOException {
    if (placeholder.isEmpty()) {
      return Optional.empty();
    }
    PlaceholderPlan.requireExternalNetwork(manifest, images);
    return Optional.of(PlaceholderPlan.of(placeholder.get(), run, manifest.mounts()));
  }

  static List<MountSource> sources(
      CriuRun run, CheckpointManifest manifest, Optional<PlaceholderPlan> container)
      throws IOException {
    Map<String, Path> mapped = run.configuration().mountMap();
    List<MountSource> sources =
        MountSource.ofMounts(
            manifest.mounts(),
            mapped,
            container.isPresent() ? container.get().places() : specified(run),
            DeclaredKeys.of(run.commandLine()),
            MountTable.read(run.proc(), run.criu().pid()),
            run.configuration().policy());
    return container.isEmpty()
        ? sources
        : sources.stream().map(s -> container.get().own(s, mapped.keySet())).toList();
  }

  private static List<Directive> directives(List<MountSource> sources) {
    List<Directive> directives = new ArrayList<>();
    for (MountSource source : sources) {
      source
          .source()
          .ifPresent(
              path -> directives.add(new Directive.External("mnt[" + source.key() + "]:" + path)));
    }
    return directives;
  }

  /** Mounts for which CRIU asks its plugins, since the dump could not declare them external. */
  private static List<Directive> forPlugins(List<MountSource> sources, ImageSet images)
      throws IOException {
    List<Directive> directives = new ArrayList<>();
    for (Mount mount : images.mounts()) {
      if (mount.withPlugin()) {
        String place = BytePath.of(mount.mountPoint().toByteArray()).text();
        sources.stream()
            .filter(source -> source.name().equals(place))
            .flatMap(source -> source.source().stream())
            .findFirst()
            .ifPresent(
                path ->
                    directives.add(new Directive.RestoreMount(mount.mountId(), path.toString())));
      }
    }
    return directives;
  }

  private static Optional<Directive> network(CriuRun run, CheckpointManifest manifest)
      throws PhaseFailure {
    if (manifest.network().isEmpty()) {
      return Optional.empty();
    }
    Path netns =
        run.configuration()
            .netns()
            .orElseThrow(
                () ->
                    new PhaseFailure(
                        PhaseFailure.CONFIG,
                        "the checkpoint has no network namespace of its own: name the one to"
                            + " restore into, CRIU_BRIDGE_NETNS=/run/netns/<name>"));
    if (!Files.exists(netns)) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG, netns + " (CRIU_BRIDGE_NETNS) does not exist on this machine");
    }
    return Optional.of(new Directive.InheritFd(manifest.network().get().name(), netns.toString()));
  }

  static boolean isThere(MountSource source, Set<Path> madeByCriu) {
    if (source.source().isEmpty() || source.elsewhere().isPresent()) {
      return false;
    }
    Path path = source.source().get();
    return switch (source.kind()) {
      case DIRECTORY -> Files.isDirectory(path);
      case FILE -> Files.exists(path) && !Files.isDirectory(path);
      case ANY -> Files.exists(path);
      case CGROUP -> Files.isDirectory(path) || madeByCriu.contains(path);
    };
  }

  /** The bind mounts of the container that a runtime restores into: its spec decides. */
  private static Map<BytePath, Path> specified(CriuRun run) throws IOException {
    Map<BytePath, Path> specified = new HashMap<>();
    Optional<RuntimeAncestor> runtime = RuntimeAncestor.find(run.proc(), run.criu().pid());
    if (runtime.isPresent() && runtime.get().command() instanceof RuntimeCommand.Restore restore) {
      OciSpec.read(restore.bundle().resolve("config.json")).mounts().stream()
          .filter(OciMount::isBind)
          .forEach(
              mount ->
                  specified.put(mount.destination(), restore.bundle().resolve(mount.source())));
    }
    return specified;
  }

  /** Control groups need not be there yet: CRIU makes those of its images before it mounts. */
  static Set<Path> cgroupDirectories(CriuRun run, ImageSet images) throws IOException {
    if (run.commandLine().ignoresCgroups()) {
      return Set.of();
    }
    MountTable host = MountTable.read(run.proc(), run.criu().pid());
    Set<Path> directories = new HashSet<>();
    for (CgroupHierarchy hierarchy : images.cgroups()) {
      String name = hierarchy.controllers().stream().sorted().collect(Collectors.joining(","));
      for (ByteString group : hierarchy.directories()) {
        CgroupMount.directory(name, BytePath.of(group.toByteArray()), host)
            .map(BytePath::toHostPath)
            .ifPresent(directories::add);
      }
    }
    return directories;
  }
}
