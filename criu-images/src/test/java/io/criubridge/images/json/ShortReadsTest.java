// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.images.json.CritJson.Form;
import io.criubridge.images.json.CritJson.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From a pipe, a read gives as much as is there, not as much as is wanted. */
class ShortReadsTest {

  static List<Path> recorded() throws IOException {
    return CritJsonTest.recorded().stream()
        .filter(file -> !file.getFileName().toString().startsWith("pages-"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void imageAndJson_areReadWhole(Path file) throws IOException {
    byte[] image = Files.readAllBytes(file);
    byte[] json = decode(new ByteArrayInputStream(image), file);
    assertThat(decode(new Pipe(image), file)).isEqualTo(json);
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    CritJson.encode(new Pipe(json), file, again);
    assertThat(again.toByteArray()).isEqualTo(image);
  }

  private static byte[] decode(InputStream image, Path file) throws IOException {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    CritJson.decode(image, file, json, Form.PLAIN, Payload.WHOLE);
    return json.toByteArray();
  }

  /** Gives one to seven bytes at a time. */
  private static final class Pipe extends FilterInputStream {
    private int reads;

    Pipe(byte[] content) {
      super(new ByteArrayInputStream(content));
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return super.read(bytes, from, Math.min(length, 1 + reads++ % 7));
    }
  }
}
