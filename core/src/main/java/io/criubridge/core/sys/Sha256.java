// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;
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
