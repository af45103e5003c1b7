// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.cli.images.Json;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.hooks.cli.images.OutputOptions;
import io.criubridge.hooks.cli.images.Table;
import io.criubridge.hooks.dump.DumpPreview;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code criu-bridge plan}: shows what a dump would declare to CRIU, and why. */
@Command(
    name = "plan",
    description = {
      "Shows what a dump of a process would do with each of its mounts, and why.",
      "Settings come from the node's file and CRIU_BRIDGE_* variables. Nothing is changed."
    },
    mixinStandardHelpOptions = true)
final class ShowPlan implements Callable<Integer> {

  @Option(
      names = "--pid",
      paramLabel = "N",
      required = true,
      description = "Host PID of the container's first process.")
  private int pid;

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    DumpPreview preview = DumpPreview.of(pid, System.getenv());
    Output output = options.output();
    if (options.json()) {
      output.json(json(preview).build());
    } else {
      print(preview, output);
    }
    output.flush();
    return 0;
  }

  private void print(DumpPreview preview, Output output) {
    output.line(
        "%s (runtime %s), pid %d, policy %s"
            .formatted(
                PathText.printable(preview.container()), preview.runtime(), pid, policy(preview)));
    if (!preview.ownMounts()) {
      output.line("shares the host's mounts: its files are not carried, only its PIDs");
      return;
    }
    output.line(
        preview
            .upperDirectory()
            .map(upper -> "changed files are in " + PathText.printable(upper.toString()))
            .orElse("the root is no overlay with an upperdir: changed files are not carried"));
    output.line("");
    Table table = new Table("MOUNT", "TYPE", "CRIU IS TOLD", "REASON");
    for (MountDecision decision : preview.plan().mounts()) {
      table.row(
          decision.mount().mountPoint(),
          PathText.printable(decision.mount().fsType()),
          told(decision.action()),
          PathText.printable(decision.reason()));
    }
    for (StreamRecord stream : preview.plan().streams()) {
      String path = PathText.printable(stream.path());
      table.row(String.join(", ", stream.names()), "", "external", "the host's file " + path);
    }
    preview
        .plan()
        .network()
        .ifPresent(
            network -> table.row("network", "", "external", "external-netns: " + network.name()));
    table.print(output);
  }

  private static String told(Action action) {
    return switch (action) {
      case NATIVE -> "nothing";
      case EXTERNALIZE -> "external";
      case MASK -> "external, /dev/null";
      case SKIP -> "left out";
      case LEAVE_TO_CALLER -> "by its caller";
    };
  }

  private static String policy(DumpPreview preview) {
    return preview.policy().name().toLowerCase(Locale.ROOT);
  }

  private Json json(DumpPreview preview) {
    return Json.object()
        .with("container", preview.container())
        .with("runtime", preview.runtime())
        .with("pid", pid)
        .with("policy", policy(preview))
        .with("ownMounts", preview.ownMounts())
        .with("upperDirectory", preview.upperDirectory())
        .with("mounts", preview.plan().mounts().stream().map(ShowPlan::json).toList())
        .with("streams", preview.plan().streams().stream().map(ShowPlan::json).toList())
        .with("externalNetwork", preview.plan().network().map(network -> network.name()));
  }

  private static Json json(MountDecision decision) {
    return Json.object()
        .with("mountPoint", decision.mount().mountPoint().text())
        .with("type", decision.mount().fsType())
        .with("action", decision.action().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .with("reason", decision.reason());
  }

  private static Json json(StreamRecord stream) {
    return Json.object()
        .with("names", stream.names())
        .with("key", stream.key())
        .with("path", stream.path());
  }
}
