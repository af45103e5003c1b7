// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.Message;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.files.InetSocket;
import io.criubridge.images.files.OpenFile;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.files.SocketState;
import io.criubridge.images.files.UnixSocket;
import io.criubridge.images.proto.inet_sk_entry;
import io.criubridge.images.proto.unix_sk_entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Closes connections whose other side is not in the images. A TCP socket becomes one that is not
 * connected, and its queues are dropped; a unix socket becomes one whose other side is gone, and
 * reads the end of the stream. Source: criu/sk-inet.c; criu/sk-unix.c, open_unixsk_standalone().
 */
final class ClosedConnections implements Change {
  /** A peer outside of the dump, which CRIU would connect to. Source: criu/sk-unix.c. */
  private static final int USK_EXTERN = 1;

  private final Set<Long> inet = new HashSet<>();
  private final Set<Long> unix = new HashSet<>();

  /** Closes nothing. */
  ClosedConnections() {}

  /** Closes all that have no other side in a set. */
  ClosedConnections(ImageSet set) throws IOException {
    Map<List<Object>, InetSocket> connections = new HashMap<>();
    List<UnixSocket> unixSockets = new ArrayList<>();
    Set<Long> unixInodes = new HashSet<>();
    for (OpenFile file : OpenFiles.read(set).all()) {
      if (file instanceof InetSocket socket && socket.isConnection()) {
        connections.put(ends(socket.local(), socket.remote(), socket), socket);
      } else if (file instanceof UnixSocket socket) {
        unixSockets.add(socket);
        unixInodes.add(socket.inode());
      }
    }
    for (InetSocket socket : connections.values()) {
      if (!connections.containsKey(ends(socket.remote(), socket.local(), socket))) {
        inet.add(socket.inode());
      }
    }
    for (UnixSocket socket : unixSockets) {
      if (socket.peerInode() != 0 && !unixInodes.contains(socket.peerInode())) {
        unix.add(socket.inode());
      }
    }
  }

  @Override
  public boolean concerns(ImageType type) {
    return inet.isEmpty()
        ? SocketEntries.unix(type) && !unix.isEmpty()
        : SocketEntries.inet(type) || SocketEntries.unix(type);
  }

  @Override
  public Message apply(Message entry) {
    return SocketEntries.unix(SocketEntries.inet(entry, this::closed), this::closed);
  }

  @Override
  public int count() {
    return inet.size() + unix.size();
  }

  @Override
  public List<String> unused() {
    return List.of();
  }

  /** Whether a file is of no use any more: the stream of a connection that is closed. */
  boolean drops(String fileName) {
    OptionalLong inode = ImageType.TCP_STREAM.fileName().numberIn(fileName);
    return inode.isPresent() && inet.contains(inode.getAsLong());
  }

  private inet_sk_entry closed(inet_sk_entry entry) {
    if (!inet.contains(Integer.toUnsignedLong(entry.getIno()))) {
      return entry;
    }
    inet_sk_entry.Builder closed = entry.toBuilder();
    closed.setState(SocketState.CLOSE.number()).setSrcPort(0).setDstPort(0).clearShutdown();
    for (int i = 0; i < closed.getSrcAddrCount(); i++) {
      closed.setSrcAddr(i, 0);
    }
    for (int i = 0; i < closed.getDstAddrCount(); i++) {
      closed.setDstAddr(i, 0);
    }
    return closed.build();
  }

  private unix_sk_entry closed(unix_sk_entry entry) {
    return unix.contains(Integer.toUnsignedLong(entry.getIno()))
        ? entry.toBuilder().setPeer(0).setUflags(entry.getUflags() & ~USK_EXTERN).build()
        : entry;
  }

  private static List<Object> ends(Object first, Object second, InetSocket socket) {
    return List.of(first, second, socket.namespaceId());
  }
}
