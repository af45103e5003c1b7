// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.util.ArrayList;
import java.util.List;

/**
 * One option of a file system, such as {@code upperdir=/x}. The kernel's octal escapes are undone
 * already; a file system's own escapes (overlay's backslashes) are undone by who knows them.
 *
 * @param name the text before the first {@code =}
 * @param value the text after it, empty for a flag such as {@code ro}
 */
public record SuperOption(String name, String value) {

  /**
   * The value with each backslash taken away and the character after it kept, as overlay reads
   * {@code upperdir}, {@code workdir} and one part of {@code lowerdir}.
   *
   * <p>Source: {@code ovl_unescape()} in fs/overlayfs/params.c
   */
  public String unescapedValue() {
    return unescape(value);
  }

  /**
   * The parts between those colons that no backslash escapes, each unescaped; overlay's {@code
   * lowerdir}. Data-only layers follow a double colon, which shows as an empty part.
   *
   * <p>Source: {@code ovl_parse_param_split_lowerdirs()} in fs/overlayfs/params.c
   */
  public List<String> unescapedParts() {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) == '\\') {
        i++;
      } else if (value.charAt(i) == ':') {
        parts.add(unescape(value.substring(start, i)));
        start = i + 1;
      }
    }
    parts.add(unescape(value.substring(start)));
    return List.copyOf(parts);
  }

  private static String unescape(String escaped) {
    StringBuilder out = new StringBuilder(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      boolean escape = escaped.charAt(i) == '\\' && i + 1 < escaped.length();
      out.append(escaped.charAt(escape ? ++i : i));
    }
    return out.toString();
  }
}
