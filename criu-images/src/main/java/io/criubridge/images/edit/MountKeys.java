// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.mnt_entry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Renames the keys under which mounts are given to CRIU at restore. Source: criu/mount.c. */
final class MountKeys implements Change {
  private final Map<ByteString, ByteString> keys;
  private final Set<ByteString> used = new HashSet<>();
  private int count;

  MountKeys(Map<ByteString, ByteString> keys) {
    this.keys = keys;
  }

  @Override
  public boolean concerns(ImageType type) {
    return type == ImageType.MNTS && !keys.isEmpty();
  }

  @Override
  public Message apply(Message entry) {
    if (!(entry instanceof mnt_entry mount)) {
      return entry;
    }
    if (!mount.hasExtKey() && !mount.getExtMount()) {
      return entry;
    }
    // CRIU once put the key in the place of the root.
    ByteString old = mount.hasExtKey() ? mount.getExtKeyBytes() : mount.getRootBytes();
    ByteString key = keys.get(old);
    if (key == null) {
      return entry;
    }
    used.add(old);
    count++;
    return mount.hasExtKey()
        ? mount.toBuilder().setExtKeyBytes(key).build()
        : mount.toBuilder().setRootBytes(key).build();
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public List<String> unused() {
    return keys.keySet().stream()
        .filter(key -> !used.contains(key))
        .map(key -> "a mount with the external key " + key.toStringUtf8())
        .toList();
  }
}
