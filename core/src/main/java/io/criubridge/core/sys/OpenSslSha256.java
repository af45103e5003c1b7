// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;
import java.util.Objects;
import jnr.ffi.Pointer;

/** OpenSSL's. */
final class OpenSslSha256 extends Sha256 {

  private static final int BYTES = 32;

  private final LibCrypto.Functions crypto = LibCrypto.FUNCTIONS.orElseThrow();
  private final Pointer context;
  private boolean closed;

  OpenSslSha256() {
    context = Objects.requireNonNull(crypto.EVP_MD_CTX_new(), "out of memory");
    require(crypto.EVP_DigestInit_ex(context, crypto.EVP_sha256(), null) == 1);
  }

  /** Whether the library is there. */
  static boolean isThere() {
    return LibCrypto.FUNCTIONS.isPresent();
  }

  @Override
  public void update(ByteBuffer part) {
    require(!closed && crypto.EVP_DigestUpdate(context, part, part.remaining()) == 1);
  }

  @Override
  byte[] end() {
    byte[] digest = new byte[BYTES];
    require(!closed && crypto.EVP_DigestFinal_ex(context, digest, null) == 1);
    return digest;
  }

  private static void require(boolean done) {
    if (!done) {
      throw new IllegalStateException("OpenSSL's SHA-256 failed, or is used after its end");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      crypto.EVP_MD_CTX_free(context);
    }
  }
}
