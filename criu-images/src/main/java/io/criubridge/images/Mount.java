// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.fstype;
import io.criubridge.images.proto.mnt_entry;
import java.util.Locale;
import java.util.Optional;

/**
 * A mount of a dumped mount namespace. Source: images/mnt.proto, criu/mount.c.
 *
 * @param namespaceId the mount namespace's number, as in {@link KernelObjectIds#mountNamespace()}
 * @param mountId as in proc_pid_mountinfo(5) at dump time
 * @param parentId the mount it is mounted on
 * @param deviceMajor of the file system
 * @param deviceMinor of the file system
 * @param root the directory of the file system that is mounted
 * @param mountPoint seen from the namespace's root
 * @param fileSystemType the kernel's name; {@code unsupported} for a type CRIU does not know, which
 *     then is external
 * @param source as in proc_pid_mountinfo(5)
 * @param options of the file system, separated by commas
 * @param externalKey the name under which the mount has to be given to CRIU at restore; none if
 *     CRIU makes the mount itself
 * @param withPlugin whether a CRIU plugin makes the mount at restore
 */
public record Mount(
    long namespaceId,
    int mountId,
    int parentId,
    int deviceMajor,
    int deviceMinor,
    ByteString root,
    ByteString mountPoint,
    String fileSystemType,
    ByteString source,
    ByteString options,
    Optional<ByteString> externalKey,
    boolean withPlugin) {

  private static final int MINOR_BITS = 20;

  static Mount of(long namespaceId, mnt_entry entry) {
    return new Mount(
        namespaceId,
        entry.getMntId(),
        entry.getParentMntId(),
        entry.getRootDev() >>> MINOR_BITS,
        entry.getRootDev() & (1 << MINOR_BITS) - 1,
        entry.getRootBytes(),
        entry.getMountpointBytes(),
        fileSystemType(entry),
        entry.getSourceBytes(),
        entry.getOptionsBytes(),
        externalKey(entry),
        entry.getWithPlugin());
  }

  private static Optional<ByteString> externalKey(mnt_entry entry) {
    if (entry.hasExtKey()) {
      return Optional.of(entry.getExtKeyBytes());
    }
    // CRIU once put the key in the place of the root.
    return entry.getExtMount() ? Optional.of(entry.getRootBytes()) : Optional.empty();
  }

  private static String fileSystemType(mnt_entry entry) {
    if (entry.hasFsname()) {
      return entry.getFsname();
    }
    fstype known = fstype.forNumber(entry.getFstype());
    if (known == null) {
      return "unsupported";
    }
    return switch (known) {
      case OVERLAYFS -> "overlay";
      default -> known.name().toLowerCase(Locale.ROOT);
    };
  }
}
