// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criubridge.hooks.cli.ExitCode;
import io.criubridge.hooks.cli.Terminal;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pagemap_head;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More lines than a pipe holds: how they are handed on, and what happens if they are not taken. */
class LongOutputTest {
  private static final int ENTRIES = 20_000;

  @TempDir private Path place;

  @Test
  void lines_areHandedOnManyAtOnce() {
    CountedFlushes text = new CountedFlushes();
    Output output = new Output(new PrintWriter(text, true), new Terminal(false, false, false));
    for (int i = 0; i < ENTRIES; i++) {
      output.line("a line of thirty characters ..");
    }
    assertThat(text.flushes).isBetween(1, 20);
    output.flush();
    assertThat(text.toString().lines()).hasSize(ENTRIES);
  }

  @Test
  void outputThatIsNotTaken_isAFailure() {
    Output output = new Output(new PrintWriter(new Full()), new Terminal(false, false, false));
    output.line("waits");
    assertThatThrownBy(output::flush).isInstanceOf(OutputFailure.class);
  }

  @Test
  void readerThatLeaves_endsTheCommandWithoutAWord() throws Exception {
    Process show = show(pagemap(), ProcessBuilder.Redirect.PIPE);
    try (BufferedReader lines = show.inputReader(UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("pagemap_head 0, at byte 8");
    }
    assertThat(new String(show.getErrorStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(show.waitFor()).isEqualTo(ExitCode.IO);
  }

  @Test
  void fullDisk_isTold() throws Exception {
    Process show = show(pagemap(), ProcessBuilder.Redirect.to(new File("/dev/full")));
    assertThat(new String(show.getErrorStream().readAllBytes(), UTF_8))
        .isEqualTo("criu-bridge: the standard output takes no more\n");
    assertThat(show.waitFor()).isEqualTo(ExitCode.IO);
  }

  @Test
  void damagedImage_isShownUpToTheDamage() throws Exception {
    Path image = pagemap();
    byte[] whole = Files.readAllBytes(image);
    Files.write(image, Arrays.copyOf(whole, whole.length - 1));
    Process show = show(image, ProcessBuilder.Redirect.PIPE);
    assertThat(new String(show.getInputStream().readAllBytes(), UTF_8))
        .contains("pagemap_entry %d,".formatted(ENTRIES - 1));
    assertThat(new String(show.getErrorStream().readAllBytes(), UTF_8)).contains("pagemap-1.img");
    assertThat(show.waitFor()).isEqualTo(ExitCode.DATA);
  }

  private static Process show(Path image, ProcessBuilder.Redirect output) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.criubridge.hooks.cli.Main",
                "images",
                "show",
                image.toString()))
        .redirectOutput(output)
        .start();
  }

  private Path pagemap() throws IOException {
    Path file = place.resolve("pagemap-1.img");
    try (ImageWriter image = new ImageWriter(Files.newOutputStream(file), ImageType.PAGEMAP)) {
      image.write(pagemap_head.newBuilder().setPagesId(1).build());
      for (int i = 0; i < ENTRIES; i++) {
        image.write(pagemap_entry.newBuilder().setVaddr(8192L * i).setCompatNrPages(1).build());
      }
    }
    return file;
  }

  private static final class CountedFlushes extends StringWriter {
    private int flushes;

    @Override
    public void flush() {
      flushes++;
    }
  }

  private static final class Full extends Writer {
    @Override
    public void write(char[] text, int from, int length) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
