// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CriuFailureTest {

  @TempDir private Path temp;

  private String message(String log, String answer, String standardError, int exitCode)
      throws IOException {
    Path file = temp.resolve("dump.log");
    if (!log.isEmpty()) {
      Files.writeString(file, log);
    }
    return message(file, answer, standardError, exitCode, "");
  }

  private static String message(
      Path log, String answer, String standardError, int exitCode, String beside) {
    return CriuFailure.of(log, answer, standardError, exitCode, beside).getMessage();
  }

  @Test
  void of_log_hasItsErrorsAndNotHowCriuGivesUp() throws IOException {
    String log =
        """
        (00.000001) Version: 4.1
        (00.000002) Error (criu/util.c:1533): rlimit: Can't setup RLIMIT_NOFILE for self: EPERM
        (00.000003) Error (criu/mount.c:1): no such mount
        (00.000004) pie: 17: Error (criu/pie/restorer.c:2): no such thread
        (00.000005) Error (criu/cr-dump.c:3): Dumping FAILED.
        """;
    assertThat(message(log, "answer", "error", 1))
        .isEqualTo(
            "CRIU failed: no such mount (criu/mount.c:1)\n"
                + "  no such thread (criu/pie/restorer.c:2)");
  }

  @Test
  void of_bugOfCriu_isToldHoweverMuchWasSaidBefore() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      log.append("(00.000001) Error (criu/a.c:%1$d): error %1$d\n".formatted(i));
    }
    log.append("(00.000002) Error (criu/b.c:1): BUG at criu/b.c:1\n");
    assertThat(message(log.toString(), "", "", 134))
        .contains("error 0", "BUG at criu/b.c:1", "it was ended by SIGABRT")
        .doesNotContain("error 19");
  }

  @Test
  void of_noLog_hasTheAnswer() throws IOException {
    assertThat(message("", "wrong pid\n", "error", 1)).isEqualTo("CRIU failed: wrong pid");
  }

  @Test
  void of_noLogAndNoAnswer_hasWhatItSaidFirst() throws IOException {
    assertThat(message("", "", "unknown option\nusage\n1\n2\n", 1))
        .isEqualTo("CRIU failed: unknown option\n  usage\n  1");
  }

  /** A full disk takes no log. */
  @Test
  void of_phaseThatFailedBesideIt_isToldInAnyCase() throws IOException {
    String always = "Error (criu/util.c:1533): rlimit: Can't setup RLIMIT_NOFILE for self: EPERM\n";
    String beside = "network-lock: write the archive: ENOSPC";
    assertThat(message(temp.resolve("none"), "", always, 1, beside))
        .isEqualTo("CRIU failed: network-lock: write the archive: ENOSPC");
    Path log = Files.writeString(temp.resolve("log"), "(00.01) Error (criu/bfd.c:1): flush\n");
    assertThat(message(log, "", always, 1, beside))
        .isEqualTo("CRIU failed: flush (criu/bfd.c:1)\n  network-lock: write the archive: ENOSPC");
  }

  @Test
  void of_nothingSaid_hasHowItEnded() throws IOException {
    assertThat(message("", "", "", 255)).endsWith("it ended with exit code 255 and said nothing");
    assertThat(message("", "", "", 3)).endsWith("it ended with exit code 3 and said nothing");
    assertThat(message("", "", "", 137)).isEqualTo("CRIU failed: it was ended by SIGKILL");
    assertThat(message("", "", "", 159)).endsWith("it was ended by signal 31");
  }
}
