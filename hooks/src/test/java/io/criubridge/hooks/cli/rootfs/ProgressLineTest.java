// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.rootfs.DiffProgress;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {

  private static final String TERMINAL = "criubridge.stderr.terminal";

  private final StringWriter written = new StringWriter();

  @AfterEach
  void forgetTheTerminal() {
    System.clearProperty(TERMINAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0 | 1000 | 1 | '[                        ]   0 %  0 files  0 B  0 B/s'",
        "0 | 0 | 0 | 0 | '[                        ]   0 %  0 files  0 B  0 B/s'",
        "500 | 7 | 1000 | 2 | '[############            ]  50 %  7 files  500 B  250 B/s  0:02 left'",
        "1024 | 9 | 1000 | 1 | '[########################] 100 %  9 files  1.00 KiB  1.00 KiB/s  0:00 left'",
        "1000 | 1 | 100000 | 1 | '[                        ]   1 %  1 files  1000 B  1000 B/s  1:39 left'",
      })
  void text_hasFilesBytesRateAndWhatRemains(
      long bytes, long files, long total, double seconds, String text) {
    assertThat(ProgressLine.text(bytes, files, total, seconds)).isEqualTo(text);
  }

  @Test
  void line_isShownOnATerminalAndGoneAtTheEnd() throws InterruptedException {
    System.setProperty(TERMINAL, "true");
    try (ProgressLine line = line()) {
      line.start();
      while (!written.toString().contains("files")) {
        Thread.sleep(10);
      }
    }
    assertThat(written.toString()).startsWith("\r\033[K[").endsWith("\r\033[K");
  }

  @Test
  void line_isNotShownElsewhere() {
    try (ProgressLine line = line()) {
      line.start();
    }
    assertThat(written.toString()).isEmpty();
  }

  private ProgressLine line() {
    return new ProgressLine(new PrintWriter(written), 1, new DiffProgress());
  }
}
