// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.config.ListText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells a person what this machine lacks, all at once, and how to say where it is. */
final class MissingSources {

  private MissingSources() {}

  static String message(List<MountSource> mounts, List<StreamSource> streams) {
    List<String> lines = new ArrayList<>();
    lines.add("nothing was started: this machine lacks what the checkpoint needs from outside:");
    for (MountSource mount : mounts) {
      String recorded = mount.recorded().orElse("somewhere the dump could not see");
      lines.add(line(mount.name(), what(mount.kind()), recorded, mount.elsewhere()));
    }
    for (StreamSource stream : streams) {
      String name = stream.stream().names().get(0);
      lines.add(line(name, "a file", stream.stream().path(), stream.elsewhere()));
    }
    if (mounts.size() + streams.size() > 1) {
      lines.add("  several are separated by commas: CRIU_BRIDGE_MAP=/a=/x,/b=/y");
    }
    return String.join("\n", lines);
  }

  private static String what(MountSource.Kind kind) {
    return switch (kind) {
      case DIRECTORY -> "a directory";
      case FILE -> "a file";
      case ANY -> "a directory or a file";
      case CGROUP -> "a control group";
    };
  }

  private static String line(String name, String what, String recorded, Optional<Path> elsewhere) {
    String link =
        elsewhere.map(path -> ", which a symbolic link leads to " + path + " now").orElse("");
    return String.format(
        "  %s (%s, was %s at dump%s): give CRIU_BRIDGE_MAP=%s=/path/on/this/machine",
        PathText.printable(name),
        what,
        PathText.printable(recorded),
        PathText.printable(link),
        PathText.printable(ListText.escape(name)));
  }
}
