// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ContainerRecord;
import io.criubridge.core.checkpoint.Machine;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.NetworkRecord;
import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.container.OciSpec;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.hooks.CriuRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Puts the manifest of a dump together. */
final class DumpManifest {

  /** Where containerd's CRI plugin, CRI-O and podman note the image's name. */
  private static final List<String> IMAGE_ANNOTATIONS =
      List.of(
          "io.kubernetes.cri.image-name",
          "io.kubernetes.cri-o.ImageName",
          "org.opencontainers.image.ref.name");

  private final CriuRun run;
  private final DumpTarget target;
  private final Machine machine;

  DumpManifest(CriuRun run, DumpTarget target, Machine machine) {
    this.run = run;
    this.target = target;
    this.machine = machine;
  }

  /** Describes the checkpoint that these files and mounts make. */
  CheckpointManifest of(
      Optional<OverlayRootFs> overlay,
      List<MountRecord> mounts,
      FrozenTasks tasks,
      List<Artefact> artefacts)
      throws IOException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return new CheckpointManifest(
        target.id() + "-" + now.toString().replaceAll("[-:]", ""),
        now,
        machine,
        container(overlay),
        run.configuration().exclusions(),
        mounts,
        tasks.streams(),
        network(),
        tasks.processes(),
        artefacts);
  }

  private ContainerRecord container(Optional<OverlayRootFs> overlay) {
    Optional<ContainerLookup.Found> found = target.found();
    return new ContainerRecord(
        target.id(),
        target.init().pid(),
        found.map(f -> f.kind().name().toLowerCase(Locale.ROOT)).orElse("none"),
        found.flatMap(f -> imageName(f.spec())),
        overlay.map(OverlayRootFs::upperDir).map(Path::toString));
  }

  private static Optional<String> imageName(OciSpec spec) {
    return IMAGE_ANNOTATIONS.stream()
        .map(spec.annotations()::get)
        .filter(Objects::nonNull)
        .findFirst();
  }

  private Optional<NetworkRecord> network() throws IOException {
    Optional<NetworkRecord> network = DumpPlan.network(run, target);
    // Not when the caller of CRIU, as runc does, has declared it under a name of its own.
    return network.isPresent() && run.directory().isApplied(DumpPlan.directive(network.get()))
        ? network
        : Optional.empty();
  }
}
