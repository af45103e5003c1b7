// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of the host that processes of the container hold open as standard input, output or error.
 *
 * @param names which streams: {@code stdin}, {@code stdout}, {@code stderr}
 * @param key the name under which it is external in CRIU's images, {@code file[mount:inode]}
 * @param path the file on the dumping machine
 * @param flags of open(2): access mode, append
 * @param offset how far it was read or written, bytes
 */
public record StreamRecord(List<String> names, String key, String path, int flags, long offset) {

  /** O_ACCMODE, O_APPEND and O_NONBLOCK: what is left of open(2)'s flags when a file is open. */
  public static final int FLAGS = 03 | 02000 | 04000;

  /** Copies the list. */
  public StreamRecord {
    names = List.copyOf(names);
  }

  Map<String, Object> toYaml() {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("names", names);
    yaml.put("key", key);
    yaml.put("path", path);
    yaml.put("flags", flags);
    yaml.put("offset", offset);
    return yaml;
  }

  static StreamRecord ofYaml(ManifestNode node) throws ManifestException {
    return new StreamRecord(
        node.texts("names"),
        node.text("key"),
        node.text("path"),
        flags(node),
        node.number("offset"));
  }

  private static int flags(ManifestNode node) throws ManifestException {
    long flags = node.number("flags");
    if ((flags & ~FLAGS) != 0) {
      throw new ManifestException(
          node.place() + ".flags: " + flags + " are not those of a file that was open");
    }
    return (int) flags;
  }
}
