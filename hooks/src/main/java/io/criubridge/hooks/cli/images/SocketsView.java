// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonElement;
import io.criubridge.hooks.cli.ByteCount;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFile;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.files.ProcessFiles;
import io.criubridge.images.files.SocketQueues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All sockets, the data that waits in them, and who has them open. */
final class SocketsView implements Explorer {

  @Override
  public void print(ImageSet set, Output output) throws IOException {
    Table table = new Table("KIND", "SOCKET", " RECEIVED", " UNSENT", "OPEN AS");
    for (Socket socket : sockets(set)) {
      table.row(
          FileText.kind(socket.file),
          FileText.text(socket.file),
          ByteCount.text(socket.waiting.received()),
          ByteCount.text(socket.waiting.unsent()),
          String.join(" ", socket.users));
    }
    table.print(output);
  }

  @Override
  public JsonElement json(ImageSet set) throws IOException {
    return Json.of(sockets(set).stream().map(Socket::json).toList());
  }

  /**
   * A socket.
   *
   * @param users {@code <pid>:<fd>} of each descriptor
   */
  private record Socket(OpenFile file, SocketQueues.Waiting waiting, List<String> users) {
    Json json() {
      return Json.object()
          .with("socket", FileText.json(file))
          .with("received", waiting.received())
          .with("unsent", waiting.unsent())
          .with("users", users);
    }
  }

  private static List<Socket> sockets(ImageSet set) throws IOException {
    OpenFiles files = OpenFiles.read(set);
    SocketQueues queues = SocketQueues.read(set);
    Map<OpenFile, List<String>> users = new LinkedHashMap<>();
    for (OpenFile file : files.all()) {
      switch (file.kind()) {
        case INETSK, UNIXSK, PACKETSK, NETLINKSK -> users.put(file, new ArrayList<>());
        default -> {}
      }
    }
    for (CheckpointedProcess process : set.processes()) {
      for (ProcessFiles.Descriptor descriptor : files.of(process).descriptors()) {
        List<String> known = users.get(descriptor.file());
        if (known != null) {
          known.add(process.pid() + ":" + descriptor.number());
        }
      }
    }
    List<Socket> sockets = new ArrayList<>();
    for (Map.Entry<OpenFile, List<String>> each : users.entrySet()) {
      sockets.add(new Socket(each.getKey(), queues.of(each.getKey()), each.getValue()));
    }
    return sockets;
  }
}
