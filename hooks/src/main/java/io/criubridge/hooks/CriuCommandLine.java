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

/**
 * What criu's own command line tells. In RPC mode (runc and everything above it) CRIU rewrites its
 * command line and none of the options is to be seen. Source: {@code criu/config.c}, {@code
 * criu/cr-service.c}.
 *
 * @param arguments the arguments, without the program's name
 */
public record CriuCommandLine(List<String> arguments) {

  /** Copies the list. */
  public CriuCommandLine {
    arguments = List.copyOf(arguments);
  }

  /** Reads the command line of a criu process. */
  public static CriuCommandLine read(ProcFs proc, ProcessIdentity criu) throws IOException {
    byte[] bytes = proc.read(criu.pid(), "cmdline");
    String[] words = PathText.of(bytes).split("\0", -1);
    return new CriuCommandLine(Arrays.asList(words).subList(1, Math.max(1, words.length - 1)));
  }

  /** Whether CRIU runs for a runtime, with its options unseen. */
  public boolean isRpc() {
    return arguments.contains("--rpc")
        || arguments.contains("swrk")
        || arguments.contains("service");
  }

  /** The value of {@code --root}: where the container's root is, or is to be. */
  public Optional<Path> root() {
    return last("-r", "--root").map(Path::of);
  }

  /** The plugin directory, if it is given here. */
  public Optional<Path> libDirectory() {
    return last("-L", "--libdir").map(Path::of);
  }

  /** Every value of {@code --external}. */
  public List<String> externals() {
    return values("", "--external");
  }

  /** Whether {@code --manage-cgroups=ignore} keeps CRIU from making cgroups. */
  public boolean ignoresCgroups() {
    return arguments.contains("--manage-cgroups=ignore");
  }

  private Optional<String> last(String shortName, String longName) {
    List<String> values = values(shortName, longName);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
  }

  private List<String> values(String shortName, String longName) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if ((argument.equals(longName) || argument.equals(shortName)) && i + 1 < arguments.size()) {
        values.add(arguments.get(++i));
      } else if (argument.startsWith(longName + "=")) {
        values.add(argument.substring(longName.length() + 1));
      } else if (!shortName.isEmpty()
          && argument.startsWith(shortName)
          && !argument.startsWith("--")
          && argument.length() > shortName.length()) {
        values.add(argument.substring(shortName.length()));
      }
    }
    return values;
  }
}
