// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.unix_sk_entry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Renames unix sockets: paths, and names that begin with NUL. A path ends with NUL in the images,
 * and is given without.
 */
final class SocketNames implements Change {
  private static final ByteString NUL = ByteString.copyFrom(new byte[1]);

  private final Map<ByteString, ByteString> names;
  private final Set<ByteString> used = new HashSet<>();
  private int count;

  SocketNames(Map<ByteString, ByteString> names) {
    this.names = names;
  }

  @Override
  public boolean concerns(ImageType type) {
    return SocketEntries.unix(type) && !names.isEmpty();
  }

  @Override
  public Message apply(Message entry) {
    return SocketEntries.unix(entry, this::apply);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public List<String> unused() {
    return names.keySet().stream()
        .filter(name -> !used.contains(name))
        .map(name -> "a unix socket named " + name.toStringUtf8())
        .toList();
  }

  private unix_sk_entry apply(unix_sk_entry entry) {
    ByteString bytes = entry.getName();
    boolean closed = !bytes.isEmpty() && !bytes.startsWith(NUL) && bytes.endsWith(NUL);
    ByteString old = closed ? bytes.substring(0, bytes.size() - 1) : bytes;
    ByteString name = old.isEmpty() ? null : names.get(old);
    if (name == null) {
      return entry;
    }
    used.add(old);
    count++;
    return entry.toBuilder().setName(closed ? name.concat(NUL) : name).build();
  }
}
