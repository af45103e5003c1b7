// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of a command, from what picocli knows of it. picocli's own generator writes
 * AsciiDoc, which takes a Ruby program more to become a manual page.
 *
 * <p>Source: man(7)
 */
final class ManPage {
  private final CommandSpec command;
  private final StringBuilder page = new StringBuilder();

  private ManPage(CommandSpec command) {
    this.command = command;
  }

  /** The file's name: {@code criu-bridge-verify.1}. */
  static String name(CommandSpec command) {
    return title(command) + ".1";
  }

  /** The file's text. */
  static String of(CommandSpec command) {
    return new ManPage(command).write();
  }

  private static String title(CommandSpec command) {
    return command.qualifiedName("-");
  }

  private String write() {
    String title = title(command);
    line(".TH " + title.toUpperCase(Locale.ROOT) + " 1 \"\" \"\" \"User Commands\"");
    section("NAME");
    List<String> description = List.of(command.usageMessage().description());
    line(text(title + " - " + firstOf(description)));
    section("SYNOPSIS");
    line(text(synopsis()));
    section("DESCRIPTION");
    description.forEach(this::paragraph);
    arguments();
    subcommands();
    section("EXIT STATUS");
    paragraph(
        "0 on success, 1 if something that was checked is not as it should be; else as in"
            + " sysexits.h: 64 usage, 65 damaged data, 70 a bug, 74 input or output, 78 settings or"
            + " something in the way.");
    section("SEE ALSO");
    CommandSpec parent = command.parent();
    line(parent == null ? ".BR criu (8)" : ".BR " + text(title(parent)) + " (1)");
    return page.toString();
  }

  private static String firstOf(List<String> description) {
    return description.isEmpty() ? "" : description.get(0).replaceFirst("\\.$", "");
  }

  private String synopsis() {
    return command.commandLine().getHelp().synopsis(0).replaceAll("\\s+", " ").strip();
  }

  private void arguments() {
    List<PositionalParamSpec> positional = command.positionalParameters();
    List<OptionSpec> options =
        command.options().stream().filter(option -> !option.hidden()).toList();
    if (!positional.isEmpty()) {
      section("ARGUMENTS");
      positional.forEach(argument -> argument(argument.paramLabel(), argument));
    }
    if (!options.isEmpty()) {
      section("OPTIONS");
      options.forEach(option -> argument(names(option), option));
    }
  }

  private static String names(OptionSpec option) {
    String value = option.arity().max() > 0 ? " " + option.paramLabel() : "";
    return String.join(", ", option.names()) + value;
  }

  private void argument(String what, ArgSpec argument) {
    line(".TP");
    line(".B " + text(what));
    line(text(String.join(" ", argument.description()).replace("%%", "%")));
  }

  private void subcommands() {
    List<CommandSpec> shown =
        command.subcommands().values().stream()
            .map(sub -> sub.getCommandSpec())
            .filter(sub -> !sub.usageMessage().hidden())
            .distinct()
            .toList();
    if (shown.isEmpty()) {
      return;
    }
    section("COMMANDS");
    for (CommandSpec sub : shown) {
      line(".TP");
      line(".BR " + text(title(sub)) + " (1)");
      line(text(firstOf(List.of(sub.usageMessage().description())) + "."));
    }
  }

  private void section(String name) {
    line(".SH " + name);
  }

  private void paragraph(String text) {
    line(".PP");
    line(text(text));
  }

  private void line(String line) {
    page.append(line).append('\n');
  }

  /** Text that roff takes for nothing else. */
  private static String text(String text) {
    String plain = Ansi.OFF.string(text).replace("\\", "\\e").replace("-", "\\-");
    return plain
        .lines()
        .map(line -> line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line)
        .collect(Collectors.joining("\n"));
  }
}
