// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.rootfs.LiveArchive;
import io.criubridge.core.sys.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes a checkpoint as the archive that engines read. */
final class CheckpointTar {

  private final CheckpointLayout layout;
  private final CheckpointManifest manifest;
  private final Optional<Path> spec;
  private final TarFiles tar;

  private CheckpointTar(
      CheckpointLayout layout, CheckpointManifest manifest, Optional<Path> spec, TarFiles tar) {
    this.layout = layout;
    this.manifest = manifest;
    this.spec = spec;
    this.tar = tar;
  }

  static void write(
      CheckpointLayout layout, CheckpointManifest manifest, Optional<Path> spec, OutputStream out)
      throws IOException {
    try (TarFiles tar = new TarFiles(out, manifest.createdAt())) {
      new CheckpointTar(layout, manifest, spec, tar).write();
    }
  }

  private void write() throws IOException {
    describe();
    List<Artefact> artefacts = new ArrayList<>();
    for (Artefact artefact : manifest.artefacts()) {
      if (artefact.name().equals(CheckpointLayout.ROOTFS_DIFF)) {
        artefacts.add(addDiff());
      } else if (!ExchangeLayout.LEFT_OUT.contains(artefact.name())) {
        tar.add(artefact.name(), layout.directory().resolve(artefact.name()));
        artefacts.add(artefact);
      }
    }
    for (String name : List.of(CheckpointLayout.CRIU_STATS, ExchangeLayout.DUMP_LOG)) {
      Path file = layout.directory().resolve(name);
      if (Files.exists(file)) {
        tar.add(name, file);
      }
    }
    addImages();
    // Last, since without it the rest is no checkpoint of ours.
    String yaml = manifest.withArtefacts(artefacts).toYaml();
    tar.add(CheckpointLayout.MANIFEST, yaml.getBytes(UTF_8));
  }

  private void describe() throws IOException {
    ContainerDescription description = new ContainerDescription(manifest);
    Path config = layout.directory().resolve(ExchangeLayout.CONFIG_DUMP);
    if (Files.exists(config)) {
      tar.add(ExchangeLayout.CONFIG_DUMP, config);
    } else {
      tar.add(ExchangeLayout.CONFIG_DUMP, description.config().getBytes(UTF_8));
    }
    Path known = spec.orElse(layout.directory().resolve(ExchangeLayout.SPEC_DUMP));
    if (spec.isPresent() || Files.exists(known)) {
      tar.add(ExchangeLayout.SPEC_DUMP, known);
    } else {
      tar.add(ExchangeLayout.SPEC_DUMP, description.spec().getBytes(UTF_8));
    }
  }

  /** Other readers do not know the list of stale members: they get none. */
  private Artefact addDiff() throws IOException {
    try (LiveArchive diff = LiveArchive.open(layout.rootfsDiff())) {
      OutputStream member = tar.begin(CheckpointLayout.ROOTFS_DIFF, diff.size());
      DigestOutputStream out = new DigestOutputStream(member, Sha256.digest());
      diff.writeTo(out);
      tar.end();
      String digest = HexFormat.of().formatHex(out.getMessageDigest().digest());
      return new Artefact(CheckpointLayout.ROOTFS_DIFF, diff.size(), digest);
    }
  }

  private void addImages() throws IOException {
    try (Stream<Path> files = Files.list(layout.directory())) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (Files.isSymbolicLink(file)) {
          throw new IOException(
              file + ": is a link: a dump on top of another one cannot be exported alone");
        }
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && ExchangeLayout.NAME.matcher(name).matches()
            && !ExchangeLayout.BESIDE.contains(name)
            && !ExchangeLayout.LEFT_OUT.contains(name)) {
          tar.add(ExchangeLayout.IMAGES + name, file);
        }
      }
    }
  }
}
