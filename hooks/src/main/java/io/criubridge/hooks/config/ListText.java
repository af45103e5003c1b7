// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import java.util.ArrayList;
import java.util.List;

/** A list in one variable: separated by commas; {@code \,} is a comma, {@code \\} a backslash. */
public final class ListText {

  private ListText() {}

  static List<String> split(String text) {
    List<String> items = new ArrayList<>();
    StringBuilder item = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
      if (c == '\\' && (next == ',' || next == '\\')) {
        item.append(next);
        i++;
      } else if (c == ',') {
        items.add(item.toString());
        item.setLength(0);
      } else {
        item.append(c);
      }
    }
    items.add(item.toString());
    return items;
  }

  /** An item as it is written in a list. */
  public static String escape(String item) {
    return item.replace("\\", "\\\\").replace(",", "\\,");
  }
}
