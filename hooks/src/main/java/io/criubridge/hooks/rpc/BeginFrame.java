// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.plan.Directive;
import java.nio.file.Path;

/**
 * What {@code criu-swrk} has criu begin with. Source: {@code swrk.c}.
 *
 * @param text of the frame, a path in it as {@link PathText} has it
 */
record BeginFrame(String text) {

  /** The descriptor of the image directory, which is opened first; the others' follow. */
  static final int IMAGE_DIRECTORY = 4;

  static final BeginFrame EXEC = new BeginFrame("exec");

  static BeginFrame ofImages(Path directory) {
    return open(0, "-", directory.toString());
  }

  static BeginFrame of(Directive.InheritFd namespace) {
    return open(0, "-", namespace.path());
  }

  static BeginFrame of(Directive.InheritFile file) {
    String offset = file.offset().isPresent() ? Long.toString(file.offset().getAsLong()) : "end";
    return open(file.flags(), offset, file.path());
  }

  static BeginFrame of(Directive.TakeFd stream) {
    return frame("fd " + stream.number(), "");
  }

  static BeginFrame of(Directive.TakeMount mount) {
    return frame("take " + mount.name() + (mount.isDirectory() ? " d " : " f "), mount.path());
  }

  /** A mount namespace of criu's own, with an empty file system there. */
  static BeginFrame stage(Path directory) {
    return frame("stage ", directory.toString());
  }

  private static BeginFrame open(int flags, String offset, String path) {
    return frame("open " + flags + " " + offset + " ", path);
  }

  private static BeginFrame frame(String verb, String path) {
    return new BeginFrame(verb + path);
  }

  byte[] bytes() {
    return PathText.bytes(text);
  }
}
