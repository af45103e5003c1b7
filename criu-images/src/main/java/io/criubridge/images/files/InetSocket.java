// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.inet_sk_entry;

/**
 * A socket of an internet protocol. Source: images/sk-inet.proto.
 *
 * @param inode the socket's inode, by which {@code tcp-stream-<inode>.img} is named
 * @param type as of socket(2)
 * @param protocol as of socket(2): 6 for TCP, 17 for UDP
 * @param local where it is bound
 * @param remote what it is connected to
 * @param namespaceId its network namespace, as in {@link
 *     io.criubridge.images.KernelObjectIds#networkNamespace()}; 0 in images that do not say
 */
public record InetSocket(
    long id,
    long inode,
    int type,
    int protocol,
    SocketState state,
    InetEndpoint local,
    InetEndpoint remote,
    long namespaceId)
    implements OpenFile {

  /** The number of IPv4, as of socket(2). */
  public static final int AF_INET = 2;

  /** The number of IPv6. */
  public static final int AF_INET6 = 10;

  /** The number of TCP. */
  public static final int TCP = 6;

  /**
   * Reads a socket.
   *
   * @throws IllegalArgumentException if its addresses or state are none
   */
  public static InetSocket of(inet_sk_entry entry) {
    int words = entry.getFamily() == AF_INET ? 1 : 4;
    if (entry.getSrcAddrCount() < words || entry.getDstAddrCount() < words) {
      throw new IllegalArgumentException("a socket without addresses");
    }
    return new InetSocket(
        Integer.toUnsignedLong(entry.getId()),
        Integer.toUnsignedLong(entry.getIno()),
        entry.getType(),
        entry.getProto(),
        SocketState.of(entry.getState())
            .orElseThrow(() -> new IllegalArgumentException("state " + entry.getState())),
        InetEndpoint.of(entry.getSrcAddrList().subList(0, words), entry.getSrcPort()),
        InetEndpoint.of(entry.getDstAddrList().subList(0, words), entry.getDstPort()),
        Integer.toUnsignedLong(entry.getNsId()));
  }

  /** Whether it has, or had, another side. */
  public boolean isConnection() {
    return protocol == TCP
        && switch (state) {
          case LISTEN, CLOSE -> false;
          default -> true;
        };
  }

  /** Whether the other side of a connection is this socket's. */
  public boolean isPeerOf(InetSocket other) {
    return protocol == other.protocol
        && namespaceId == other.namespaceId
        && local.equals(other.remote)
        && remote.equals(other.local);
  }

  @Override
  public fd_types kind() {
    return fd_types.INETSK;
  }
}
