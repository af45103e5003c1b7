// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Java's own. */
final class JavaSha256 extends Sha256 {

  private final MessageDigest digest = newDigest();

  @Override
  public void update(ByteBuffer part) {
    digest.update(part.duplicate());
  }

  @Override
  byte[] end() {
    return digest.digest();
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {}
}
