// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.ByteString;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.files.InetSocket;
import io.criubridge.images.files.SocketState;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.file_entry;
import io.criubridge.images.proto.fown_entry;
import io.criubridge.images.proto.inet_sk_entry;
import io.criubridge.images.proto.sk_opts_entry;
import io.criubridge.images.proto.unix_sk_entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Entries of sockets, as CRIU would write them. */
final class GeneratedSockets {
  private GeneratedSockets() {}

  static file_entry inet(
      int id, SocketState state, int[] local, int port, int[] remote, int remotePort) {
    inet_sk_entry.Builder socket =
        inet_sk_entry
            .newBuilder()
            .setId(id)
            .setIno(id)
            .setFamily(local.length == 1 ? InetSocket.AF_INET : InetSocket.AF_INET6)
            .setType(1)
            .setProto(InetSocket.TCP)
            .setState(state.number())
            .setSrcPort(port)
            .setDstPort(remotePort)
            .setFlags(2)
            .setBacklog(0)
            .setFown(owner())
            .setOpts(options());
    Arrays.stream(local).forEach(socket::addSrcAddr);
    Arrays.stream(remote).forEach(socket::addDstAddr);
    return file_entry.newBuilder().setType(fd_types.INETSK).setId(id).setIsk(socket).build();
  }

  static file_entry unix(int id, int peer, String name) {
    return file_entry
        .newBuilder()
        .setType(fd_types.UNIXSK)
        .setId(id)
        .setUsk(
            unix_sk_entry
                .newBuilder()
                .setId(id)
                .setIno(id)
                .setType(1)
                .setState(1)
                .setFlags(2)
                .setUflags(0)
                .setBacklog(0)
                .setPeer(peer)
                .setFown(owner())
                .setOpts(options())
                .setName(ByteString.copyFromUtf8(name)))
        .build();
  }

  private static fown_entry owner() {
    return fown_entry
        .newBuilder()
        .setUid(0)
        .setEuid(0)
        .setSignum(0)
        .setPidType(0)
        .setPid(0)
        .build();
  }

  private static sk_opts_entry options() {
    return sk_opts_entry
        .newBuilder()
        .setSoSndbuf(1)
        .setSoRcvbuf(1)
        .setSoSndTmoSec(0)
        .setSoSndTmoUsec(0)
        .setSoRcvTmoSec(0)
        .setSoRcvTmoUsec(0)
        .build();
  }

  static void write(Path directory, file_entry... files) throws IOException {
    try (ImageWriter writer =
        new ImageWriter(Files.newOutputStream(directory.resolve("files.img")), ImageType.FILES)) {
      for (file_entry file : files) {
        writer.write(file);
      }
    }
  }
}
