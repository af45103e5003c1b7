// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ContainerRecord;
import io.criubridge.core.checkpoint.ForeignManifest;
import io.criubridge.core.checkpoint.Machine;
import io.criubridge.core.checkpoint.ProcessRecord;
import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.sys.PathText;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ExternalFile;
import io.criubridge.images.ImageSet;
import io.criubridge.images.proto.core_entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The manifest of a checkpoint that another tool has made, as far as its files tell. */
final class ImportedManifest {

  private static final List<String> STREAMS = List.of("stdin", "stdout", "stderr");
  private static final String UNKNOWN = "unknown";

  private final CheckpointLayout layout;
  private final ImageSet images;

  ImportedManifest(CheckpointLayout layout) {
    this.layout = layout;
    this.images = new ImageSet(layout.directory());
  }

  /**
   * Writes the manifest into the directory, over one of another tool.
   *
   * @param foreign what that tool's own manifest tells
   */
  CheckpointManifest make(Optional<ForeignManifest> foreign) throws IOException {
    List<CheckpointedProcess> processes = images.processes();
    EngineFiles engine = EngineFiles.read(layout.directory());
    Instant created =
        foreign
            .map(ForeignManifest::createdAt)
            .or(engine::checkpointedAt)
            .orElseGet(Instant::now)
            .truncatedTo(ChronoUnit.SECONDS);
    String id = foreign.map(ForeignManifest::containerId).orElse(engine.id());
    CheckpointManifest manifest =
        new CheckpointManifest(
            foreign
                .map(ForeignManifest::checkpointId)
                .orElse(id + "-" + created.toString().replaceAll("[-:]", "")),
            created,
            machine(processes.get(0).pid()),
            new ContainerRecord(
                id,
                foreign.map(ForeignManifest::hostPid).orElse(0),
                foreign.isPresent() ? "snapshot-agent" : engine.runtime(),
                engine.image(),
                Optional.empty()),
            List.of(),
            new ImportedMounts(images, engine).records(),
            streams(),
            Optional.empty(),
            processes.stream().map(ImportedManifest::process).toList(),
            artefacts());
    Files.deleteIfExists(layout.manifest());
    manifest.publish(layout);
    return manifest;
  }

  private static ProcessRecord process(CheckpointedProcess process) {
    String command = PathText.of(process.command().toByteArray());
    return new ProcessRecord(process.pid(), List.of(process.pid()), command);
  }

  /** Standard streams that CRIU has to be given; which files they were, nobody has noted. */
  private List<StreamRecord> streams() throws IOException {
    List<StreamRecord> streams = new ArrayList<>();
    for (ExternalFile file : images.externalFiles()) {
      List<String> names =
          file.users().stream()
              .map(ExternalFile.Descriptor::fd)
              .filter(fd -> fd < STREAMS.size())
              .distinct()
              .sorted()
              .map(STREAMS::get)
              .toList();
      if (!names.isEmpty()) {
        String key = PathText.of(file.name().toByteArray());
        int flags = file.openFlags() & StreamRecord.FLAGS;
        streams.add(new StreamRecord(names, key, "a path not known", flags, file.position()));
      }
    }
    return streams;
  }

  private Machine machine(int pid) throws IOException {
    core_entry core = images.required("core-" + pid + ".img", core_entry.class);
    return new Machine(
        core.getMtype().name().toLowerCase(Locale.ROOT), UNKNOWN, criuVersion(), UNKNOWN);
  }

  /** From CRIU's log, if it is there; a version that is not known is older than none. */
  private String criuVersion() throws IOException {
    Path log = layout.directory().resolve(ExchangeLayout.DUMP_LOG);
    return Files.exists(log) ? DumpLog.read(log).criuVersion().orElse(UNKNOWN) : UNKNOWN;
  }

  private List<Artefact> artefacts() throws IOException {
    // A restore reads the relative list, which the Go snapshot agent writes itself.
    if (Files.exists(layout.deletedFiles()) && !Files.exists(layout.deletedFilesJson())) {
      EngineDeletions.read(layout).publish(layout);
    }
    List<Artefact> artefacts = new ArrayList<>();
    for (String name :
        List.of(
            CheckpointLayout.ROOTFS_DIFF,
            CheckpointLayout.DELETED_FILES_JSON,
            CheckpointLayout.DELETED_FILES,
            CheckpointLayout.OPAQUE_DIRECTORIES,
            CheckpointLayout.BIND_MOUNTS)) {
      if (Files.exists(layout.directory().resolve(name))) {
        artefacts.add(Artefact.describe(layout.directory(), name));
      }
    }
    return artefacts;
  }
}
