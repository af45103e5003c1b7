// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.sys.PathText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What criu's own command line tells; options of its configuration files are not seen. In RPC mode
 * (runc and everything above it) CRIU rewrites its command line and none of the options is to be
 * seen. Source: {@code criu/config.c}, {@code criu/cr-service.c}.
 *
 * @param arguments the arguments, without the program's name
 */
public record CriuCommandLine(List<String> arguments) {

  private static final String EXTERNAL = "external";
  private static final String MOUNT_MAP = "ext-mount-map";

  /** Those that take a value in the next argument, as far as values there could be mistaken. */
  private static final Set<String> WITH_VALUE =
      Set.of(
          EXTERNAL,
          MOUNT_MAP,
          "tree",
          "images-dir",
          "log-file",
          "root",
          "join-ns",
          "work-dir",
          "libdir");

  /** All that is to be known in RPC mode. */
  private static final List<String> RPC = List.of("--rpc");

  private static final Set<String> RPC_MODES = Set.of("swrk", "service");

  /** An option, by its long name if it has a value. */
  private record Option(String name, String value) {}

  /** Copies the list. */
  public CriuCommandLine {
    arguments = List.copyOf(arguments);
  }

  /** Reads the command line of a criu process. */
  public static CriuCommandLine read(ProcFs proc, ProcessIdentity criu) throws IOException {
    return of(proc.read(criu.pid(), "cmdline"));
  }

  /** Reads the content of {@code cmdline}; see proc_pid_cmdline(5). */
  static CriuCommandLine of(byte[] cmdline) {
    List<String> words = Arrays.asList(PathText.of(cmdline).split("\0", -1));
    // setproctitle(3bsd) leaves one word: "criu: restore --rpc -D /images".
    if (words.get(0).matches("(?s)[^/]*: [a-z-]+ --rpc.*")) {
      return new CriuCommandLine(RPC);
    }
    return new CriuCommandLine(words.subList(1, Math.max(1, words.size() - 1)));
  }

  /** Whether CRIU runs for a runtime, with its options unseen. */
  public boolean isRpc() {
    List<String> operands = new ArrayList<>();
    options(operands);
    return arguments.equals(RPC) || operands.stream().anyMatch(RPC_MODES::contains);
  }

  /** The value of {@code --root}: where the container's root is, or is to be. */
  public Optional<Path> root() {
    return last("root").map(Path::of);
  }

  /** The work directory, where it is not that of the images. */
  public Optional<Path> workDirectory() {
    return last("work-dir").map(Path::of);
  }

  /** The plugin directory, if it is given here. */
  public Optional<Path> libDirectory() {
    return last("libdir").map(Path::of);
  }

  /** Every value of {@code --external}, those that {@code --ext-mount-map} stands for too. */
  public List<String> externals() {
    List<String> externals = new ArrayList<>();
    for (Option option : options()) {
      int colon = option.value().indexOf(':');
      if (option.name().equals(EXTERNAL)) {
        externals.add(option.value());
      } else if (option.name().equals(MOUNT_MAP) && colon > 0) {
        externals.add(
            "mnt[" + option.value().substring(0, colon) + "]" + option.value().substring(colon));
      }
    }
    return externals;
  }

  /** Whether {@code --manage-cgroups=ignore} keeps CRIU from making cgroups. */
  public boolean ignoresCgroups() {
    return last("manage-cgroups").filter("ignore"::equals).isPresent();
  }

  private Optional<String> last(String name) {
    return options().stream()
        .filter(option -> option.name().equals(name))
        .map(Option::value)
        .reduce((before, after) -> after);
  }

  private List<Option> options() {
    return options(new ArrayList<>());
  }

  /** As getopt_long(3) reads them, but for long names that are cut short. */
  private List<Option> options(List<String> operands) {
    List<Option> options = new ArrayList<>();
    for (int i = 0; i < arguments.size() && !arguments.get(i).equals("--"); i++) {
      String argument = arguments.get(i);
      String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
      int equals = argument.indexOf('=');
      int letter = letterWithValue(argument);
      if (argument.startsWith("--") && equals > 0) {
        options.add(new Option(argument.substring(2, equals), argument.substring(equals + 1)));
      } else if (argument.startsWith("--") && WITH_VALUE.contains(argument.substring(2))) {
        options.add(new Option(argument.substring(2), next));
        i++;
      } else if (letter > 0 && letter + 1 < argument.length()) {
        options.add(new Option(longName(argument.charAt(letter)), argument.substring(letter + 1)));
      } else if (letter > 0) {
        options.add(new Option(longName(argument.charAt(letter)), next));
        i++;
      } else if (!argument.startsWith("-")) {
        operands.add(argument);
      }
    }
    return options;
  }

  /** Where in an argument such as {@code -dRr} the letter is that takes a value; 0 for none. */
  private static int letterWithValue(String argument) {
    if (!argument.startsWith("-") || argument.startsWith("--")) {
      return 0;
    }
    for (int i = 1; i < argument.length(); i++) {
      char letter = argument.charAt(i);
      if (!longName(letter).isEmpty()) {
        return i;
      }
      if (letter == 'v' || letter == 'x') {
        // The rest is their value.
        return 0;
      }
    }
    return 0;
  }

  /** The long name of an option that takes a value; empty for other letters. */
  private static String longName(char letter) {
    return switch (letter) {
      case 't' -> "tree";
      case 'D' -> "images-dir";
      case 'o' -> "log-file";
      case 'r' -> "root";
      case 'J' -> "join-ns";
      case 'W' -> "work-dir";
      case 'L' -> "libdir";
      case 'M' -> MOUNT_MAP;
      default -> "";
    };
  }
}
