// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.Message;
import io.criubridge.images.proto.cg_controller_entry;
import io.criubridge.images.proto.cgroup_entry;
import io.criubridge.images.proto.inventory_entry;
import io.criubridge.images.proto.mnt_entry;
import io.criubridge.images.proto.netns_entry;
import io.criubridge.images.proto.stats_entry;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The images of one dump, as a directory. A file is read when a method first needs it, and then
 * kept; every method throws {@link ImageFormatException} for a file that is damaged or, where CRIU
 * always writes it, missing. CRIU leaves out most files that would have no entries: there, a
 * missing file is an empty one. Not for several threads at once.
 *
 * <p>The larger views are in packages of their own, so that who needs a few facts fast loads few
 * classes: {@code files} for open files and sockets, {@code memory}, {@code edit}.
 */
public final class ImageSet {
  private final Path directory;
  private final Map<String, List<ImageEntry>> read = new HashMap<>();

  /** Names the directory; nothing is read yet. */
  public ImageSet(Path directory) {
    this.directory = directory;
  }

  /** Reads what the set is. */
  public Inventory inventory() throws IOException {
    return Inventory.of(required(ImageType.INVENTORY.fileName().name(), inventory_entry.class));
  }

  /** Lists the dumped processes, a parent before its children; the first is the root process. */
  public List<CheckpointedProcess> processes() throws IOException {
    return CheckpointedProcess.readAll(this);
  }

  /** Lists the mounts of all dumped mount namespaces, in CRIU's order within each. */
  public List<Mount> mounts() throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (long namespaceId : ids(ImageType.MNTS)) {
      for (ImageEntry entry : entries(ImageType.MNTS.fileName().name(namespaceId))) {
        mounts.add(Mount.of(namespaceId, (mnt_entry) entry.message()));
      }
    }
    return mounts;
  }

  /** Lists the open files that have to be given to CRIU at restore. */
  public List<ExternalFile> externalFiles() throws IOException {
    return ExternalFile.readAll(this);
  }

  /** Lists the namespaces that the processes live in, dumped or not. */
  public List<Namespace> namespaces() throws IOException {
    return Namespace.readAll(this);
  }

  /** Lists the dumped network namespaces. */
  public List<NetworkNamespace> networkNamespaces() throws IOException {
    List<NetworkNamespace> namespaces = new ArrayList<>();
    for (long id : ids(ImageType.NETNS)) {
      netns_entry entry = required(ImageType.NETNS.fileName().name(id), netns_entry.class);
      namespaces.add(
          new NetworkNamespace(
              id, entry.hasExtKey() ? Optional.of(entry.getExtKeyBytes()) : Optional.empty()));
    }
    return namespaces;
  }

  /** Lists the cgroup directories that CRIU makes at restore; none if it was told to leave them. */
  public List<CgroupHierarchy> cgroups() throws IOException {
    List<CgroupHierarchy> hierarchies = new ArrayList<>();
    for (ImageEntry entry : entries(ImageType.CGROUP.fileName().name())) {
      for (cg_controller_entry hierarchy : ((cgroup_entry) entry.message()).getControllersList()) {
        hierarchies.add(CgroupHierarchy.of(hierarchy));
      }
    }
    return hierarchies;
  }

  /** Lists the control groups that the processes were in; none of a dump that left them out. */
  public List<CgroupMembership> cgroupMemberships() throws IOException {
    return CgroupMembership.readAll(this);
  }

  /**
   * Reads CRIU's measurements of the dump; none if CRIU put them elsewhere ({@code --work-dir}).
   */
  public Optional<DumpStats> stats() throws IOException {
    return optional(ImageType.STATS.fileName().name("dump"), stats_entry.class)
        .filter(stats_entry::hasDump)
        .map(entry -> DumpStats.of(entry.getDump()));
  }

  /** Reads CRIU's measurements of the last restore; none if there were none, or are elsewhere. */
  public Optional<RestoreStats> restoreStats() throws IOException {
    return optional(ImageType.STATS.fileName().name("restore"), stats_entry.class)
        .filter(stats_entry::hasRestore)
        .map(entry -> RestoreStats.of(entry.getRestore()));
  }

  /**
   * Lists the numbers in the names of the files of a type, in ascending order.
   *
   * @param type one whose names hold a number
   */
  public List<Long> ids(ImageType type) throws IOException {
    List<Long> ids = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        type.fileName().numberIn(Objects.toString(file.getFileName(), "")).ifPresent(ids::add);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(ids);
    return ids;
  }

  /**
   * Reads the first entry of a file that CRIU always writes.
   *
   * @throws ImageFormatException if there is none
   */
  public <M extends Message> M required(String name, Class<M> message) throws IOException {
    Path file = file(name);
    return optional(name, message)
        .orElseThrow(
            () -> new ImageFormatException(file, 0, "a " + message.getSimpleName(), "none"));
  }

  /** Reads the first entry of a file; none if there is no such file. */
  public <M extends Message> Optional<M> optional(String name, Class<M> message)
      throws IOException {
    List<ImageEntry> entries = entries(name);
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(message.cast(entries.get(0).message()));
  }

  /** Reads all entries of a file; none if there is no such file. */
  public List<ImageEntry> entries(String name) throws IOException {
    List<ImageEntry> known = read.get(name);
    if (known != null) {
      return known;
    }
    List<ImageEntry> entries = new ArrayList<>();
    try (ImageReader reader = ImageReader.open(file(name))) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        entries.add(entry.get());
      }
    } catch (NoSuchFileException notWritten) {
      entries.clear();
    }
    List<ImageEntry> whole = Collections.unmodifiableList(entries);
    read.put(name, whole);
    return whole;
  }

  /** Where a file of the set is. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  /** Where the set is. */
  public Path directory() {
    return directory;
  }
}
