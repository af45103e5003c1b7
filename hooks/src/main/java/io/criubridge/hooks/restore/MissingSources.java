// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import java.util.ArrayList;
import java.util.List;

/** Tells a person what this machine lacks, all at once, and how to say where it is. */
final class MissingSources {

  private MissingSources() {}

  static String message(List<MountSource> missing) {
    List<String> lines = new ArrayList<>();
    lines.add("nothing was started: this machine lacks what the checkpoint needs from outside:");
    for (MountSource source : missing) {
      String recorded = source.recorded().orElse("somewhere the dump could not see");
      lines.add(
          String.format(
              "  %s (%s, was %s at dump): give CRIU_BRIDGE_MAP=%s=/path/on/this/machine",
              source.name(), what(source.kind()), recorded, mapName(source.name())));
    }
    if (missing.size() > 1) {
      lines.add("  several are separated by commas: CRIU_BRIDGE_MAP=/a=/x,/b=/y");
    }
    return String.join("\n", lines);
  }

  private static String what(MountSource.Kind kind) {
    return switch (kind) {
      case DIRECTORY -> "a directory";
      case FILE -> "a file";
      case CGROUP -> "a control group";
      case STREAM -> "a file";
    };
  }

  /** Of the names of one stream the first is enough. */
  private static String mapName(String name) {
    int comma = name.indexOf(", ");
    return comma < 0 ? name : name.substring(0, comma);
  }
}
