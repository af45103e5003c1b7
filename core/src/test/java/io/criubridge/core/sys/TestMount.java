// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.nio.file.Path;

/** A mount that lasts as long as a test. */
public final class TestMount implements AutoCloseable {

  private final Path path;

  private TestMount(Path path) {
    this.path = path;
  }

  public static TestMount tmpfs(Path at) throws IOException {
    return of("tmpfs", at, "tmpfs", 0, "");
  }

  public static TestMount bind(Path source, Path at) throws IOException {
    return of(source.toString(), at, "none", Mounts.MS_BIND, "");
  }

  public static TestMount overlay(Path at, String options) throws IOException {
    return of("overlay", at, "overlay", 0, options);
  }

  private static TestMount of(String source, Path at, String type, long flags, String data)
      throws IOException {
    Mounts.mount(source, at, type, flags, data);
    return new TestMount(at);
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Mounts.umount(path, Mounts.MNT_DETACH);
  }
}
