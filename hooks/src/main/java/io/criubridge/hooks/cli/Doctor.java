// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import com.google.gson.GsonBuilder;
import io.criubridge.hooks.doctor.Diagnosis;
import io.criubridge.hooks.doctor.FactsReader;
import io.criubridge.hooks.doctor.Finding;
import io.criubridge.hooks.doctor.Finding.Level;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge doctor}: says why checkpoints on this machine would fail. */
@Command(
    name = "doctor",
    description = {
      "Looks whether checkpoints with criu-bridge work on this machine, and says what to do.",
      "Changes nothing. Exits 1 if something fails."
    },
    mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {

  @Parameters(
      paramLabel = "DIR",
      arity = "0..*",
      description = "Where checkpoints are to go, to look for free space there.")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = "--criu",
      paramLabel = "PROGRAM",
      description = "The criu to look at (default: $CRIU, else as on the PATH).")
  private @Nullable Path criu;

  @Option(names = "--json", description = "Print the findings as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    FactsReader reader =
        new FactsReader(
            Distribution.directory(), Optional.ofNullable(criu), directories, System.getenv());
    List<Finding> findings = Diagnosis.of(reader.read());
    boolean fails = findings.stream().anyMatch(finding -> finding.level() == Level.FAIL);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> all = Map.of("ok", !fails, "findings", findings);
      out.println(new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all));
    } else {
      findings.forEach(finding -> print(out, finding));
    }
    out.flush();
    return fails ? ExitCode.DIFFERENT : 0;
  }

  private static void print(PrintWriter out, Finding finding) {
    String level = finding.level().name().toLowerCase(Locale.ROOT);
    out.printf("%-5s %-22s %s%n", level, finding.subject(), finding.says());
    if (!finding.remedy().isEmpty()) {
      out.printf("%-28s -> %s%n", "", finding.remedy());
    }
  }
}
