// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.FrameWriter;
import io.criubridge.images.ImageType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads an image from JSON, entry by entry. */
final class JsonToImage {
  private final Path file;
  private final OutputStream out;
  private final JsonInput document;
  private final Schema schema;
  private @Nullable ImageType type;
  private boolean withHead = true;
  private boolean written;
  private long entries;

  JsonToImage(InputStream json, Path file, OutputStream out) throws IOException {
    this.file = file;
    this.out = out;
    this.document = new JsonInput(json, file, 0);
    this.schema = Schema.load();
  }

  /** Reads the document: members may come in any order, since tools sort them. */
  CritJson.Info write() throws IOException {
    try (Spool early = new Spool()) {
      long earlyOffset = -1;
      document.expect('{');
      for (boolean first = true; document.more('}', first); first = false) {
        document.key();
        switch (document.asciiText()) {
          case "magic" -> type = readMagic();
          case "version" -> withHead = readVersion();
          case "entries" -> {
            if (written || earlyOffset >= 0) {
              throw document.unexpected("one list of entries", "another");
            }
            if (type == null) {
              document.peek();
              earlyOffset = document.offset();
              document.copyValue(early);
            } else {
              entries(document, type);
            }
          }
          default ->
              throw document.unexpected(
                  "magic, version or entries", '"' + document.asciiText() + '"');
        }
      }
      document.expectEnd();
      if (type != null && earlyOffset >= 0) {
        entries(new JsonInput(early.content(), file, earlyOffset), type);
      }
    }
    if (type == null || !written) {
      throw document.unexpected("an image with magic and entries", "none");
    }
    return new CritJson.Info(type, entries);
  }

  private ImageType readMagic() throws IOException {
    if (type != null) {
      throw document.unexpected("one magic", "another");
    }
    document.string();
    String name = document.asciiText();
    for (ImageType candidate : ImageType.values()) {
      if (candidate.critName().equals(name)) {
        return candidate;
      }
    }
    throw document.unexpected("the name of an image's magic", '"' + name + '"');
  }

  private boolean readVersion() throws IOException {
    document.number();
    if (written || document.negative() || document.magnitude() != 1) {
      throw document.unexpected("version 1, before the entries", "another");
    }
    return false;
  }

  private void entries(JsonInput in, ImageType imageType) throws IOException {
    written = true;
    FrameWriter frames = new FrameWriter(out, imageType, withHead);
    JsonToMessage messages = new JsonToMessage(schema, in);
    in.expect('[');
    for (boolean first = true; in.more(']', first); first = false) {
      if (imageType.hasEntries()) {
        entries += frames.nextMessage().equals(CritJson.PAGEMAP_HEAD) ? 0 : 1;
        entry(in, messages, frames, imageType);
      } else if (first) {
        rawEntry(in, frames);
      } else {
        throw in.unexpected("one entry in a raw image", "another");
      }
    }
    frames.finish();
  }

  private static void rawEntry(JsonInput in, FrameWriter frames) throws IOException {
    in.expect('{');
    if (!in.key(ImageToJson.EXTRA)) {
      throw in.unexpected("\"extra\": of a raw image", "another member");
    }
    Base64Text.read(in, frames.payload());
    in.expect('}');
  }

  private void entry(JsonInput in, JsonToMessage messages, FrameWriter frames, ImageType imageType)
      throws IOException {
    if (!frames.mayContinue()) {
      throw in.unexpected("the end of the entries", "another");
    }
    MessageType message = schema.message(frames.nextMessage());
    if (imageType.payloadRule().isMessagesOnly()) {
      WireOutput bytes = messages.read(message, other -> false);
      frames.write(bytes.bytes(), 0, bytes.length());
      return;
    }
    try (Extra extra = new Extra()) {
      WireOutput bytes = messages.read(message, extra);
      frames.write(bytes.bytes(), 0, bytes.length());
      new JsonToPayload(schema, frames, in).write(imageType.payloadRule(), extra.value(file));
    }
  }

  /** Keeps the extra of an entry as it is written until the message before it is known. */
  private static final class Extra implements JsonToMessage.OtherMembers, AutoCloseable {
    private @Nullable Spool spool;
    private long offset;

    @Override
    public boolean read(JsonInput in) throws IOException {
      if (!in.asciiText().equals("extra") || spool != null) {
        return false;
      }
      spool = new Spool();
      in.peek();
      offset = in.offset();
      in.copyValue(spool);
      return true;
    }

    @Nullable JsonInput value(Path file) throws IOException {
      return spool == null ? null : new JsonInput(spool.content(), file, offset);
    }

    @Override
    public void close() throws IOException {
      if (spool != null) {
        spool.close();
      }
    }
  }
}
