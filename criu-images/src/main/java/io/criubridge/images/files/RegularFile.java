// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.reg_file_entry;
import java.util.OptionalLong;

/**
 * A file or directory with a place in the file system. Source: images/regfile.proto,
 * images/remap-file-path.proto.
 *
 * @param path where it is, from the root of its mount namespace; of an external file, its key
 * @param flags as of open(2)
 * @param position in bytes
 * @param size in bytes, when it was dumped; CRIU refuses to restore over a file of another
 * @param mountId as in {@link io.criubridge.images.Mount#mountId()}; -1 for none
 * @param external whether it has to be given to CRIU at restore
 * @param deleted whether it had no name left: its content is in the images, or under another name
 */
public record RegularFile(
    long id,
    ByteString path,
    int flags,
    long position,
    OptionalLong size,
    int mountId,
    boolean external,
    boolean deleted)
    implements OpenFile {

  static RegularFile of(reg_file_entry entry, boolean deleted) {
    return new RegularFile(
        Integer.toUnsignedLong(entry.getId()),
        entry.getNameBytes(),
        entry.getFlags(),
        entry.getPos(),
        entry.hasSize() ? OptionalLong.of(entry.getSize()) : OptionalLong.empty(),
        entry.getMntId(),
        entry.getExt(),
        deleted);
  }

  @Override
  public fd_types kind() {
    return fd_types.REG;
  }
}
