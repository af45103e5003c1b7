// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import io.criubridge.core.proc.MountInfo.RootState;
import io.criubridge.core.sys.BytePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The parser of one line of {@code mountinfo}. Source: proc_pid_mountinfo(5) */
final class MountInfoLine {
  private static final int FIXED_FIELDS = 6;
  private static final String DELETED = "//deleted";
  private static final Set<String> QUOTED =
      Set.of("context=", "fscontext=", "defcontext=", "rootcontext=");

  private final String file;
  private final int number;
  private final String text;

  MountInfoLine(String file, int number, String text) {
    this.file = file;
    this.number = number;
    this.text = text;
  }

  MountInfo parse() throws ProcFormatException {
    // A source may be the empty string, so that two spaces follow each other.
    List<String> fields = Arrays.asList(text.split(" ", -1));
    int tags = FIXED_FIELDS;
    while (tags < fields.size() && !fields.get(tags).equals("-")) {
      tags++;
    }
    if (fields.size() < tags + 4) {
      throw malformed("too few fields");
    }
    String[] device = fields.get(2).split(":", -1);
    if (device.length != 2) {
      throw malformed("not a device number");
    }
    String root = ProcText.unescapeOctal(fields.get(3));
    RootState state = rootState(root);
    return new MountInfo(
        number(fields.get(0)),
        number(fields.get(1)),
        number(device[0]),
        number(device[1]),
        path(rootPath(root, state)),
        state,
        path(ProcText.unescapeOctal(fields.get(4))),
        List.of(fields.get(5).split(",")),
        propagation(fields.subList(FIXED_FIELDS, tags)),
        ProcText.decode(ProcText.unescapeOctal(fields.get(tags + 1))),
        ProcText.decode(ProcText.unescapeOctal(fields.get(tags + 2))),
        superOptions(String.join(" ", fields.subList(tags + 3, fields.size()))));
  }

  private static RootState rootState(String root) {
    if (root.equals("/..") || root.startsWith("/../")) {
      return RootState.ABOVE_NAMESPACE;
    }
    return root.endsWith(DELETED) ? RootState.DELETED : RootState.LINKED;
  }

  private static String rootPath(String root, RootState state) {
    return switch (state) {
      case LINKED -> root;
      case DELETED -> root.substring(0, root.length() - DELETED.length());
      case ABOVE_NAMESPACE -> root.replaceFirst("^(/\\.\\.)+", "");
    };
  }

  private Propagation propagation(List<String> tags) throws ProcFormatException {
    int shared = 0;
    int master = 0;
    int from = 0;
    boolean unbindable = false;
    for (String tag : tags) {
      int colon = tag.indexOf(':');
      String value = tag.substring(colon + 1);
      switch (colon < 0 ? tag : tag.substring(0, colon)) {
        case "shared" -> shared = number(value);
        case "master" -> master = number(value);
        case "propagate_from" -> from = number(value);
        case "unbindable" -> unbindable = true;
        default -> {
          // The manual asks readers to pass over tags they do not know.
        }
      }
    }
    return new Propagation(shared, master, from, unbindable);
  }

  /**
   * Splits at commas before the octal escapes are undone: the kernel escapes each comma of a value,
   * so those left are separators. Only SELinux shows raw commas, within quotes.
   *
   * <p>Source: {@code seq_show_option()} in include/linux/seq_file.h, {@code show_sid()} in
   * security/selinux/hooks.c
   */
  private static List<SuperOption> superOptions(String shown) {
    List<SuperOption> options = new ArrayList<>();
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i <= shown.length(); i++) {
      if (i == shown.length() || (shown.charAt(i) == ',' && !quoted)) {
        options.add(superOption(shown.substring(start, i)));
        start = i + 1;
      } else if (shown.charAt(i) == '"') {
        quoted = !quoted && QUOTED.contains(shown.substring(start, i));
      }
    }
    return options;
  }

  private static SuperOption superOption(String shown) {
    int equals = shown.indexOf('=');
    String name = equals < 0 ? shown : shown.substring(0, equals);
    String value = equals < 0 ? "" : shown.substring(equals + 1);
    return new SuperOption(
        ProcText.decode(ProcText.unescapeOctal(name)),
        ProcText.decode(ProcText.unescapeOctal(value)));
  }

  private BytePath path(String raw) throws ProcFormatException {
    try {
      return BytePath.ofLatin1(raw);
    } catch (IllegalArgumentException e) {
      throw malformed("not a path");
    }
  }

  private int number(String digits) throws ProcFormatException {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw malformed("'" + ProcText.printable(digits) + "' is not a number");
    }
  }

  private ProcFormatException malformed(String problem) {
    return new ProcFormatException(file, number, text, problem);
  }
}
