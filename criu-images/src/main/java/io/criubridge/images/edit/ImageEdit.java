// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.ByteString;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is to be changed in a checkpoint, for its restore elsewhere. The checkpoint itself is never
 * changed: {@link #write} makes another one. Addresses that are not in sockets (of interfaces,
 * routes, firewalls, and in the memory of the processes) stay what they were.
 */
public final class ImageEdit {
  private final Map<ByteString, ByteString> mountKeys = new LinkedHashMap<>();
  private final Map<ByteString, ByteString> socketNames = new LinkedHashMap<>();
  private final List<AddressChange> addresses = new ArrayList<>();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private boolean closing;

  /**
   * How many entries were changed.
   *
   * @param mounts that have another key
   * @param addresses sockets at or to another address
   * @param names unix sockets with another name
   * @param closed connections
   */
  public record Result(int mounts, int addresses, int names, int closed) {}

  /** Renames the key under which a mount is given to CRIU at restore. */
  public ImageEdit mountKey(ByteString oldKey, ByteString newKey) {
    mountKeys.put(oldKey, newKey);
    return this;
  }

  /**
   * Moves every internet socket that is bound or connected to an address; the first change wins.
   */
  public ImageEdit address(AddressChange change) {
    addresses.add(change);
    return this;
  }

  /** Renames a unix socket; a name that is no path begins with NUL. */
  public ImageEdit socketName(ByteString oldName, ByteString newName) {
    socketNames.put(oldName, newName);
    return this;
  }

  /** Closes the connections whose other side is not in the images. */
  public ImageEdit closeWithoutPeer() {
    closing = true;
    return this;
  }

  /**
   * Gives a file of the checkpoint, one that is no image, another content: what else knows what is
   * edited.
   */
  public ImageEdit file(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  /**
   * Writes the changed checkpoint. What is there after an exception is none.
   *
   * @param directory an empty one; afterwards it may be renamed, but not moved, as the link to an
   *     earlier dump is relative
   * @throws IOException if something that is to be changed is not in the set, the set's directory
   *     holds what is no file, or {@code directory} is not empty
   */
  public Result write(ImageSet set, Path directory) throws IOException {
    requireEmpty(directory);
    MountKeys mounts = new MountKeys(mountKeys);
    SocketAddresses moved = new SocketAddresses(addresses);
    SocketNames names = new SocketNames(socketNames);
    ClosedConnections closed = closing ? new ClosedConnections(set) : new ClosedConnections();
    // Closed first: what is closed is not moved.
    List<Change> changes = List.of(closed, mounts, moved, names);
    new SetCopy(set, directory).write(changes, files, closed::drops);
    for (Change change : changes) {
      if (!change.unused().isEmpty()) {
        throw new IOException(
            set.directory() + ": has not " + String.join(", nor ", change.unused()));
      }
    }
    return new Result(mounts.count(), moved.count(), names.count(), closed.count());
  }

  private static void requireEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw new DirectoryNotEmptyException(directory.toString());
      }
    }
  }
}
