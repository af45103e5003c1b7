// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where something external of a checkpoint would come from, if CRIU restored it now on this
 * machine.
 *
 * @param name what the person knows it by: a path in the container, or a standard stream
 * @param recorded where it came from at dump
 * @param source where it would come from; empty if there is no telling
 * @param found whether the source is there and of the right kind
 */
public record SourcePreview(
    String name, Optional<String> recorded, Optional<Path> source, boolean found) {

  /**
   * Looks for everything external of a checkpoint.
   *
   * @param environment of the criu process
   */
  public static List<SourcePreview> of(
      Path imageDirectory, CheckpointManifest manifest, Map<String, String> environment)
      throws IOException {
    CriuRun run =
        CriuRun.imagined(Phase.Operation.RESTORE, Optional.of(imageDirectory), environment);
    Set<Path> madeByCriu = PlanRestore.cgroupDirectories(run, new ImageSet(imageDirectory));
    List<SourcePreview> previews = new ArrayList<>();
    for (MountSource source : PlanRestore.sources(run, manifest, Optional.empty())) {
      boolean found = PlanRestore.isThere(source, madeByCriu);
      previews.add(new SourcePreview(source.name(), source.recorded(), source.source(), found));
    }
    Map<String, Path> mapped = run.configuration().mountMap();
    manifest.streams().stream()
        .map(stream -> StreamSource.of(stream, mapped))
        .forEach(source -> previews.add(of(source)));
    return previews;
  }

  private static SourcePreview of(StreamSource source) {
    return new SourcePreview(
        String.join(", ", source.stream().names()),
        Optional.of(source.stream().path()),
        Optional.of(source.path()),
        source.isThere());
  }
}
