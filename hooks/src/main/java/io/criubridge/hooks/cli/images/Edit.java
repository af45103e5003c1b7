// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ForeignManifest;
import io.criubridge.core.sys.PublishedDirectory;
import io.criubridge.images.ImageSet;
import io.criubridge.images.edit.AddressChange;
import io.criubridge.images.edit.ImageEdit;
import io.criubridge.images.memory.BytePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge images edit}: makes a checkpoint fit for another machine. */
@Command(
    name = "edit",
    description =
        "Writes a changed copy of a checkpoint, for its restore elsewhere. The checkpoint itself is left alone."
            + " The manifest of criu-bridge or of the Go snapshot agent, if there is one, is changed with it."
            + " Names may hold \\xNN for a byte, \\0 for NUL and \\\\ for a backslash; only OLD ends at the first '='.",
    mixinStandardHelpOptions = true)
final class Edit implements Callable<Integer> {

  @SuppressWarnings("NullAway.Init") // Set by picocli, as it is required.
  @Parameters(paramLabel = "DIR", description = "CRIU's image directory.")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  @Option(
      names = "-o",
      required = true,
      paramLabel = "NEW",
      description = "The directory to write; without --replace it must not be there, or be empty.")
  private Path target;

  @Option(
      names = "--replace",
      description =
          "NEW is a copy of a checkpoint, made before; the changed one takes its place in one step.")
  private boolean replacing;

  @Option(
      names = "--mount-key",
      paramLabel = "OLD=NEW",
      description = "Gives the mount with the external key OLD the key NEW.")
  private List<String> mountKeys = List.of();

  @Option(
      names = "--address",
      paramLabel = "OLD=NEW",
      description =
          "Moves sockets from an address, or one port of it, to another: 10.0.0.1=10.0.0.2,"
              + " 10.0.0.1:80=10.0.0.2:8080, [fd00::1]:80=[fd00::2]:80. The first that fits is taken.")
  private List<String> addresses = List.of();

  @Option(
      names = "--socket-name",
      paramLabel = "OLD=NEW",
      description = "Renames a unix socket; a name without a path begins with @.")
  private List<String> socketNames = List.of();

  @Option(
      names = "--close-without-peer",
      description = "Closes the connections whose other side is not in the images.")
  private boolean closing;

  @Mixin private final OutputOptions options = new OutputOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    ImageEdit.Result result = replacing ? replace() : write();
    Output output = options.output();
    if (options.json()) {
      output.json(
          Json.object()
              .with("mounts", result.mounts())
              .with("addresses", result.addresses())
              .with("names", result.names())
              .with("closed", result.closed())
              .build());
    } else {
      output.line(
          "%s: changed %d mounts, %d addresses and %d names of sockets, closed %d connections"
              .formatted(
                  target, result.mounts(), result.addresses(), result.names(), result.closed()));
    }
    output.flush();
    return 0;
  }

  private ImageEdit.Result write() throws IOException {
    try (PublishedDirectory staged = PublishedDirectory.create(target)) {
      ImageEdit.Result result = edit().write(new ImageSet(directory), staged.path());
      staged.publish();
      return result;
    }
  }

  private ImageEdit.Result replace() throws IOException {
    Replacement.requireAllowed(target, directory);
    try (PublishedDirectory staged = PublishedDirectory.inPlaceOf(target)) {
      ImageEdit.Result result = edit().write(new ImageSet(directory), staged.path());
      staged.exchange();
      return result;
    }
  }

  private ImageEdit edit() throws IOException {
    ImageEdit edit = new ImageEdit();
    Map<String, String> keys = new HashMap<>();
    try {
      for (String each : mountKeys) {
        ByteString old = BytePattern.parseBytes(old(each));
        ByteString key = BytePattern.parseBytes(each.substring(old(each).length() + 1));
        edit.mountKey(old, key);
        keys.put(Printable.exact(old), Printable.exact(key));
      }
      for (String each : socketNames) {
        edit.socketName(name(old(each)), name(each.substring(old(each).length() + 1)));
      }
      addresses.forEach(each -> edit.address(AddressChange.parse(each)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    editManifest(edit, keys);
    return closing ? edit.closeWithoutPeer() : edit;
  }

  /** A restore takes the keys from the manifest, so that they have to be those of the images. */
  private void editManifest(ImageEdit edit, Map<String, String> keys) throws IOException {
    CheckpointLayout layout = new CheckpointLayout(directory);
    if (!keys.isEmpty() && Files.exists(layout.manifest())) {
      String manifest =
          ForeignManifest.find(layout.manifest()).isPresent()
              ? ForeignManifest.withMountKeys(layout.manifest(), keys)
              : CheckpointManifest.read(layout).withMountKeys(keys).toYaml();
      edit.file(CheckpointLayout.MANIFEST, manifest.getBytes(UTF_8));
    }
  }

  private static String old(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("not OLD=NEW: " + text);
    }
    return text.substring(0, equals);
  }

  private static ByteString name(String text) {
    return text.startsWith("@")
        ? ByteString.copyFrom(new byte[1]).concat(BytePattern.parseBytes(text.substring(1)))
        : BytePattern.parseBytes(text);
  }
}
