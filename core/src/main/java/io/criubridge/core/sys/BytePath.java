// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An absolute path as the kernel sees it: any bytes but NUL, in components that are neither empty
 * nor {@code .} nor {@code ..}. A path inside a container is always of this type, a path of the
 * host is a {@link Path}: file names of a workload need not be UTF-8, and must never be resolved on
 * the host by accident.
 */
public final class BytePath implements Comparable<BytePath> {

  /** The root, {@code /}. */
  public static final BytePath ROOT = new BytePath("");

  /** One char per byte (ISO 8859-1), no trailing slash; the root is the empty string. */
  private final String raw;

  private BytePath(String raw) {
    this.raw = raw;
  }

  /**
   * Reads a path from bytes; a missing leading slash is added, empty and {@code .} components are
   * dropped.
   *
   * @throws IllegalArgumentException if the path holds NUL or a {@code ..} component
   */
  public static BytePath of(byte[] bytes) {
    return ofLatin1(new String(bytes, ISO_8859_1));
  }

  /**
   * Reads a path from text, the inverse of {@link #text()}.
   *
   * @throws IllegalArgumentException as {@link #of(byte[])}
   */
  public static BytePath of(String text) {
    return of(PathText.bytes(text));
  }

  /** As {@link #of(byte[])}, the bytes given as ISO 8859-1 characters. */
  public static BytePath ofLatin1(String bytes) {
    StringBuilder clean = new StringBuilder(bytes.length() + 1);
    int start = 0;
    while (start <= bytes.length()) {
      int slash = bytes.indexOf('/', start);
      int end = slash < 0 ? bytes.length() : slash;
      String name = bytes.substring(start, end);
      if (name.equals("..") || name.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "path with a '..' component or a NUL byte: " + printable(bytes));
      }
      if (!name.isEmpty() && !name.equals(".")) {
        clean.append('/').append(name);
      }
      start = end + 1;
    }
    return clean.isEmpty() ? ROOT : new BytePath(clean.toString());
  }

  /** The path's bytes, with a leading slash. */
  public byte[] bytes() {
    return (isRoot() ? "/" : raw).getBytes(ISO_8859_1);
  }

  /** This path with all components of another below it. */
  public BytePath append(BytePath other) {
    return new BytePath(raw + other.raw);
  }

  /**
   * The part of this path below an ancestor.
   *
   * @throws IllegalArgumentException if this path does not start with {@code ancestor}
   */
  public BytePath below(BytePath ancestor) {
    if (!startsWith(ancestor)) {
      throw new IllegalArgumentException(this + " is not below " + ancestor);
    }
    return new BytePath(raw.substring(ancestor.raw.length()));
  }

  /** The bytes without the leading slash; empty for the root. */
  public byte[] relativeBytes() {
    return isRoot() ? new byte[0] : raw.substring(1).getBytes(ISO_8859_1);
  }

  /** Whether this is {@code /}. */
  public boolean isRoot() {
    return raw.isEmpty();
  }

  /** The components, outermost first; none for the root. */
  public List<byte[]> components() {
    List<byte[]> names = new ArrayList<>();
    for (int start = 1; start <= raw.length(); ) {
      int slash = raw.indexOf('/', start);
      int end = slash < 0 ? raw.length() : slash;
      names.add(raw.substring(start, end).getBytes(ISO_8859_1));
      start = end + 1;
    }
    return names;
  }

  /** The last component; empty for the root. */
  public byte[] name() {
    return raw.substring(raw.lastIndexOf('/') + 1).getBytes(ISO_8859_1);
  }

  /** The path without its last component; the root's parent is the root. */
  public BytePath parent() {
    int slash = raw.lastIndexOf('/');
    return slash <= 0 ? ROOT : new BytePath(raw.substring(0, slash));
  }

  /**
   * This path with one more component.
   *
   * @throws IllegalArgumentException if {@code name} is empty, {@code .}, {@code ..}, or holds a
   *     slash or NUL
   */
  public BytePath resolve(byte[] name) {
    String component = new String(name, ISO_8859_1);
    if (component.isEmpty()
        || component.equals(".")
        || component.equals("..")
        || component.indexOf('/') >= 0
        || component.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "not a file name: '" + PathText.printable(PathText.of(name)) + "'");
    }
    return new BytePath(raw + '/' + component);
  }

  /** Whether this path is {@code other} or below it, by components. */
  public boolean startsWith(BytePath other) {
    return raw.startsWith(other.raw)
        && (raw.length() == other.raw.length() || raw.charAt(other.raw.length()) == '/');
  }

  /** The path as {@link PathText}; {@link #of(String)} gives the same bytes back. */
  public String text() {
    return PathText.of(bytes());
  }

  /** The path as a host path, for files that the host owns. */
  public Path toHostPath() {
    return Path.of(text());
  }

  /** The path for people: UTF-8, control characters and other bytes as {@code \xNN}. */
  @Override
  public String toString() {
    return PathText.printable(text());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BytePath path && raw.equals(path.raw);
  }

  @Override
  public int hashCode() {
    return raw.hashCode();
  }

  /** Orders by bytes, a directory before what is in it. */
  @Override
  public int compareTo(BytePath other) {
    return raw.compareTo(other.raw);
  }

  /** Gives bytes for people, the bytes given as ISO 8859-1 characters. */
  public static String printable(String bytes) {
    return PathText.printable(PathText.of(bytes.getBytes(ISO_8859_1)));
  }
}
