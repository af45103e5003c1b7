// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * Images that went through JSON are what CRIU restores: a program says what has become of all that
 * it had. Needs root, gcc and both CRIUs.
 */
class TranscodedRestoreIT {
  private static final String ANSWER =
      """
      pages: 64
      sparse first: first
      sparse last: last
      memfd: in the memfd
      eventfd: 42
      pipe: in the pipe
      packet: one
      packet: three
      descriptor: was sent
      %ssemaphore: 7
      semaphore: 8
      semaphore: 9
      message: eight by
      message: eight
      segment: in the segment
      """;

  @TempDir private Path place;
  private long pid;

  @AfterEach
  void end() {
    if (pid > 0) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // CRIU before 4.2 cannot dump a TCP socket on Linux 6.16 and later: an option of it is gone.
    "/opt/criu4/bin/criu,   plain,    ''",
    "/opt/criu4.2/bin/criu, plain,    internet",
    "/opt/criu4.2/bin/criu, --pretty, internet",
  })
  void program_hasAllThatItHad(String criu, String form, String internet) throws Exception {
    Path images = Files.createDirectory(place.resolve("images"));
    Path again = Files.createDirectory(place.resolve("again"));
    start(internet);
    run(criu, "dump", "-t", Long.toString(pid), "-D", images.toString(), "-o", log("dump"));
    transcode(images, again, form);
    assertThat(Files.exists(place.resolve("answer"))).isFalse();
    run(criu, "restore", "-d", "-D", again.toString(), "-o", log("restore"));
    Files.createFile(place.resolve("ask"));
    String tcp = internet.isEmpty() ? "" : "tcp: not read yet\n";
    assertThat(await("answer")).isEqualTo(ANSWER.formatted(tcp));
  }

  /** Nothing of the first directory is left, so that nothing of it can be restored. */
  private void transcode(Path images, Path again, String form) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(images)) {
      files = list.toList();
    }
    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .contains("pages-1.img", "pipes-data.img", "sk-queues.img", "ghost-file-1.img");
    for (Path file : files) {
      Path json = place.resolve("json");
      List<String> decode = new ArrayList<>(List.of("decode", file.toString()));
      decode.addAll(List.of("-o", json.toString()));
      if (form.startsWith("-")) {
        decode.add(form);
      }
      images(decode.toArray(String[]::new));
      Path image = again.resolve(file.getFileName());
      images("encode", "-i", json.toString(), "-o", image.toString());
      Files.delete(json);
      Files.delete(file);
    }
    Files.delete(images);
  }

  private static void images(String... arguments) {
    assertThat(new CommandLine(new Images()).execute(arguments))
        .as(String.join(" ", arguments))
        .isZero();
  }

  /** A session of its own, and no file of the test's: what CRIU dumps without being told more. */
  private void start(String internet) throws Exception {
    Path program = place.resolve("witness");
    String source = Fixtures.path("src/main/c/witness.c").toString();
    command(
        "gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-static", "-o", program.toString(), source);
    List<String> command = new ArrayList<>(List.of("setsid", "unshare", "--ipc"));
    command.addAll(List.of(program.toString(), place.toString()));
    if (!internet.isEmpty()) {
      command.add(internet);
    }
    pid =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .pid();
    await("ready");
  }

  private String log(String verb) {
    return place.resolve(verb + ".log").toString();
  }

  private String await(String name) throws Exception {
    Path file = place.resolve(name);
    for (int i = 0; i < 200 && !Files.exists(file); i++) {
      assertThat(ProcessHandle.of(pid)).as("the program, before " + name).isPresent();
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return Files.readString(file);
  }

  private void run(String... criu) throws Exception {
    String[] options = {"--network-lock", "skip", "--tcp-established"};
    command(Stream.concat(Stream.of(criu), Stream.of(options)).toArray(String[]::new));
  }

  private void command(String... command) throws Exception {
    Path out = place.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String log = Files.readString(out);
    for (String verb : new String[] {"dump", "restore"}) {
      Path file = Path.of(log(verb));
      log += Files.exists(file) ? Files.readString(file) : "";
    }
    assertThat(process.exitValue()).as(String.join(" ", command) + "\n" + log).isZero();
  }
}
