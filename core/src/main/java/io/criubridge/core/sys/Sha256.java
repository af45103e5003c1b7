// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of bytes that come in parts. OpenSSL's where its library is there: it has the
 * processor's own instructions from the first byte on. Else Java's, which has them only where its
 * better compiler runs, and then late: without, a dump of a gigabyte takes ten seconds for its
 * digest alone.
 */
public abstract sealed class Sha256 implements AutoCloseable permits OpenSslSha256, JavaSha256 {

  Sha256() {}

  /** Begins a digest. */
  public static Sha256 begin() {
    return OpenSslSha256.isThere() ? new OpenSslSha256() : new JavaSha256();
  }

  /** Java's own, for its streams; also the one for what is small. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Digests a few bytes; in lower case hexadecimal. */
  public static String of(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  /** Takes what is left in a buffer, whose position stays. */
  public abstract void update(ByteBuffer part);

  /** Ends the digest, once. */
  abstract byte[] end();

  /** Ends the digest, once, in lower case hexadecimal. */
  public final String finish() {
    return HexFormat.of().formatHex(end());
  }

  @Override
  public abstract void close();
}
