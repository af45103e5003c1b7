// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ForeignManifest;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.core.rootfs.ArchiveFiles;
import io.criubridge.core.rootfs.ArchiveLimits;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PublishedDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes a checkpoint directory out of what another tool has made: an archive of podman, CRI-O,
 * containerd or of ours, an OCI image layout, or the Go snapshot agent's directory. The source is
 * hostile: nothing is written but plain files of known form in a new directory.
 */
public final class CheckpointImport {

  /** Far more files than any checkpoint has, and as much as fits a tebibyte. */
  private static final ArchiveLimits LIMITS =
      new ArchiveLimits(1_000_000, ArchiveLimits.DEFAULT.bytes());

  private final StagedFiles staged;
  private final EmbeddedCheckpoint embedded;
  private final TreeSet<String> ignored = new TreeSet<>();

  private CheckpointImport(StagedFiles staged) {
    this.staged = staged;
    this.embedded = new EmbeddedCheckpoint(staged.directory());
  }

  /**
   * What was imported.
   *
   * @param manifest of the new directory
   * @param ignored names of what was left out, as nothing here needs it
   */
  public record Imported(CheckpointManifest manifest, List<String> ignored) {
    /** Copies the list. */
    public Imported {
      ignored = List.copyOf(ignored);
    }
  }

  /**
   * Imports into a new directory, which appears whole or not at all.
   *
   * @throws IOException naming what is damaged, hostile or not known
   */
  public static Imported read(Path source, Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(directory + ": is there already; name a new one");
    }
    try (PublishedDirectory published = PublishedDirectory.create(directory)) {
      CheckpointImport reading = new CheckpointImport(new StagedFiles(published.path()));
      CheckpointManifest manifest =
          Files.isDirectory(source) ? reading.directory(source) : reading.archive(source);
      published.publish();
      return new Imported(manifest, List.copyOf(reading.ignored));
    }
  }

  private CheckpointManifest archive(Path archive) throws IOException {
    Optional<OciImage> image = OciImage.find(archive, LIMITS, staged);
    if (image.isEmpty()) {
      unpack(archive);
    } else {
      for (Path layer : image.get().layers()) {
        unpack(layer);
      }
      image.get().removeBlobs();
    }
    ignored.addAll(embedded.takeOver());
    CheckpointLayout layout = new CheckpointLayout(staged.directory());
    StagedDump dump = new StagedDump(archive, layout);
    if (!Files.exists(layout.manifest()) || ForeignManifest.find(layout.manifest()).isPresent()) {
      return make(dump, Optional.empty());
    }
    dump.requireManifestHolds();
    dump.requireImages();
    CheckpointManifest manifest = CheckpointManifest.read(layout);
    manifest.verify(layout);
    return manifest;
  }

  private static CheckpointManifest make(StagedDump dump, Optional<ForeignManifest> foreign)
      throws IOException {
    dump.requireSuccess();
    dump.requireImages();
    return new ImportedManifest(dump.layout()).make(foreign);
  }

  private void unpack(Path archive) throws IOException {
    ArchiveFiles.read(archive, LIMITS, (EngineMembers) this::add);
  }

  private void add(BytePath path, InputStream content) throws IOException {
    String name = path.text().substring(1);
    boolean image = name.startsWith(ExchangeLayout.IMAGES);
    String file = image ? name.substring(ExchangeLayout.IMAGES.length()) : name;
    boolean known = ExchangeLayout.BESIDE.contains(file);
    if (image && EmbeddedCheckpoint.has(file)) {
      embedded.add(file, content);
    } else if (file.contains("/") || (!image && !known) || ExchangeLayout.LEFT_OUT.contains(file)) {
      leaveOut(name, file, content);
    } else if (!ExchangeLayout.NAME.matcher(file).matches() || (image && isOfEngine(file))) {
      throw new IOException(path + ": no engine names an image of CRIU so");
    } else {
      stage(file, content);
    }
  }

  /** The status tells whether the dump failed, and is not kept. */
  private void leaveOut(String name, String file, InputStream content) throws IOException {
    ignored.add(name);
    if (file.equals(CheckpointLayout.STATUS)) {
      stage(file, content);
    }
  }

  private void stage(String file, InputStream content) throws IOException {
    staged.add(file, content, ExchangeLayout.mostBytes(file));
  }

  /** Among the images these would be taken for what belongs beside them. */
  private static boolean isOfEngine(String name) {
    return name.equals(ExchangeLayout.CONFIG_DUMP) || name.equals(ExchangeLayout.SPEC_DUMP);
  }

  /** The Go snapshot agent's directory is flat, with a manifest of its own. */
  private CheckpointManifest directory(Path source) throws IOException {
    Path manifest = source.resolve(CheckpointLayout.MANIFEST);
    Optional<ForeignManifest> foreign =
        Files.exists(manifest) ? ForeignManifest.find(manifest) : Optional.empty();
    if (Files.exists(manifest) && foreign.isEmpty()) {
      throw new IOException(source + ": is a checkpoint of criu-bridge already");
    }
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : new ArrayList<>(files.sorted().toList())) {
        addOfAgent(file);
      }
    }
    return make(new StagedDump(source, new CheckpointLayout(staged.directory())), foreign);
  }

  private void addOfAgent(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (name.equals(ExchangeLayout.PARENT)) {
      throw new ManifestException(file + ": " + ExchangeLayout.INCREMENT);
    }
    if (name.equals(CheckpointLayout.MANIFEST)) {
      return;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !ExchangeLayout.NAME.matcher(name).matches()) {
      ignored.add(name);
      return;
    }
    try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      if (ExchangeLayout.LEFT_OUT.contains(name)) {
        leaveOut(name, name, content);
      } else {
        stage(name, content);
      }
    }
  }
}
