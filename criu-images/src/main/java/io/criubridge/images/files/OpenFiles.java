// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageEntry;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.fdinfo_entry;
import io.criubridge.images.proto.file_entry;
import io.criubridge.images.proto.fs_entry;
import io.criubridge.images.proto.mm_entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The open files of a set, and those of each process. */
public final class OpenFiles {
  private static final Map<fd_types, ImageType> LEGACY =
      Map.ofEntries(
          Map.entry(fd_types.REG, ImageType.REG_FILES),
          Map.entry(fd_types.PIPE, ImageType.PIPES),
          Map.entry(fd_types.FIFO, ImageType.FIFO),
          Map.entry(fd_types.INETSK, ImageType.INETSK),
          Map.entry(fd_types.UNIXSK, ImageType.UNIXSK),
          Map.entry(fd_types.EVENTFD, ImageType.EVENTFD_FILE),
          Map.entry(fd_types.EVENTPOLL, ImageType.EVENTPOLL_FILE),
          Map.entry(fd_types.INOTIFY, ImageType.INOTIFY_FILE),
          Map.entry(fd_types.SIGNALFD, ImageType.SIGNALFD),
          Map.entry(fd_types.PACKETSK, ImageType.PACKETSK),
          Map.entry(fd_types.TTY, ImageType.TTY_FILES),
          Map.entry(fd_types.FANOTIFY, ImageType.FANOTIFY_FILE),
          Map.entry(fd_types.NETLINKSK, ImageType.NETLINK_SK),
          Map.entry(fd_types.NS, ImageType.NS_FILES),
          Map.entry(fd_types.TUNF, ImageType.TUNFILE),
          Map.entry(fd_types.EXT, ImageType.EXT_FILES),
          Map.entry(fd_types.TIMERFD, ImageType.TIMERFD),
          Map.entry(fd_types.BPFMAP, ImageType.BPFMAP_FILE));

  private final ImageSet set;
  private final Map<Key, OpenFile> files = new LinkedHashMap<>();

  private OpenFiles(ImageSet set) {
    this.set = set;
  }

  private record Key(fd_types kind, long id) {}

  /**
   * Reads the files of a set.
   *
   * @throws ImageFormatException if an entry is none
   */
  public static OpenFiles read(ImageSet set) throws IOException {
    List<FileReader.FileEntry> entries = entries(set);
    FileReader reader = new FileReader(set, entries);
    OpenFiles files = new OpenFiles(set);
    for (FileReader.FileEntry entry : entries) {
      long id = Integer.toUnsignedLong(entry.message().getId());
      files.files.put(new Key(entry.message().getType(), id), reader.read(entry));
    }
    return files;
  }

  /** All files, in the order of the images. */
  public Collection<OpenFile> all() {
    return Collections.unmodifiableCollection(files.values());
  }

  /** The file of a kind and number; none if the set has none. */
  public Optional<OpenFile> find(fd_types kind, long id) {
    return Optional.ofNullable(files.get(new Key(kind, id)));
  }

  /**
   * What a process has open; nothing for one that has ended.
   *
   * @throws ImageFormatException if a descriptor stands for a file that is not in the images
   */
  public ProcessFiles of(CheckpointedProcess process) throws IOException {
    if (process.ids().isEmpty()) {
      return new ProcessFiles(List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }
    String table = ImageType.FDINFO.fileName().name(process.ids().get().files());
    List<ProcessFiles.Descriptor> descriptors = new ArrayList<>();
    for (ImageEntry entry : set.entries(table)) {
      fdinfo_entry info = (fdinfo_entry) entry.message();
      long id = Integer.toUnsignedLong(info.getId());
      Optional<OpenFile> file = find(info.getType(), id);
      descriptors.add(
          new ProcessFiles.Descriptor(
              info.getFd(),
              (info.getFlags() & 1) != 0,
              file.orElseThrow(
                  () ->
                      new ImageFormatException(
                          set.file(table),
                          entry.offset(),
                          "the number of a file in files.img",
                          "%s %d".formatted(info.getType(), id)))));
    }
    Optional<fs_entry> places =
        set.optional(ImageType.FS.fileName().name(process.pid()), fs_entry.class);
    Optional<mm_entry> memory =
        set.optional(ImageType.MM.fileName().name(process.pid()), mm_entry.class);
    return new ProcessFiles(
        descriptors,
        places.flatMap(fs -> regular(fs.getCwdId())),
        places.flatMap(fs -> regular(fs.getRootId())),
        memory.flatMap(mm -> regular(mm.getExeFileId())));
  }

  private Optional<RegularFile> regular(int id) {
    return find(fd_types.REG, Integer.toUnsignedLong(id))
        .filter(RegularFile.class::isInstance)
        .map(RegularFile.class::cast);
  }

  /** The entries of files.img, and of the files for each kind that CRIU wrote before 3.3. */
  private static List<FileReader.FileEntry> entries(ImageSet set) throws IOException {
    List<FileReader.FileEntry> entries = new ArrayList<>();
    String name = ImageType.FILES.fileName().name();
    for (ImageEntry entry : set.entries(name)) {
      entries.add(new FileReader.FileEntry(name, entry.offset(), (file_entry) entry.message()));
    }
    for (Map.Entry<fd_types, ImageType> legacy : LEGACY.entrySet()) {
      String legacyName = legacy.getValue().fileName().name();
      for (ImageEntry entry : set.entries(legacyName)) {
        entries.add(
            new FileReader.FileEntry(
                legacyName, entry.offset(), wrap(legacy.getKey(), entry.message())));
      }
    }
    return entries;
  }

  private static file_entry wrap(fd_types kind, Message message) {
    Object id = message.getField(message.getDescriptorForType().findFieldByName("id"));
    file_entry.Builder file = file_entry.newBuilder().setType(kind).setId((Integer) id);
    for (FieldDescriptor field : file_entry.getDescriptor().getFields()) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          && field.getMessageType().equals(message.getDescriptorForType())) {
        file.setField(field, message);
      }
    }
    return file.build();
  }
}
