// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lines with columns under titles; a title that begins with a space is of numbers. */
public final class Table {
  private final List<String> titles;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... titles) {
    this.titles = List.of(titles);
  }

  public void row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell.toString());
    }
    rows.add(row);
  }

  public void print(Output output) {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < titles.size(); column++) {
      int at = column;
      widths.add(
          Math.max(
              title(column).length(),
              rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0)));
    }
    List<String> heads = new ArrayList<>();
    for (int column = 0; column < titles.size(); column++) {
      heads.add(title(column));
    }
    output.line(output.strong(line(heads, widths)));
    rows.forEach(row -> output.line(line(row, widths)));
  }

  private String title(int column) {
    return titles.get(column).strip();
  }

  private String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      String space = String.join("", Collections.nCopies(widths.get(column) - cell.length(), " "));
      line.append(column == 0 ? "" : "  ")
          .append(titles.get(column).startsWith(" ") ? space + cell : cell + space);
    }
    return line.toString().stripTrailing();
  }
}
