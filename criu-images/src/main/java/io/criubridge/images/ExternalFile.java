// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.reg_file_entry;
import java.util.List;

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
}
