// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.rootfs.ArchiveFiles;
import io.criubridge.core.rootfs.ArchiveLimits;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.SmallFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** An image out of an OCI image layout, its blobs staged and proven by their digests. */
final class OciImage {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final String BLOB = "blob-";
  private static final int MAX_JSON = 1 << 20;

  private final StagedFiles staged;
  private final List<String> blobs = new ArrayList<>();
  private final List<Path> layers = new ArrayList<>();
  private Optional<String> index = Optional.empty();

  private OciImage(StagedFiles staged) {
    this.staged = staged;
  }

  /**
   * Takes the blobs of an archive.
   *
   * @return empty if the archive is no image layout; then nothing was staged
   */
  static Optional<OciImage> find(Path archive, ArchiveLimits limits, StagedFiles staged)
      throws IOException {
    OciImage image = new OciImage(staged);
    ArchiveFiles.read(archive, limits, (EngineMembers) image::add);
    if (image.index.isEmpty()) {
      image.removeBlobs();
      return Optional.empty();
    }
    try {
      image.readLayers(image.index.get());
    } catch (RuntimeException e) {
      // The library answers JSON of another shape with half a dozen of these.
      throw new IOException(archive + ": not an OCI image layout: " + e, e);
    }
    return Optional.of(image);
  }

  private void add(BytePath path, InputStream content) throws IOException {
    String name = path.text().substring(1);
    if (name.equals(OciLayout.INDEX)) {
      index = Optional.of(text(content));
    } else if (name.startsWith(OciLayout.BLOBS)) {
      String digest = name.substring(OciLayout.BLOBS.length());
      if (DIGEST.matcher(digest).matches()) {
        staged.add(BLOB + digest, content, Long.MAX_VALUE);
        blobs.add(digest);
      }
    }
  }

  private void readLayers(String indexText) throws IOException {
    JsonObject manifest =
        object(
            SmallFile.text(blob(object(indexText).getAsJsonArray("manifests").get(0), MAX_JSON)));
    for (JsonElement layer : manifest.getAsJsonArray("layers")) {
      layers.add(blob(layer, Long.MAX_VALUE));
    }
  }

  private Path blob(JsonElement descriptor, long maxBytes) throws IOException {
    String named = descriptor.getAsJsonObject().get("digest").getAsString();
    String digest = named.startsWith("sha256:") ? named.substring("sha256:".length()) : "";
    if (!blobs.contains(digest)) {
      throw new IOException("the image's blob " + named + " is not in the archive");
    }
    Artefact found = Artefact.describe(staged.directory(), BLOB + digest);
    if (!found.sha256().equals(digest) || found.sizeBytes() > maxBytes) {
      throw new IOException("the image's blob " + named + " is damaged: sha256 " + found.sha256());
    }
    return staged.directory().resolve(BLOB + digest);
  }

  private static JsonObject object(String json) {
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private static String text(InputStream content) throws IOException {
    byte[] bytes = content.readNBytes(MAX_JSON + 1);
    if (bytes.length > MAX_JSON) {
      throw new IOException(OciLayout.INDEX + ": is longer than " + MAX_JSON + " bytes");
    }
    return new String(bytes, UTF_8);
  }

  /** The layers, the lowest first. */
  List<Path> layers() {
    return List.copyOf(layers);
  }

  void removeBlobs() throws IOException {
    for (String digest : blobs) {
      Files.deleteIfExists(staged.directory().resolve(BLOB + digest));
    }
  }
}
