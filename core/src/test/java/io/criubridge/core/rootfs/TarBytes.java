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

  static List<TarMember> read(byte[] archive) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(archive));
    List<TarMember> members = new ArrayList<>();
    for (Optional<TarMember> next = reader.next(); next.isPresent(); next = reader.next()) {
      members.add(next.get());
    }
    return members;
  }
}
