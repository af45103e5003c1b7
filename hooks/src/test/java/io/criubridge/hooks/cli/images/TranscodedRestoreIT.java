// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images that went through JSON are what CRIU restores: programs say what has become of all that
 * they had. Needs root, gcc and both CRIUs.
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
  private static final String STREAMS =
      """
      inet: inet, all that was sent
      inet6: inet6, all that was sent
      """;
  private static final String SESSION =
      """
      plain: the file
      sealed: on the second page
      mapping: mapped
      seals: 6
      terminal: 100x40
      session: the leader's
      foreground: the job
      typed: typed
      """;

  @TempDir private Path place;

  @ParameterizedTest
  @CsvSource({
    // CRIU before 4.2 cannot dump a TCP socket on Linux 6.16 and later: an option of it is gone.
    "/opt/criu4/bin/criu,   '',       ''",
    "/opt/criu4.2/bin/criu, '',       internet",
    "/opt/criu4.2/bin/criu, --pretty, internet",
  })
  void program_hasAllThatItHad(String criu, String form, String internet) throws Exception {
    try (ProgramUnderCriu witness = new ProgramUnderCriu(place, criu, "witness")) {
      witness.start(List.of("--ipc"), words(place.toString(), internet));
      witness.await(place.resolve("ready"));
      witness.dump(images(), "--tcp-established", "--network-lock", "skip");
      assertThat(names(images()))
          .contains("pages-1.img", "pipes-data.img", "sk-queues.img", "ghost-file-1.img");
      TranscodedSet.move(images(), again(), words(form));
      witness.restore(again(), "--tcp-established");
      assertThat(Ran.images("stats", again().toString()).out())
          .containsPattern("(?s)^dump\n.*\nrestore\n.*  restoring +[0-9]+\\.[0-9] ms\n")
          .containsPattern("  pages restored +[1-9][0-9]*\n");
      String tcp = internet.isEmpty() ? "" : "tcp: not read yet\n";
      assertThat(answer(witness, place)).isEqualTo(ANSWER.formatted(tcp));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--pretty"})
  void streams_haveWhatIsUnderWay(String form) throws Exception {
    try (ProgramUnderCriu streams =
        new ProgramUnderCriu(place, "/opt/criu4.2/bin/criu", "streams")) {
      streams.start(List.of("--net"), place.toString());
      streams.await(place.resolve("ready"));
      streams.dump(images(), "--tcp-established");
      TranscodedSet.move(images(), again(), words(form));
      streams.restore(again(), "--tcp-established");
      assertThat(answer(streams, place)).isEqualTo(STREAMS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // CRIU before 4.2 fails in a user namespace on network settings that it cannot write there.
    "/opt/criu4/bin/criu,   '',       --fork",
    "/opt/criu4.2/bin/criu, '',       --fork --user --map-root-user",
    "/opt/criu4.2/bin/criu, --pretty, --fork --user --map-root-user",
  })
  void sessionInNamespaces_hasItsTerminal(String criu, String form, String more) throws Exception {
    Path root = Files.createDirectory(place.resolve("root"));
    Path desk = root.resolve("desk");
    for (String made : List.of("old", "proc", "dev/pts", "desk")) {
      Files.createDirectories(root.resolve(made));
    }
    try (ProgramUnderCriu session = new ProgramUnderCriu(place, criu, "session")) {
      Files.copy(session.program(), root.resolve("session"), COPY_ATTRIBUTES);
      List<String> namespaces =
          Stream.concat(
                  Stream.of("--mount", "--pid", "--ipc", "--uts", "--net"), Stream.of(words(more)))
              .toList();
      session.start(namespaces, root.toString(), "/desk");
      session.await(desk.resolve("ready"));
      session.dump(images(), "--root", root.toString());
      assertThat(names(images())).contains("tty-data.img", "memfd.img");
      TranscodedSet.move(images(), again(), words(form));
      session.run("mount", "--bind", root.toString(), root.toString());
      try {
        session.run("mount", "--make-private", root.toString());
        session.restore(again(), "--root", root.toString());
        assertThat(answer(session, desk)).isEqualTo(SESSION);
      } finally {
        session.run("umount", root.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/opt/criu4/bin/criu", "/opt/criu4.2/bin/criu"})
  void increment_hasThePagesOfTheEarlierDump(String criu) throws Exception {
    try (ProgramUnderCriu witness = new ProgramUnderCriu(place, criu, "witness")) {
      witness.start(List.of("--ipc"), place.toString());
      witness.await(place.resolve("ready"));
      long pid = witness.pid();
      witness.dump(images());
      Path earlier = place.resolve("earlier");
      SplitDump.split(images(), place.resolve("first"), pid);
      assertThat(Ran.images("x", images().toString(), "rss").lines().get(1))
          .matches("\\d+ +\\d+ KiB +\\S+ KiB +[1-9]\\S* KiB +0 B .*");
      TranscodedSet.move(place.resolve("first"), earlier);
      Files.delete(images().resolve("parent"));
      TranscodedSet.move(images(), again());
      Files.createSymbolicLink(again().resolve("parent"), Path.of("../earlier"));
      witness.restore(again());
      assertThat(answer(witness, place)).isEqualTo(ANSWER.formatted(""));
    }
  }

  private Path images() throws IOException {
    Path images = place.resolve("images");
    return Files.exists(images) ? images : Files.createDirectory(images);
  }

  private Path again() {
    return place.resolve("again");
  }

  private static String answer(ProgramUnderCriu program, Path directory) throws IOException {
    assertThat(directory.resolve("answer")).doesNotExist();
    Files.createFile(directory.resolve("ask"));
    return program.await(directory.resolve("answer"));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** What of a command line is not empty. */
  private static String[] words(String... parts) {
    return Stream.of(parts)
        .flatMap(part -> Stream.of(part.split(" ")))
        .filter(word -> !word.isEmpty())
        .toArray(String[]::new);
  }
}
