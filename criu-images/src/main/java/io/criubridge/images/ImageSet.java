// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.Message;
import io.criubridge.images.proto.cg_controller_entry;
import io.criubridge.images.proto.cgroup_entry;
import io.criubridge.images.proto.core_entry;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.fdinfo_entry;
import io.criubridge.images.proto.file_entry;
import io.criubridge.images.proto.inventory_entry;
import io.criubridge.images.proto.mnt_entry;
import io.criubridge.images.proto.netns_entry;
import io.criubridge.images.proto.pstree_entry;
import io.criubridge.images.proto.reg_file_entry;
import io.criubridge.images.proto.stats_entry;
import io.criubridge.images.proto.task_core_entry;
import io.criubridge.images.proto.task_kobj_ids_entry;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The images of one dump, as a directory. Every method reads the files it needs when it is called
 * and keeps nothing; each throws {@link ImageFormatException} for a file that is damaged or, where
 * CRIU always writes it, missing. CRIU leaves out most files that would have no entries: there, a
 * missing file is an empty one.
 */
public final class ImageSet {
  private final Path directory;

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
    String name = ImageType.PSTREE.fileName().name();
    List<CheckpointedProcess> processes = new ArrayList<>();
    Set<Integer> pids = new HashSet<>();
    for (ImageEntry entry : entries(name)) {
      pstree_entry node = (pstree_entry) entry.message();
      boolean inPlace = pids.isEmpty() ? node.getPpid() == 0 : pids.contains(node.getPpid());
      if (node.getPid() <= 0 || !inPlace || !pids.add(node.getPid())) {
        throw new ImageFormatException(
            file(name),
            entry.offset(),
            "a new process below one before it",
            "process %d below %d".formatted(node.getPid(), node.getPpid()));
      }
      processes.add(process(node));
    }
    if (processes.isEmpty()) {
      throw new ImageFormatException(file(name), 0, "a process", "none");
    }
    return processes;
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
    List<ExternalFile> external = new ArrayList<>();
    Map<Integer, List<ExternalFile.Descriptor>> users = regularFileUsers();
    for (reg_file_entry file : regularFiles()) {
      if (file.getExt()) {
        external.add(ExternalFile.of(file, users.getOrDefault(file.getId(), List.of())));
      }
    }
    return external;
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

  /**
   * Reads CRIU's measurements of the dump; none if CRIU put them elsewhere ({@code --work-dir}).
   */
  public Optional<DumpStats> stats() throws IOException {
    return optional(ImageType.STATS.fileName().name("dump"), stats_entry.class)
        .filter(stats_entry::hasDump)
        .map(entry -> DumpStats.of(entry.getDump()));
  }

  private CheckpointedProcess process(pstree_entry node) throws IOException {
    String coreName = ImageType.CORE.fileName().name(node.getPid());
    core_entry core = required(coreName, core_entry.class);
    task_core_entry task = core.getTc();
    TaskState state = state(coreName, task.getTaskState());
    return new CheckpointedProcess(
        node.getPid(),
        node.getPpid(),
        node.getPgid(),
        node.getSid(),
        // CRIU writes uninitialised memory for the thread of a process that has ended.
        state.hasEnded() ? List.of(node.getPid()) : node.getThreadsList(),
        state,
        task.getExitCode(),
        task.getCommBytes(),
        optional(ImageType.IDS.fileName().name(node.getPid()), task_kobj_ids_entry.class)
            .or(() -> core.hasIds() ? Optional.of(core.getIds()) : Optional.empty())
            .map(KernelObjectIds::of));
  }

  private TaskState state(String coreName, int number) throws ImageFormatException {
    return TaskState.of(number)
        .orElseThrow(
            () ->
                new ImageFormatException(
                    file(coreName), 0, "the core of a process", "task state " + number));
  }

  private List<reg_file_entry> regularFiles() throws IOException {
    List<reg_file_entry> files = new ArrayList<>();
    for (ImageEntry entry : entries(ImageType.FILES.fileName().name())) {
      file_entry file = (file_entry) entry.message();
      if (file.hasReg()) {
        files.add(file.getReg());
      }
    }
    // CRIU before 3.3 had a file for each kind of file.
    for (ImageEntry entry : entries(ImageType.REG_FILES.fileName().name())) {
      files.add((reg_file_entry) entry.message());
    }
    return files;
  }

  private Map<Integer, List<ExternalFile.Descriptor>> regularFileUsers() throws IOException {
    Map<Integer, List<ExternalFile.Descriptor>> users = new HashMap<>();
    for (CheckpointedProcess process : processes()) {
      Optional<Long> table = process.ids().map(KernelObjectIds::files);
      if (table.isEmpty()) {
        continue;
      }
      for (ImageEntry entry : entries(ImageType.FDINFO.fileName().name(table.get()))) {
        fdinfo_entry info = (fdinfo_entry) entry.message();
        if (info.getType() == fd_types.REG) {
          users
              .computeIfAbsent(info.getId(), id -> new ArrayList<>())
              .add(new ExternalFile.Descriptor(process.pid(), info.getFd()));
        }
      }
    }
    return users;
  }

  private List<Long> ids(ImageType type) throws IOException {
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

  private <M extends Message> M required(String name, Class<M> message) throws IOException {
    Path file = file(name);
    return optional(name, message)
        .orElseThrow(
            () -> new ImageFormatException(file, 0, "a " + message.getSimpleName(), "none"));
  }

  private <M extends Message> Optional<M> optional(String name, Class<M> message)
      throws IOException {
    List<ImageEntry> entries = entries(name);
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(message.cast(entries.get(0).message()));
  }

  /** Reads all entries of a file; none if there is no such file. */
  private List<ImageEntry> entries(String name) throws IOException {
    List<ImageEntry> entries = new ArrayList<>();
    try (ImageReader reader = ImageReader.open(file(name))) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        entries.add(entry.get());
      }
    } catch (NoSuchFileException notWritten) {
      return List.of();
    }
    return entries;
  }

  private Path file(String name) {
    return directory.resolve(name);
  }
}
