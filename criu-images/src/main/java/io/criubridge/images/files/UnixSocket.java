// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.unix_sk_entry;
import java.util.Optional;

/**
 * A unix socket. Source: images/sk-unix.proto.
 *
 * @param inode the socket's inode
 * @param type as of socket(2)
 * @param peerInode the inode of the socket it is connected to; 0 for none
 * @param name where it is bound: a path, or a name that begins with NUL; none if it is not
 */
public record UnixSocket(
    long id, long inode, int type, SocketState state, long peerInode, Optional<ByteString> name)
    implements OpenFile {

  static UnixSocket of(unix_sk_entry entry) {
    return new UnixSocket(
        Integer.toUnsignedLong(entry.getId()),
        Integer.toUnsignedLong(entry.getIno()),
        entry.getType(),
        SocketState.of(entry.getState())
            .orElseThrow(() -> new IllegalArgumentException("state " + entry.getState())),
        Integer.toUnsignedLong(entry.getPeer()),
        name(entry.getName()));
  }

  /** A path without the NUL that ends it; an abstract name begins with NUL. */
  private static Optional<ByteString> name(ByteString bytes) {
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    int end = bytes.size();
    while (bytes.byteAt(0) != 0 && bytes.byteAt(end - 1) == 0) {
      end--;
    }
    return Optional.of(bytes.substring(0, end));
  }

  @Override
  public fd_types kind() {
    return fd_types.UNIXSK;
  }
}
