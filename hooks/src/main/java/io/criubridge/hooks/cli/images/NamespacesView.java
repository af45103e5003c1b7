// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonElement;
import com.google.protobuf.ByteString;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.Namespace;
import io.criubridge.images.NetworkNamespace;
import io.criubridge.images.proto.pidns_entry;
import io.criubridge.images.proto.utsns_entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The namespaces that the processes live in. */
final class NamespacesView implements Explorer {

  @Override
  public void print(ImageSet set, Output output) throws IOException {
    Table table = new Table("KIND", " ID", "FROM", "EXTERNAL", "HOST NAME", "PROCESSES");
    for (Namespace namespace : set.namespaces()) {
      table.row(
          kind(namespace),
          namespace.id(),
          namespace.dumped() ? "images" : "criu's own",
          externalKey(set, namespace).map(Printable::text).orElse(""),
          hostName(set, namespace).map(Printable::text).orElse(""),
          namespace.pids().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }
    table.print(output);
  }

  @Override
  public JsonElement json(ImageSet set) throws IOException {
    List<Json> namespaces = new ArrayList<>();
    for (Namespace namespace : set.namespaces()) {
      namespaces.add(
          Json.object()
              .with("kind", kind(namespace))
              .with("id", namespace.id())
              .with("dumped", namespace.dumped())
              .with("externalKey", externalKey(set, namespace))
              .with("hostName", hostName(set, namespace))
              .with("processes", namespace.pids()));
    }
    return Json.of(namespaces);
  }

  private static String kind(Namespace namespace) {
    return namespace.kind().name().toLowerCase(Locale.ROOT);
  }

  private static Optional<ByteString> externalKey(ImageSet set, Namespace namespace)
      throws IOException {
    return switch (namespace.kind()) {
      case NETWORK ->
          set.networkNamespaces().stream()
              .filter(network -> network.id() == namespace.id())
              .findFirst()
              .flatMap(NetworkNamespace::externalKey);
      case PID ->
          set.optional(ImageType.PIDNS.fileName().name(namespace.id()), pidns_entry.class)
              .filter(pidns_entry::hasExtKey)
              .map(pidns_entry::getExtKeyBytes);
      default -> Optional.empty();
    };
  }

  private static Optional<ByteString> hostName(ImageSet set, Namespace namespace)
      throws IOException {
    return namespace.kind() == Namespace.Kind.UTS
        ? set.optional(ImageType.UTSNS.fileName().name(namespace.id()), utsns_entry.class)
            .map(utsns_entry::getNodenameBytes)
        : Optional.empty();
  }
}
