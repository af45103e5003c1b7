// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Members of an archive that are no part of the tree: a first pass wrote them while the container
 * ran, and then their file changed or vanished. They are listed in a file beside the archive, which
 * itself is only ever appended to: {@code [[offset,length],...]}, in bytes, ascending.
 *
 * @param ranges ascending, not overlapping
 */
public record StaleMembers(List<MemberRange> ranges) {

  /** The list's name, in the archive's directory. */
  public static final String FILE_NAME = "stale-members.json";

  /** As many as an archive could hold that is larger than any disk. */
  private static final int MAX = 50_000_000;

  static final StaleMembers NONE = new StaleMembers(List.of());

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if members overlap or descend
   */
  public StaleMembers {
    ranges = List.copyOf(ranges);
    long end = 0;
    for (MemberRange range : ranges) {
      if (range.offset() < end) {
        throw new IllegalArgumentException("members overlap at " + range.offset());
      }
      end = range.end();
    }
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** The list's file. */
  public byte[] toJson() {
    StringBuilder json = new StringBuilder("[");
    for (MemberRange range : ranges) {
      json.append(json.length() == 1 ? "" : ",");
      json.append('[').append(range.offset()).append(',').append(range.length()).append(']');
    }
    return json.append(']').toString().getBytes(US_ASCII);
  }

  /**
   * Reads the list of an archive, empty if there is no such file.
   *
   * @throws IOException naming the file, if it is no such list
   */
  static StaleMembers of(Path archive) throws IOException {
    Path file = archive.resolveSibling(FILE_NAME);
    if (!Files.exists(file)) {
      return NONE;
    }
    List<MemberRange> ranges = new ArrayList<>();
    try (BufferedReader text = Files.newBufferedReader(file, US_ASCII);
        JsonReader json = new JsonReader(text)) {
      json.beginArray();
      while (json.hasNext() && ranges.size() < MAX) {
        json.beginArray();
        ranges.add(new MemberRange(json.nextLong(), json.nextLong()));
        json.endArray();
      }
      json.endArray();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("more than one list");
      }
      return new StaleMembers(ranges);
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
