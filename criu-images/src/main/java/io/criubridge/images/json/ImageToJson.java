// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.FrameReader;
import io.criubridge.images.PayloadRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;

/** Writes an image as JSON, entry by entry. */
final class ImageToJson {
  static final byte[] EXTRA = JsonOutput.ascii("\"extra\"");
  static final byte[] VERSION = JsonOutput.ascii("\"version\"");
  static final byte[] IN_QUEUE = JsonOutput.ascii("\"inq\"");
  static final byte[] OUT_QUEUE = JsonOutput.ascii("\"outq\"");
  private static final byte[] MAGIC = JsonOutput.ascii("\"magic\"");
  private static final byte[] ENTRIES = JsonOutput.ascii("\"entries\"");

  /** The number of tcp_stream_entry.inq_len. */
  static final int TCP_INQ_LEN = 1;

  private final FrameReader in;
  private final Schema schema;
  private final JsonOutput out;
  private final boolean withPayload;
  private final MessageToJson messages;
  private final MessageToJson plainMessages;

  ImageToJson(FrameReader in, OutputStream out, boolean pretty, boolean withPayload)
      throws IOException {
    this.in = in;
    this.schema = Schema.load();
    this.out = new JsonOutput(out, pretty);
    this.withPayload = withPayload;
    this.messages = new MessageToJson(schema, this.out, pretty);
    this.plainMessages = new MessageToJson(schema, this.out, false);
  }

  /** Writes the image; returns how many entries it has, as {@link CritJson.Info} counts them. */
  long write() throws IOException {
    long entries = 0;
    out.begin('{');
    out.key(MAGIC);
    out.plainString(in.type().critName());
    if (!in.hasHead()) {
      out.key(VERSION);
      out.number(1, true);
    }
    out.key(ENTRIES);
    out.begin('[');
    if (in.type().hasEntries()) {
      while (in.next()) {
        entry();
        entries += in.messageName().equals(CritJson.PAGEMAP_HEAD) ? 0 : 1;
      }
    } else {
      out.item();
      out.begin('{');
      extra(in.payload());
      out.end('}');
    }
    out.end(']');
    out.end('}');
    out.flush();
    return entries;
  }

  private void entry() throws IOException {
    out.item();
    out.begin('{');
    messages.fields(schema.message(in.messageName()), in.message());
    PayloadRule rule = in.type().payloadRule();
    switch (rule) {
      case NONE, PAGEMAP, RAW, OLD_PAGES -> {}
      case PIPE_DATA, SOCKET_QUEUE, BPF_MAP, IPC_SHARED_MEMORY -> extra(in.payload());
      case GHOST_FILE -> ghostContent();
      case TCP_STREAM -> streams();
      case IPC_SEMAPHORES -> semaphores();
      case IPC_MESSAGES -> queue();
    }
    out.end('}');
  }

  private void extra(InputStream payload) throws IOException {
    out.key(EXTRA);
    if (withPayload) {
      out.base64(payload);
    } else {
      size(payload.transferTo(OutputStream.nullOutputStream()));
    }
  }

  private void ghostContent() throws IOException {
    boolean chunkedHead =
        in.messageName().equals(in.type().messageName()) && in.payloadBytes().isPresent();
    if (withPayload && !chunkedHead) {
      extra(in.payload());
    }
  }

  private void streams() throws IOException {
    if (!withPayload) {
      extra(in.payload());
      return;
    }
    long received = Integer.toUnsignedLong((int) in.message().integer(TCP_INQ_LEN));
    out.key(EXTRA);
    out.begin('{');
    out.key(IN_QUEUE);
    out.base64(new LimitedInput(in.payload(), received));
    out.key(OUT_QUEUE);
    out.base64(in.payload());
    out.end('}');
  }

  private void semaphores() throws IOException {
    out.key(EXTRA);
    if (!withPayload) {
      size(in.payload().transferTo(OutputStream.nullOutputStream()));
      return;
    }
    out.begin('[');
    InputStream payload = in.payload();
    for (byte[] two = payload.readNBytes(2); two.length == 2; two = payload.readNBytes(2)) {
      out.item();
      out.number((two[0] & 0xff) | (two[1] & 0xff) << 8, true);
    }
    out.end(']');
  }

  private void queue() throws IOException {
    out.key(EXTRA);
    long total = 0;
    if (withPayload) {
      out.begin('[');
    }
    while (in.entriesWithin() > 0) {
      in.next();
      total += in.message().end() - in.message().position();
      if (withPayload) {
        out.item();
        out.begin('{');
        plainMessages.fields(schema.message(in.messageName()), in.message());
        out.end('}');
        out.item();
        out.base64(in.payload());
      } else {
        total += in.payload().transferTo(OutputStream.nullOutputStream());
      }
    }
    if (withPayload) {
      out.end(']');
    } else {
      size(total);
    }
  }

  /** As crit's --nopl does: the size in place of the content. */
  private void size(long bytes) throws IOException {
    double number = bytes;
    int unit = 0;
    while (number >= 1024) {
      number /= 1024;
      unit++;
    }
    String text =
        number == (long) number
            ? Long.toString((long) number)
            : String.format(Locale.ROOT, "%.1f", number);
    out.plainString("... <" + text + (unit == 0 ? "" : "KMGTPE".substring(unit - 1, unit)) + "B>");
  }
}
