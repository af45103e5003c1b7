// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An archive made by hand, which may say what no writer would. */
final class TarBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TarBytes directory(String name) {
    return entry(name, '5', "", "");
  }

  TarBytes file(String name, String content) {
    return entry(name, '0', "", content);
  }

  TarBytes symlink(String name, String target) {
    return entry(name, '2', target, "");
  }

  TarBytes hardLink(String name, String target) {
    return entry(name, '1', target, "");
  }

  TarBytes entry(String name, char type, String link, String data) {
    TarHeader header =
        new TarHeader(name, 0755, 0, 0, data.length(), 1_000_000_000, type, link, 0, 0);
    return raw(header.encode()).data(data);
  }

  TarBytes pax(String key, String value) {
    Map<String, byte[]> records = new TreeMap<>(Map.of(key, value.getBytes(ISO_8859_1)));
    return entry("pax", 'x', "", new String(PaxRecords.encode(records), ISO_8859_1));
  }

  TarBytes data(String data) {
    int padded = (data.length() + 511) / 512 * 512;
    return raw(Arrays.copyOf(data.getBytes(ISO_8859_1), padded));
  }

  TarBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  byte[] bytes() {
    byte[] archive = out.toByteArray();
    return Arrays.copyOf(archive, archive.length + 1024);
  }

  byte[] withoutEnd() {
    return out.toByteArray();
  }

  Path write(Path dir) throws IOException {
    return Files.write(dir.resolve("made.tar"), bytes());
  }

  /** The same with a text in place of another one in the targets of links. */
  TarBytes replaceInLinks(String text, String other) {
    TarBytes replaced = new TarBytes();
    byte[] all = out.toByteArray();
    for (int at = 0; at < all.length; at += TarHeader.BLOCK) {
      byte[] block = Arrays.copyOfRange(all, at, at + TarHeader.BLOCK);
      String link = PaxRecords.text(Arrays.copyOfRange(block, 157, 257));
      if (link.contains(text)) {
        byte[] bytes = PaxRecords.bytes(link.replace(text, other));
        System.arraycopy(bytes, 0, block, 157, 100);
        mendChecksum(block, 0);
      }
      replaced.raw(block);
    }
    return replaced;
  }

  /** Makes the checksum of the header at an offset right. */
  static void mendChecksum(byte[] archive, int start) {
    Arrays.fill(archive, start + 148, start + 156, (byte) ' ');
    int sum = 0;
    for (int i = start; i < start + TarHeader.BLOCK; i++) {
      sum += archive[i] & 0xff;
    }
    byte[] text = String.format("%06o\0 ", sum).getBytes(ISO_8859_1);
    System.arraycopy(text, 0, archive, start + 148, 8);
  }

  static List<TarMember> read(byte[] archive) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(archive));
    List<TarMember> members = new ArrayList<>();
    for (Optional<TarMember> next = reader.next(); next.isPresent(); next = reader.next()) {
      members.add(next.get());
    }
    return members;
  }
}
