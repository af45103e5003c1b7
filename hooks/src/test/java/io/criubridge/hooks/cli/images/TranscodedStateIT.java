// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The programs of the recorded sets are after a restore, from images that went through JSON, what
 * the kernel said of them before the dump. Needs root, gcc, iproute2 and both CRIUs.
 */
class TranscodedStateIT {
  /** Lines that are the same for one program only as long as it is not restored. */
  private static final Pattern OF_THE_RUN =
      Pattern.compile("(mnt_id|ino|it_value|eventfd-id|Pid|NSpid|settime flags|PPid):.*");

  private static final Pattern NUMBERS_OF_OBJECTS =
      Pattern.compile(
          "(?<=\\[)\\d+(?=])| (ino|sdev|pos|fhandle-\\w+|f_handle):\\s*\\S+|0x[0-9a-f]{7,}");

  @TempDir private Path place;

  @ParameterizedTest
  @CsvSource({
    // CRIU before 4.2 cannot dump a TCP socket on Linux 6.16 and later: an option of it is gone.
    "/opt/criu4/bin/criu,   '',       ''",
    "/opt/criu4.2/bin/criu, '',       internet",
    "/opt/criu4.2/bin/criu, --pretty, internet",
  })
  void kernelsFilesTimersSignalsAndSockets_areTheSame(String criu, String form, String internet)
      throws Exception {
    try (ProgramUnderCriu kinds = new ProgramUnderCriu(place, criu, "kinds")) {
      List<String> namespaces = List.of("--ipc", "--net", "--uts");
      kinds.start(namespaces, words(place.toString(), internet));
      kinds.await(place.resolve("ready"));
      Map<String, String> before = state(kinds);
      assertThat(before).containsKeys("0 timers").hasSizeGreaterThan(12);
      Path again = dumpAndTranscode(kinds, form, "--tcp-established", "--file-locks");
      kinds.restore(again, "--tcp-established", "--file-locks");
      assertThat(state(kinds)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @CsvSource({"/opt/criu4/bin/criu, ''", "/opt/criu4.2/bin/criu, --pretty"})
  void processesThreadsAndQueues_areTheSame(String criu, String form) throws Exception {
    try (ProgramUnderCriu menagerie = new ProgramUnderCriu(place, criu, "menagerie")) {
      menagerie.start(List.of("--ipc", "--net"), place.toString());
      menagerie.await(place.resolve("ready"));
      Map<String, String> before = state(menagerie);
      assertThat(before.values())
          .anySatisfy(status -> assertThat(status).contains("State:\tT (stopped)"))
          .anySatisfy(status -> assertThat(status).contains("State:\tZ (zombie)"));
      Path again = dumpAndTranscode(menagerie, form);
      menagerie.restore(again);
      assertThat(state(menagerie)).isEqualTo(before);
    }
  }

  private Path dumpAndTranscode(ProgramUnderCriu program, String form, String... options)
      throws Exception {
    Path images = Files.createDirectory(place.resolve("images"));
    Path again = place.resolve("again");
    program.dump(images, options);
    TranscodedSet.move(images, again, words(form));
    return again;
  }

  /** What the kernel says of all that a program has, by process and what it is of. */
  private Map<String, String> state(ProgramUnderCriu program) throws Exception {
    Map<String, String> state = new TreeMap<>();
    List<ProcessHandle> processes = program.processes();
    for (int i = 0; i < processes.size(); i++) {
      Path proc = Path.of("/proc", Long.toString(processes.get(i).pid()));
      state.put(i + " status", status(proc));
      state.put(i + " timers", lines(proc.resolve("timers")));
      try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
        for (Path file : files.toList()) {
          String info = lines(proc.resolve("fdinfo").resolve(file.getFileName()));
          state.put(
              i + " file " + file.getFileName(),
              stable(Files.readSymbolicLink(file) + "\n") + info);
        }
      }
    }
    state.put("sockets", sockets(program));
    return state;
  }

  private static String status(Path proc) throws IOException {
    String status = Files.readString(proc.resolve("status"), ISO_8859_1);
    // Of one that has ended, CRIU makes another which ends the same way.
    String wanted =
        status.contains("State:\tZ")
            ? "(Name|State):.*"
            : "(Name|State|Threads|Uid|Gid|(Sig|Shd)(Pnd|Blk|Ign|Cgt)):.*";
    return status
        .lines()
        .filter(line -> line.matches(wanted))
        // All of these sleep, but for a moment when CRIU has just let them go.
        .map(line -> line.equals("State:\tR (running)") ? "State:\tS (sleeping)" : line)
        .collect(joining("\n"));
  }

  private static String lines(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (String line : Files.readAllLines(file, ISO_8859_1)) {
      if (!OF_THE_RUN.matcher(line).matches()) {
        text.append(stable(line)).append('\n');
      }
    }
    return text.toString();
  }

  private static String stable(String text) {
    return NUMBERS_OF_OBJECTS.matcher(text).replaceAll("");
  }

  /** Their addresses, and how much waits in them. */
  private String sockets(ProgramUnderCriu program) throws Exception {
    String pid = Long.toString(program.pid());
    String command = "nsenter -t %s -n ss -Hantu | tr -s ' ' | sort".formatted(pid);
    return program.run("sh", "-c", command);
  }

  private static String[] words(String... parts) {
    return Stream.of(parts).filter(part -> !part.isEmpty()).toArray(String[]::new);
  }
}
