// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.core.sys.PublishedFile;
import io.criubridge.images.json.CritJson;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Turns an image into JSON, or JSON into an image. Written files appear when they are whole, and
 * are not waited for: what they are made of is still there. Knows nothing of picocli, so that it
 * need not be loaded.
 */
final class Transcoding {
  private static final String STANDARD = "-";
  private static final int FILE_MODE = 0644;

  private Transcoding() {}

  /** Writes to a stream. */
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes an image as JSON.
   *
   * @param output the standard output, with a line end, if null
   */
  static void decode(Path image, @Nullable Path output, boolean pretty, boolean withoutPayload)
      throws IOException {
    CritJson.Form form = pretty ? CritJson.Form.PRETTY : CritJson.Form.PLAIN;
    CritJson.Payload payload = withoutPayload ? CritJson.Payload.SIZE : CritJson.Payload.WHOLE;
    try (InputStream in = open(image)) {
      if (output == null) {
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        CritJson.decode(in, image, out, form, payload);
        out.write('\n');
      } else {
        publish(output, out -> CritJson.decode(in, image, out, form, payload));
      }
    }
  }

  /** Makes an image of JSON. */
  static void encode(Path json, Path image) throws IOException {
    try (InputStream in = open(json)) {
      if (isStandard(image)) {
        CritJson.encode(in, json, new FileOutputStream(FileDescriptor.out));
      } else {
        publish(image, out -> CritJson.encode(in, json, out));
      }
    }
  }

  /** Opens a file, or the standard input for {@code -}. */
  static InputStream open(Path file) throws IOException {
    return isStandard(file)
        ? new FileInputStream(FileDescriptor.in)
        : new FileInputStream(file.toFile());
  }

  private static boolean isStandard(Path file) {
    return file.toString().equals(STANDARD);
  }

  private static void publish(Path output, Content content) throws IOException {
    try (PublishedFile file = PublishedFile.create(output, FILE_MODE)) {
      content.writeTo(Channels.newOutputStream(file.channel()));
      file.replace();
    }
  }
}
