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

  /** Writes an image, or its JSON, to a stream. */
  private interface Content {
    CritJson.Info writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes an image as JSON.
   *
   * @param output the standard output, with a line end, if null
   */
  static CritJson.Info decode(
      Path image, @Nullable Path output, boolean pretty, boolean withoutPayload)
      throws IOException {
    if (output == null) {
      return decode(image, new FileOutputStream(FileDescriptor.out), pretty, withoutPayload);
    }
    try (InputStream in = open(image)) {
      return publish(output, out -> decode(in, image, out, pretty, withoutPayload));
    }
  }

  /** Writes an image as JSON, with a line end, to a stream. */
  static CritJson.Info decode(Path image, OutputStream out, boolean pretty, boolean withoutPayload)
      throws IOException {
    try (InputStream in = open(image)) {
      CritJson.Info info = decode(in, image, out, pretty, withoutPayload);
      out.write('\n');
      return info;
    }
  }

  private static CritJson.Info decode(
      InputStream in, Path image, OutputStream out, boolean pretty, boolean withoutPayload)
      throws IOException {
    return CritJson.decode(
        in,
        image,
        out,
        pretty ? CritJson.Form.PRETTY : CritJson.Form.PLAIN,
        withoutPayload ? CritJson.Payload.SIZE : CritJson.Payload.WHOLE);
  }

  /** Makes an image of JSON. */
  static CritJson.Info encode(Path json, Path image) throws IOException {
    try (InputStream in = open(json)) {
      if (isStandard(image)) {
        return CritJson.encode(in, json, new FileOutputStream(FileDescriptor.out));
      }
      return publish(image, out -> CritJson.encode(in, json, out));
    }
  }

  /** Opens a file, or the standard input for {@code -}. */
  static InputStream open(Path file) throws IOException {
    return isStandard(file)
        ? new FileInputStream(FileDescriptor.in)
        : new FileInputStream(file.toFile());
  }

  /** Whether a path stands for the standard input or output. */
  static boolean isStandard(Path file) {
    return file.toString().equals(STANDARD);
  }

  private static CritJson.Info publish(Path output, Content content) throws IOException {
    try (PublishedFile file = PublishedFile.create(output, FILE_MODE)) {
      CritJson.Info info = content.writeTo(Channels.newOutputStream(file.channel()));
      file.replace();
      return info;
    }
  }
}
