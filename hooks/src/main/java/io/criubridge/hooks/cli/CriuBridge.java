// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.core.rootfs.TarFormatException;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.cli.images.Images;
import io.criubridge.hooks.cli.images.OutputFailure;
import io.criubridge.hooks.cli.inspect.Inspect;
import io.criubridge.hooks.cli.rootfs.Rootfs;
import io.criubridge.hooks.config.ConfigurationException;
import io.criubridge.hooks.install.InstallException;
import io.criubridge.hooks.rpc.CriuFailure;
import io.criubridge.images.ImageFormatException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code criu-bridge}: the command line. */
@Command(
    name = "criu-bridge",
    description = "Makes, restores and looks at checkpoints; installs itself on a node.",
    mixinStandardHelpOptions = true,
    versionProvider = CriuBridge.Version.class,
    subcommands = {
      Checkpoint.class,
      Restore.class,
      Verify.class,
      Status.class,
      Inspect.class,
      Export.class,
      Import.class,
      Pids.class,
      ShowPlan.class,
      Rootfs.class,
      Images.class,
      Install.class,
      Uninstall.class,
      Doctor.class
    })
public final class CriuBridge implements Runnable {

  @Spec private CommandLine.Model.CommandSpec spec;

  static CommandLine commandLine() {
    return new CommandLine(new CriuBridge())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExitCodeExceptionMapper(CriuBridge::exitCode)
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              command.getOut().flush(); // what was printed before comes first
              return report(e, command.getErr());
            });
  }

  /** Tells a person what went wrong, and gives the code to exit with. */
  static int report(Exception e, PrintWriter err) {
    if (e instanceof OutputFailure failure && failure.isOfPipe()) {
      return exitCode(e);
    }
    // A name in it may be a workload's.
    err.println(
        String.valueOf(e.getMessage())
            .lines()
            .map(PathText::printable)
            .collect(Collectors.joining("\n", "criu-bridge: ", "")));
    err.flush();
    return exitCode(e);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int exitCode(Throwable e) {
    if (e instanceof ParameterException) {
      return ExitCode.USAGE;
    }
    if (e instanceof PhaseFailure failure) {
      return failure.exitCode();
    }
    if (e instanceof CriuFailure) {
      return ExitCode.OS_ERROR;
    }
    if (e instanceof InstallException || e instanceof ConfigurationException) {
      return ExitCode.CONFIG;
    }
    if (e instanceof ManifestException
        || e instanceof TarFormatException
        || e instanceof ImageFormatException) {
      return ExitCode.DATA;
    }
    if (e instanceof ErrnoException || e.getCause() instanceof ErrnoException) {
      return ExitCode.OS_ERROR;
    }
    return e instanceof IOException || e instanceof OutputFailure ? ExitCode.IO : ExitCode.SOFTWARE;
  }

  /** The version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"criu-bridge " + Distribution.version()};
    }
  }
}
