// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What CRIU waits for when it locks a container's network, the tasks being frozen, and when it
 * opens it again, its images being complete: {@code iptables-restore}, which therefore is one of
 * the test's.
 */
final class NetworkLock {

  /** The first call of a dump. */
  static final int LOCK = 1;

  /** The second one, if the container runs on. */
  static final int UNLOCK = 2;

  private NetworkLock() {}

  /** Has every command from now on do something in a call, before what the call is for. */
  static void before(Lab lab, int call, String script) throws IOException {
    Path programs = Files.createDirectory(lab.path("programs"));
    Path program = programs.resolve("iptables-restore");
    Files.writeString(
        program,
        "#!/bin/sh\necho >>%1$s/calls\nif [ $(wc -l <%1$s/calls) = %2$d ]; then\n%3$s\nfi\n"
                .formatted(programs, call, script)
            + "PATH=${PATH#*:}; exec iptables-restore \"$@\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    lab.environment("PATH", programs + ":" + System.getenv("PATH"));
  }
}
