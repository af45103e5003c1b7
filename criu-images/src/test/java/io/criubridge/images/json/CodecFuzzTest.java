// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.json.CritJson.Form;
import io.criubridge.images.json.CritJson.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whatever the input, there is an {@link ImageFormatException} or a result that comes back. Run
 * with the recorded inputs by default, and with new ones by scripts/fuzz CodecFuzzTest#NAME
 * criu-images.
 */
class CodecFuzzTest {

  @FuzzTest
  void image_isRefusedOrComesBack(byte[] image) throws IOException {
    for (Form form : Form.values()) {
      byte[] json = decode(image, form);
      if (json != null) {
        byte[] again = encode(json);
        assertThat(again).isNotNull();
        assertThat(decode(again, form)).isEqualTo(json);
      }
    }
    ByteArrayInputStream in = new ByteArrayInputStream(image);
    try {
      assertThat(CritJson.info(in, Path.of("fuzzed")).entries()).isNotNegative();
    } catch (ImageFormatException refused) {
      assertThat(refused.offset()).isNotNegative();
    }
  }

  @FuzzTest
  void json_isRefusedOrComesBack(byte[] json) throws IOException {
    byte[] image = encode(json);
    if (image != null && image.length > 0) {
      for (Form form : Form.values()) {
        byte[] again = decode(image, form);
        if (again != null) {
          assertThat(encode(again)).isEqualTo(image);
        }
      }
    }
  }

  private static byte @Nullable [] decode(byte[] image, Form form) throws IOException {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try {
      CritJson.decode(
          new ByteArrayInputStream(image), Path.of("fuzzed"), json, form, Payload.WHOLE);
    } catch (ImageFormatException refused) {
      assertThat(refused.offset()).isNotNegative();
      return null;
    }
    return json.toByteArray();
  }

  private static byte @Nullable [] encode(byte[] json) throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    try {
      CritJson.encode(new ByteArrayInputStream(json), Path.of("fuzzed.json"), image);
    } catch (ImageFormatException refused) {
      assertThat(refused.offset()).isNotNegative();
      return null;
    }
    return image.toByteArray();
  }
}
