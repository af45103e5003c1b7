// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.Message;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.file_entry;
import io.criubridge.images.proto.inet_sk_entry;
import io.criubridge.images.proto.unix_sk_entry;
import java.util.function.UnaryOperator;

/** Finds the sockets in files.img, and in the files of their own that CRIU wrote before 3.3. */
final class SocketEntries {
  private SocketEntries() {}

  static boolean inet(ImageType type) {
    return type == ImageType.FILES || type == ImageType.INETSK;
  }

  static boolean unix(ImageType type) {
    return type == ImageType.FILES || type == ImageType.UNIXSK;
  }

  static Message inet(Message entry, UnaryOperator<inet_sk_entry> change) {
    if (entry instanceof inet_sk_entry socket) {
      return change.apply(socket);
    } else if (entry instanceof file_entry file && file.hasIsk()) {
      inet_sk_entry changed = change.apply(file.getIsk());
      return changed.equals(file.getIsk()) ? entry : file.toBuilder().setIsk(changed).build();
    }
    return entry;
  }

  static Message unix(Message entry, UnaryOperator<unix_sk_entry> change) {
    if (entry instanceof unix_sk_entry socket) {
      return change.apply(socket);
    } else if (entry instanceof file_entry file && file.hasUsk()) {
      unix_sk_entry changed = change.apply(file.getUsk());
      return changed.equals(file.getUsk()) ? entry : file.toBuilder().setUsk(changed).build();
    }
    return entry;
  }
}
