// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A file beside the classes of this package. It is taken out of their jar: a class loader would
 * look through the modules of the JVM before, which takes longer than a small image does.
 */
final class OwnFile {
  private static final String DIRECTORY = OwnFile.class.getPackageName().replace('.', '/') + '/';

  private OwnFile() {}

  static byte[] read(String name) throws IOException {
    Path place = place();
    if (!Files.isRegularFile(place)) {
      return content(OwnFile.class.getResourceAsStream(name), name);
    }
    try (ZipFile jar = new ZipFile(place.toFile())) {
      ZipEntry entry = jar.getEntry(DIRECTORY + name);
      return content(entry == null ? null : jar.getInputStream(entry), name);
    }
  }

  /** The jar, or the directory, that this class is from. */
  private static Path place() {
    URL location = OwnFile.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      return Path.of(location.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(location + " is no place for classes", e);
    }
  }

  private static byte[] content(@Nullable InputStream stream, String name) throws IOException {
    try (InputStream in = stream) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing beside this class");
      }
      return in.readAllBytes();
    }
  }
}
