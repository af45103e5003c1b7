// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import org.jspecify.annotations.Nullable;

/** OpenSSL's library, if this machine has one, bound when it is first asked for. */
final class LibCrypto {

  /** These functions are the same in all of them. Source: {@code openssl/evp.h}. */
  private static final List<String> NAMES =
      List.of("libcrypto.so.3", "libcrypto.so.4", "libcrypto.so.1.1");

  static final Optional<Functions> FUNCTIONS =
      NAMES.stream().map(LibCrypto::load).flatMap(Optional::stream).findFirst();

  private LibCrypto() {}

  static Optional<Functions> load(String name) {
    try {
      Functions functions = LibraryLoader.create(Functions.class).failImmediately().load(name);
      // A function is looked for when it is first called.
      functions.EVP_sha256();
      return Optional.of(functions);
    } catch (LinkageError e) {
      // Not there, or not what its name says.
      return Optional.empty();
    }
  }

  /**
   * The native functions, as C declares them; those that return a number return 1 unless they fail.
   * Public only because jnr-ffi implements it in another class loader.
   */
  public interface Functions {

    Pointer EVP_sha256();

    @Nullable Pointer EVP_MD_CTX_new();

    void EVP_MD_CTX_free(Pointer context);

    int EVP_DigestInit_ex(Pointer context, Pointer type, @Nullable Pointer engine);

    /** From the buffer's position on. */
    int EVP_DigestUpdate(Pointer context, @In ByteBuffer part, long size);

    int EVP_DigestFinal_ex(Pointer context, @Out byte[] digest, @Nullable Pointer size);
  }
}
