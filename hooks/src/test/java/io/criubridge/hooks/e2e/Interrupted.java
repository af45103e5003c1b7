// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command that is interrupted while CRIU locks or opens a container's network. */
final class Interrupted {
  private final Lab lab;
  private final Process process;

  private Interrupted(Lab lab, Process process) {
    this.lab = lab;
    this.process = process;
  }

  /** Starts a command, and gives it an interruption when CRIU locks the network. */
  static Interrupted start(Lab lab, List<String> command) throws IOException {
    return start(lab, NetworkLock.LOCK, command);
  }

  /** Starts a command, and gives it an interruption in one of the calls. */
  static Interrupted start(Lab lab, int call, List<String> command) throws IOException {
    NetworkLock.before(
        lab,
        call,
        ": >%1$s/waits\nwhile [ ! -e %1$s/go ]; do sleep 0.02; done".formatted(lab.path("")));
    ProcessBuilder builder = lab.builder(command).redirectErrorStream(true);
    builder.redirectOutput(lab.path("interrupted.output").toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Interrupted interrupted = new Interrupted(lab, builder.start());
    Lab.await("CRIU waits", () -> Files.exists(lab.path("waits")));
    lab.run("kill", "-INT", Long.toString(interrupted.process.pid())).ok();
    Lab.await("the command says so", () -> interrupted.output().contains("interrupted"));
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
