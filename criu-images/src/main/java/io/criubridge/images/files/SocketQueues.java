// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import io.criubridge.images.ImageReader;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.sk_packet_entry;
import io.criubridge.images.proto.tcp_stream_entry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * How much data waits in the sockets of a set: what was received and not read, and what was sent
 * and not acknowledged. Source: images/sk-packet.proto, images/tcp-stream.proto.
 */
public final class SocketQueues {
  private final ImageSet set;
  private final Map<Long, Waiting> packets;

  private SocketQueues(ImageSet set, Map<Long, Waiting> packets) {
    this.set = set;
    this.packets = packets;
  }

  /**
   * Data in a socket.
   *
   * @param received in bytes
   * @param unsent in bytes
   */
  public record Waiting(long received, long unsent) {
    private static final Waiting NONE = new Waiting(0, 0);
  }

  /** Reads the queues of packets; the data is passed over. */
  public static SocketQueues read(ImageSet set) throws IOException {
    Map<Long, Waiting> packets = new HashMap<>();
    Path file = set.file(ImageType.SK_QUEUES.fileName().name());
    try (ImageReader reader = ImageReader.open(file)) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        sk_packet_entry packet = (sk_packet_entry) entry.get().message();
        packets.merge(
            Integer.toUnsignedLong(packet.getIdFor()),
            new Waiting(Integer.toUnsignedLong(packet.getLength()), 0),
            (first, second) -> new Waiting(first.received + second.received, 0));
      }
    } catch (NoSuchFileException noQueues) {
      return new SocketQueues(set, Map.of());
    }
    return new SocketQueues(set, packets);
  }

  /** What waits in a socket. */
  public Waiting of(OpenFile socket) throws IOException {
    if (socket instanceof InetSocket inet && inet.isConnection()) {
      return set.optional(
              ImageType.TCP_STREAM.fileName().name(inet.inode()), tcp_stream_entry.class)
          .map(
              stream ->
                  new Waiting(
                      Integer.toUnsignedLong(stream.getInqLen()),
                      Integer.toUnsignedLong(stream.getOutqLen())))
          .orElse(Waiting.NONE);
    }
    return packets.getOrDefault(socket.id(), Waiting.NONE);
  }
}
