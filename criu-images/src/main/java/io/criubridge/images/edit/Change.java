// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.Message;
import io.criubridge.images.ImageType;
import java.util.List;

/** One kind of change to the entries of a set, with a count of what it has changed. */
sealed interface Change permits MountKeys, SocketAddresses, SocketNames, ClosedConnections {

  /** Whether entries of a type may be changed. */
  boolean concerns(ImageType type);

  /** The entry as it is to be written; the same one if nothing is to be changed. */
  Message apply(Message entry);

  /** How many entries were changed. */
  int count();

  /** What was to be changed and was not found, for people. */
  List<String> unused();
}
