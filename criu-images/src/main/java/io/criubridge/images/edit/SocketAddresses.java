// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.Message;
import io.criubridge.images.ImageType;
import io.criubridge.images.files.InetEndpoint;
import io.criubridge.images.files.InetSocket;
import io.criubridge.images.proto.inet_sk_entry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Moves the ends of internet sockets to other addresses. */
final class SocketAddresses implements Change {
  private final List<AddressChange> changes;
  private final Set<AddressChange> used = new HashSet<>();
  private int count;

  SocketAddresses(List<AddressChange> changes) {
    this.changes = changes;
  }

  @Override
  public boolean concerns(ImageType type) {
    return SocketEntries.inet(type) && !changes.isEmpty();
  }

  @Override
  public Message apply(Message entry) {
    return SocketEntries.inet(entry, this::apply);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public List<String> unused() {
    return changes.stream()
        .filter(change -> !used.contains(change))
        .map(change -> "a socket at " + change)
        .toList();
  }

  private inet_sk_entry apply(inet_sk_entry entry) {
    InetSocket socket = InetSocket.of(entry);
    Optional<InetEndpoint> local = changed(socket.local());
    Optional<InetEndpoint> remote = changed(socket.remote());
    if (local.isEmpty() && remote.isEmpty()) {
      return entry;
    }
    count++;
    inet_sk_entry.Builder moved = entry.toBuilder();
    local.ifPresent(end -> moved.clearSrcAddr().addAllSrcAddr(end.words()).setSrcPort(end.port()));
    remote.ifPresent(end -> moved.clearDstAddr().addAllDstAddr(end.words()).setDstPort(end.port()));
    return moved.build();
  }

  private Optional<InetEndpoint> changed(InetEndpoint endpoint) {
    for (AddressChange change : changes) {
      Optional<InetEndpoint> changed = change.apply(endpoint);
      if (changed.isPresent()) {
        used.add(change);
        return changed;
      }
    }
    return Optional.empty();
  }
}
