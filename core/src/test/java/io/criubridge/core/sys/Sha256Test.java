// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Sha256Test {

  static Stream<Supplier<Sha256>> each() {
    return Stream.of(JavaSha256::new, OpenSslSha256::new, Sha256::begin);
  }

  @ParameterizedTest
  @MethodSource("each")
  void finish_ofNothing(Supplier<Sha256> each) {
    try (Sha256 digest = each.get()) {
      assertThat(digest.finish())
          .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  void update_partsOfAnySize_areOneStream(Supplier<Sha256> each) throws Exception {
    byte[] bytes = new byte[3 << 20];
    Random random = new Random(1);
    random.nextBytes(bytes);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    try (Sha256 digest = each.get()) {
      while (direct.position() < bytes.length) {
        int size = Math.min(bytes.length - direct.position(), random.nextInt(1 << 18));
        direct.limit(direct.position() + size);
        digest.update(direct);
        assertThat(direct.remaining()).isEqualTo(size);
        direct.position(direct.limit()).limit(bytes.length);
      }
      assertThat(digest.finish())
          .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  void update_heapBufferFromItsPosition(Supplier<Sha256> each) {
    try (Sha256 digest = each.get()) {
      digest.update(ByteBuffer.wrap("xabcx".getBytes(US_ASCII), 1, 3));
      assertThat(digest.finish())
          .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
  }

  @Test
  void update_afterItsEnd_isRefused() {
    Sha256 digest = new OpenSslSha256();
    digest.close();
    assertThatIllegalStateException().isThrownBy(() -> digest.update(ByteBuffer.allocateDirect(1)));
    assertThatIllegalStateException().isThrownBy(digest::finish);
  }

  @Test
  void begin_isOpenSslsWhereThatIs() {
    try (Sha256 digest = Sha256.begin()) {
      assertThat(digest).isInstanceOf(OpenSslSha256.class);
    }
  }

  @Test
  void load_libraryThatIsNotThere_isNone() {
    assertThat(LibCrypto.load("libcrypto.so.99")).isEmpty();
  }

  @Test
  void load_libraryThatIsAnother_isNone() {
    assertThat(LibCrypto.load("libc.so.6")).isEmpty();
  }
}
