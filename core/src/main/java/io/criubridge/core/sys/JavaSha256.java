// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Java's own. */
final class JavaSha256 extends Sha256 {

  private final MessageDigest digest = Sha256.digest();

  @Override
  public void update(ByteBuffer part) {
    digest.update(part.duplicate());
  }

  @Override
  byte[] end() {
    return digest.digest();
  }

  @Override
  public void close() {}
}
