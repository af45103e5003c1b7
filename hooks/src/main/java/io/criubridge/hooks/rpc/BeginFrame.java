// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.plan.Directive;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;

/**
 * A file that criu begins with: its image directory, and what it gives to restored processes.
 *
 * @param key the name under which CRIU looks for it
 * @param path of this machine
 * @param flags of open(2): an access mode, {@code O_APPEND} and {@code O_NONBLOCK} only
 * @param offset in bytes, {@code end}, or {@code -} where it has none
 */
record OpenFile(String key, String path, int flags, String offset) {

  /** The descriptor of the image directory; the others' follow. Source: {@code swrk.c}. */
  static final int IMAGE_DIRECTORY = 4;

  static OpenFile ofImages(Path directory) {
    return new OpenFile("", directory.toString(), 0, "-");
  }

  static OpenFile of(Directive.InheritFd namespace) {
    return new OpenFile(namespace.name(), namespace.path(), 0, "-");
  }

  static OpenFile of(Directive.InheritFile file) {
    return new OpenFile(
        // CRIU would open a file that is known by its whole key anew.
        file.key().substring(1),
        file.path(),
        file.flags(),
        file.offset().isPresent() ? Long.toString(file.offset().getAsLong()) : "end");
  }

  /** The frame for {@code criu-swrk}. */
  byte[] frame() {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes((flags + " " + offset + " ").getBytes(US_ASCII));
    frame.writeBytes(PathText.bytes(path));
    return frame.toByteArray();
  }
}
