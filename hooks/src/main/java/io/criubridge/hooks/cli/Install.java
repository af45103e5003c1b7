// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import com.google.gson.GsonBuilder;
import io.criubridge.hooks.install.CriuProgram;
import io.criubridge.hooks.install.InstallCheck;
import io.criubridge.hooks.install.InstallRequest;
import io.criubridge.hooks.install.Installation;
import io.criubridge.hooks.install.NodeRoot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code criu-bridge install}: has every checkpoint of runc on a node take part. */
@Command(
    name = "install",
    description = {
      "Installs criu-bridge on a node, for every checkpoint and restore through runc.",
      "Copies the program to PREFIX/lib/criu-bridge, links the plugin into CRIU's plugin directory,"
          + " writes /etc/criu-bridge/config.yaml, and adds a line to /etc/criu/runc.conf. Run again,"
          + " it repairs, upgrades, or finishes an installation that broke off."
    },
    mixinStandardHelpOptions = true)
final class Install implements Callable<Integer> {

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "Where the node's root file system is (default: ${DEFAULT-VALUE}).")
  private Path root = Path.of("/");

  @Option(
      names = "--prefix",
      paramLabel = "DIR",
      description = "Where to install, a path of the node (default: ${DEFAULT-VALUE}).")
  private Path prefix = Path.of("/usr/local");

  @Option(
      names = "--plugin-dir",
      paramLabel = "DIR",
      description = "CRIU's plugin directory (default: what the node's criu says).")
  private @Nullable Path pluginDirectory;

  @Option(
      names = "--criu",
      paramLabel = "PROGRAM",
      description = "The node's criu (default: $CRIU, else as on the PATH).")
  private @Nullable Path criu;

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description = "Who installs: uninstall with another --owner leaves it alone.")
  private String owner = "";

  @Option(
      names = "--check",
      description =
          "Change nothing: compare the node with what was installed; exit 1 if it differs.")
  private boolean check;

  @Option(names = "--json", description = "With --check: print the findings as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    NodeRoot node = new NodeRoot(root);
    PrintWriter out = spec.commandLine().getOut();
    if (check) {
      return report(InstallCheck.of(node), out);
    }
    Optional<Path> named = Optional.ofNullable(criu);
    Prepare prepare = new Prepare(named, out);
    new Installation(request(node, named), prepare::run, line -> print(out, line)).run();
    return 0;
  }

  private InstallRequest request(NodeRoot node, Optional<Path> named) throws IOException {
    Path plugins = pluginDirectory;
    if (plugins == null) {
      plugins =
          CriuProgram.find(node, named, System.getenv())
              .map(CriuProgram::pluginDirectory)
              .orElse(CriuProgram.defaultPluginDirectory());
    }
    try {
      return new InstallRequest(
          node, Distribution.directory(), prefix, plugins, owner, Distribution.version());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private int report(List<InstallCheck.Finding> findings, PrintWriter out) {
    boolean ok = findings.stream().allMatch(InstallCheck.Finding::ok);
    if (json) {
      out.println(
          new GsonBuilder()
              .setPrettyPrinting()
              .disableHtmlEscaping()
              .create()
              .toJson(Map.of("ok", ok, "findings", findings)));
    } else {
      findings.forEach(
          finding -> out.printf("%-5s %s%n", finding.ok() ? "ok" : "FAIL", text(finding)));
    }
    out.flush();
    return ok ? 0 : ExitCode.DIFFERENT;
  }

  private static String text(InstallCheck.Finding finding) {
    return finding.ok() ? finding.what() : finding.what() + ": " + finding.problem();
  }

  private static void print(PrintWriter out, String line) {
    out.println("install: " + line);
    out.flush();
  }
}
