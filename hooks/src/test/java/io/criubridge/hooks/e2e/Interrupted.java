// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command that is interrupted while CRIU waits for a program of its own, {@code
 * iptables-restore}, which therefore is one of the test's.
 */
final class Interrupted {
  private final Lab lab;
  private final Process process;

  private Interrupted(Lab lab, Process process) {
    this.lab = lab;
    this.process = process;
  }

  /** Starts a command, and gives it an interruption when CRIU waits. */
  static Interrupted start(Lab lab, List<String> command) throws IOException {
    Path programs = Files.createDirectory(lab.path("programs"));
    Path waits = programs.resolve("iptables-restore");
    Files.writeString(
        waits,
        "#!/bin/sh\n: >%1$s/waits\nwhile [ ! -e %1$s/go ]; do sleep 0.02; done\n"
                .formatted(lab.path(""))
            + "PATH=${PATH#*:}; exec iptables-restore \"$@\"\n");
    assertThat(waits.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder = lab.builder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
    builder.redirectOutput(lab.path("interrupted.output").toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Interrupted interrupted = new Interrupted(lab, builder.start());
    Lab.await("CRIU waits", () -> Files.exists(lab.path("waits")));
    lab.run("kill", "-INT", Long.toString(interrupted.process.pid())).ok();
    Lab.await("the command gives up", () -> interrupted.output().contains("giving up"));
    return interrupted;
  }

  /** Lets CRIU go on, and waits for the command. */
  int end() throws IOException, InterruptedException {
    Files.createFile(lab.path("go"));
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output()).isTrue();
    return process.exitValue();
  }

  String output() {
    return Lab.text(lab.path("interrupted.output"));
  }
}
