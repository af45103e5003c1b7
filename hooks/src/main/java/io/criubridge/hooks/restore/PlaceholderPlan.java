// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.plan.Directive;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a restore takes from the container that it fills. */
final class PlaceholderPlan {

  /** The root's name in the stage; mounts are numbered. */
  static final String ROOT = "root";

  private final Path stage;
  private final Map<BytePath, Path> places = new HashMap<>();
  private final Map<Path, Directive> mounts = new HashMap<>();
  private final List<Directive> directives = new ArrayList<>();

  private PlaceholderPlan(Path stage) {
    this.stage = stage;
    directives.add(new Directive.TakeMount(ROOT, true, "/"));
  }

  /** Looks in the container for every external mount of the checkpoint. */
  static PlaceholderPlan of(Placeholder placeholder, CriuRun run, List<MountRecord> external)
      throws IOException {
    PlaceholderPlan plan = new PlaceholderPlan(Placeholder.stage(run.directory()));
    try (ScopedRoot root = ScopedRoot.open(placeholder.root())) {
      for (MountRecord mount : external) {
        if (mount.handling() == Handling.EXTERNAL) {
          plan.look(root, mount);
        }
      }
    }
    placeholder.requireAlive();
    return plan;
  }

  private void look(ScopedRoot root, MountRecord mount) throws IOException {
    BytePath place = root.realPath(mount.mountPoint());
    Optional<FileType> type = root.lstat(place).map(found -> found.type());
    boolean directory = type.equals(Optional.of(FileType.DIRECTORY));
    boolean fits =
        switch (mount.type()) {
          case DIRECTORY -> directory;
          case FILE -> !directory;
          case UNKNOWN -> true;
        };
    if (type.isEmpty() || !fits) {
      return;
    }
    String name = Integer.toString(places.size());
    Path staged = stage.resolve(name);
    if (places.putIfAbsent(mount.mountPoint(), staged) == null) {
      mounts.put(staged, new Directive.TakeMount(name, directory, place.text()));
    }
  }

  /** Where CRIU finds what the container has at each mount point. */
  Map<BytePath, Path> places() {
    return Map.copyOf(places);
  }

  boolean isThere(MountSource source) {
    return source.source().filter(mounts::containsKey).isPresent();
  }

  /**
   * A source that is neither mapped nor the container's is none: what was mounted there at dump
   * belongs to another container.
   */
  MountSource own(MountSource source, Set<String> mapped) {
    boolean another =
        source.key().equals(source.name()) && !mapped.contains(source.name()) && !isThere(source);
    return another
        ? new MountSource(
            source.name(), source.key(), source.recorded(), Optional.empty(), false, source.kind())
        : source;
  }

  /** What has CRIU find these mounts, and those of the streams that nobody maps. */
  List<Directive> directives(
      List<MountSource> sources, List<StreamRecord> streams, Set<String> mapped) {
    for (MountSource source : sources) {
      if (isThere(source)) {
        directives.add(mounts.get(source.source().orElseThrow()));
      }
    }
    for (StreamRecord stream : streams) {
      if (isTaken(stream, mapped)) {
        // By the name under which CRIU does not open it anew.
        String key = stream.key().substring(1);
        int number = OutsidePipes.STREAMS.indexOf(stream.names().get(0));
        directives.add(new Directive.TakeFd(key, number));
      }
    }
    return List.copyOf(directives);
  }

  boolean isTaken(StreamRecord stream, Set<String> mapped) {
    return stream.names().stream().noneMatch(mapped::contains);
  }

  /** In a network of their own the processes would not be those of the container. */
  static void requireExternalNetwork(CheckpointManifest manifest, ImageSet images)
      throws IOException {
    if (manifest.network().isEmpty() && !images.networkNamespaces().isEmpty()) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG,
          "the checkpoint has a network namespace of its own, which cannot become that of another"
              + " container: make it with CRIU_BRIDGE_EXTERNAL_NETNS=extNetNs");
    }
  }
}
