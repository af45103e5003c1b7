// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.protobuf.ByteString;
import io.criubridge.hooks.cli.ByteCount;
import io.criubridge.images.files.InetSocket;
import io.criubridge.images.files.MemoryFile;
import io.criubridge.images.files.OpenFile;
import io.criubridge.images.files.Pipe;
import io.criubridge.images.files.RegularFile;
import io.criubridge.images.files.SpecialFile;
import io.criubridge.images.files.UnixSocket;
import java.util.Locale;

/** Open files as text, and as JSON. */
final class FileText {
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;

  private FileText() {}

  /** What kind of file it is, in a word. */
  static String kind(OpenFile file) {
    return file.kind().name().toLowerCase(Locale.ROOT);
  }

  /** Which one it is, for people. */
  static String text(OpenFile file) {
    if (file instanceof RegularFile regular) {
      return Printable.text(regular.path())
          + (regular.external() ? " (external)" : "")
          + (regular.deleted() ? " (deleted)" : "");
    } else if (file instanceof Pipe pipe) {
      return "%d%s"
          .formatted(pipe.pipeId(), pipe.path().map(path -> " " + Printable.text(path)).orElse(""));
    } else if (file instanceof InetSocket socket) {
      return "%s %s -> %s %s"
          .formatted(protocol(socket), socket.local(), socket.remote(), socket.state());
    } else if (file instanceof UnixSocket socket) {
      return "%s %d -> %s %s %s"
          .formatted(
              type(socket.type()),
              socket.inode(),
              socket.peerInode() == 0 ? "none" : Long.toString(socket.peerInode()),
              socket.state(),
              socket.name().map(FileText::socketName).orElse(""))
          .strip();
    } else if (file instanceof MemoryFile memory) {
      return Printable.text(memory.name()) + ", " + ByteCount.text(memory.size());
    }
    return Printable.text(((SpecialFile) file).detail());
  }

  /** All of it, for programs. */
  static Json json(OpenFile file) {
    Json json = Json.object().with("kind", kind(file)).with("id", file.id());
    if (file instanceof RegularFile regular) {
      json.with("path", regular.path())
          .with("flags", regular.flags())
          .with("position", regular.position())
          .with("size", regular.size())
          .with("mountId", regular.mountId())
          .with("external", regular.external())
          .with("deleted", regular.deleted());
    } else if (file instanceof Pipe pipe) {
      json.with("pipe", pipe.pipeId()).with("path", pipe.path());
    } else if (file instanceof InetSocket socket) {
      json.with("inode", socket.inode())
          .with("protocol", protocol(socket))
          .with("state", socket.state())
          .with("local", socket.local())
          .with("remote", socket.remote());
    } else if (file instanceof UnixSocket socket) {
      json.with("inode", socket.inode())
          .with("type", type(socket.type()))
          .with("state", socket.state())
          .with("peer", socket.peerInode())
          .with("name", socket.name());
    } else if (file instanceof MemoryFile memory) {
      json.with("name", memory.name()).with("size", memory.size());
    } else {
      json.with("detail", ((SpecialFile) file).detail());
    }
    return json;
  }

  static String protocol(InetSocket socket) {
    String name =
        switch (socket.protocol()) {
          case InetSocket.TCP -> "tcp";
          case 17 -> "udp";
          case 136 -> "udplite";
          default -> "protocol-" + socket.protocol();
        };
    return socket.local().address().size() > 4 ? name + "6" : name;
  }

  static String type(int type) {
    return switch (type) {
      case STREAM -> "stream";
      case DATAGRAM -> "dgram";
      case 5 -> "seqpacket";
      default -> "type-" + type;
    };
  }

  /** A name without a path begins with NUL, which people write as an at sign. */
  static String socketName(ByteString name) {
    return !name.isEmpty() && name.byteAt(0) == 0
        ? "@" + Printable.text(name.substring(1))
        : Printable.text(name);
  }
}
