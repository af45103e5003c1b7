// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.memfd_inode_entry;

/**
 * A file in memory, as of memfd_create(2). CRIU also makes one of shared anonymous memory, named
 * {@code /dev/zero}. Source: images/memfd.proto.
 *
 * @param size in bytes
 * @param seals as of fcntl(2)
 * @param sharedMemoryId the number of its content: {@code pagemap-shmem-<number>.img}
 */
public record MemoryFile(long id, ByteString name, long size, int seals, long sharedMemoryId)
    implements OpenFile {

  static MemoryFile of(long id, memfd_inode_entry inode) {
    return new MemoryFile(
        id,
        inode.getNameBytes(),
        inode.getSize(),
        inode.getSeals(),
        Integer.toUnsignedLong(inode.getShmid()));
  }

  @Override
  public fd_types kind() {
    return fd_types.MEMFD;
  }
}
