// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A command line of the form {@code runtime [option...] verb [option...] id}. */
record RuntimeArguments(String program, List<String> global, String verb, List<String> own) {
  private static final Pattern RUNTIME = Pattern.compile("(?:[a-z]+-)?(?:runc|crun|youki)");

  /** Those options before the verb that take the next argument as their value. */
  private static final Set<String> VALUED =
      Set.of(
          "--root",
          "--log",
          "--log-format",
          "--log-level",
          "--criu",
          "--rootless",
          "--cgroup-manager");

  static Optional<RuntimeArguments> of(List<String> arguments) {
    int verb = 1;
    while (verb < arguments.size() && arguments.get(verb).startsWith("-")) {
      verb += VALUED.contains(arguments.get(verb)) ? 2 : 1;
    }
    // At least the verb and the id.
    return verb + 1 >= arguments.size()
        ? Optional.empty()
        : Optional.of(
            new RuntimeArguments(
                arguments.get(0),
                arguments.subList(1, verb),
                arguments.get(verb),
                arguments.subList(verb + 1, arguments.size())));
  }

  Optional<RuntimeCommand> command(Path workingDirectory) {
    String name = program.substring(program.lastIndexOf('/') + 1);
    String last = own.get(own.size() - 1);
    if (!RUNTIME.matcher(name).matches() || !ContainerId.isValid(last)) {
      return Optional.empty();
    }
    Path root =
        workingDirectory.resolve(
            value(global, "--root").orElse(name.endsWith("crun") ? "/run/crun" : "/run/runc"));
    ContainerId id = new ContainerId(last);
    String bundle = value(own, "--bundle").or(() -> value(own, "-b")).orElse("");
    return switch (verb) {
      case "checkpoint" -> Optional.of(new RuntimeCommand.Checkpoint(root, id));
      case "restore" ->
          Optional.of(new RuntimeCommand.Restore(root, id, workingDirectory.resolve(bundle)));
      default -> Optional.empty();
    };
  }

  /** The last value given to an option, as {@code --name value} or {@code --name=value}. */
  private static Optional<String> value(List<String> arguments, String option) {
    Optional<String> value = Optional.empty();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith(option + "=")) {
        value = Optional.of(argument.substring(option.length() + 1));
      } else if (argument.equals(option) && i + 1 < arguments.size()) {
        value = Optional.of(arguments.get(i + 1));
      }
    }
    return value;
  }
}
