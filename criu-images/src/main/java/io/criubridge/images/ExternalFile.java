// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.fdinfo_entry;
import io.criubridge.images.proto.file_entry;
import io.criubridge.images.proto.reg_file_entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open file that CRIU did not dump and that has to be given to it at restore ({@code
 * --inherit-fd}). Source: images/regfile.proto, criu/files-reg.c.
 *
 * @param id the file's number, in {@code files.img}
 * @param name the key of the file: {@code file[<mount id>:<inode>]}, both hexadecimal
 * @param openFlags as of open(2)
 * @param position in bytes
 * @param users every file descriptor of the checkpoint that is this file
 */
public record ExternalFile(
    long id, ByteString name, int openFlags, long position, List<Descriptor> users) {

  /**
   * A file descriptor of a process.
   *
   * @param pid as in {@link CheckpointedProcess#pid()}
   */
  public record Descriptor(int pid, int fd) {}

  /** Keeps its own copy of the users. */
  public ExternalFile {
    users = List.copyOf(users);
  }

  static ExternalFile of(reg_file_entry entry, List<Descriptor> users) {
    return new ExternalFile(
        Integer.toUnsignedLong(entry.getId()),
        entry.getNameBytes(),
        entry.getFlags(),
        entry.getPos(),
        users);
  }

  static List<ExternalFile> readAll(ImageSet set) throws IOException {
    List<ExternalFile> external = new ArrayList<>();
    Map<Integer, List<Descriptor>> users = users(set);
    for (reg_file_entry file : regularFiles(set)) {
      if (file.getExt()) {
        external.add(of(file, users.getOrDefault(file.getId(), List.of())));
      }
    }
    return external;
  }

  private static List<reg_file_entry> regularFiles(ImageSet set) throws IOException {
    List<reg_file_entry> files = new ArrayList<>();
    for (ImageEntry entry : set.entries(ImageType.FILES.fileName().name())) {
      file_entry file = (file_entry) entry.message();
      if (file.hasReg()) {
        files.add(file.getReg());
      }
    }
    // CRIU before 3.3 had a file for each kind of file.
    for (ImageEntry entry : set.entries(ImageType.REG_FILES.fileName().name())) {
      files.add((reg_file_entry) entry.message());
    }
    return files;
  }

  private static Map<Integer, List<Descriptor>> users(ImageSet set) throws IOException {
    Map<Integer, List<Descriptor>> users = new HashMap<>();
    for (CheckpointedProcess process : set.processes()) {
      Optional<Long> table = process.ids().map(KernelObjectIds::files);
      if (table.isEmpty()) {
        continue;
      }
      for (ImageEntry entry : set.entries(ImageType.FDINFO.fileName().name(table.get()))) {
        fdinfo_entry info = (fdinfo_entry) entry.message();
        if (info.getType() == fd_types.REG) {
          users
              .computeIfAbsent(info.getId(), id -> new ArrayList<>())
              .add(new Descriptor(process.pid(), info.getFd()));
        }
      }
    }
    return users;
  }
}
