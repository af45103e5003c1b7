// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes the manual pages of all commands and the completion for bash below a directory, {@code
 * dist/share}: for {@code scripts/build}.
 */
final class Reference {

  private Reference() {}

  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]));
  }

  static void write(Path share) throws IOException {
    CommandLine command = CriuBridge.commandLine();
    Path manuals = Files.createDirectories(share.resolve("man/man1"));
    writeManuals(manuals, command.getCommandSpec());
    Path completions = Files.createDirectories(share.resolve("bash-completion/completions"));
    Files.writeString(
        completions.resolve("criu-bridge"), AutoComplete.bash("criu-bridge", command), UTF_8);
  }

  private static void writeManuals(Path directory, CommandSpec command) throws IOException {
    if (command.usageMessage().hidden()) {
      return;
    }
    Files.writeString(directory.resolve(ManPage.name(command)), ManPage.of(command), UTF_8);
    for (CommandLine sub : command.subcommands().values()) {
      writeManuals(directory, sub.getCommandSpec());
    }
  }
}
