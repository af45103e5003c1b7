// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFile;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.files.Pipe;
import io.criubridge.images.files.ProcessFiles;
import io.criubridge.images.files.RegularFile;
import io.criubridge.images.files.UnixSocket;
import io.criubridge.images.proto.fd_types;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The views say what crit's explorers say, printed as crit prints it. */
class CritExplorerTest {

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/container", "4.2.1/container"})
  void processes_areThoseOfCrit(String name) throws IOException {
    StringBuilder text = new StringBuilder("    PID   PGID    SID   COMM\n");
    for (CheckpointedProcess process : new ImageSet(Fixtures.images(name)).processes()) {
      // The container's tree is two levels deep.
      text.append(
          "%7d%7d%7d   %s%s\n"
              .formatted(
                  process.pid(),
                  process.processGroup(),
                  process.session(),
                  process.parentPid() == 0 ? "" : "    ",
                  process.command().toStringUtf8()));
    }
    assertThat(text).hasToString(crit(name, "ps"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4.1.1/container", "4.2.1/container", "4.1.1/menagerie", "4.2.1/menagerie"})
  void files_areThoseOfCrit(String name) throws IOException {
    ImageSet set = new ImageSet(Fixtures.images(name));
    OpenFiles files = OpenFiles.read(set);
    StringBuilder text = new StringBuilder();
    for (CheckpointedProcess process : living(set)) {
      text.append(process.pid()).append('\n');
      ProcessFiles open = files.of(process);
      for (ProcessFiles.Descriptor descriptor : open.descriptors()) {
        text.append("\t%7d: %s\n".formatted(descriptor.number(), text(descriptor.file())));
      }
      text.append("\t    cwd: %s\n".formatted(text(open.workingDirectory().orElseThrow())));
      text.append("\t   root: %s\n".formatted(text(open.root().orElseThrow())));
    }
    assertThat(text).hasToString(crit(name, "fds"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4.1.1/container", "4.2.1/container", "4.1.1/menagerie", "4.2.1/menagerie"})
  void memoryMaps_areThoseOfCrit(String name) throws IOException {
    ImageSet set = new ImageSet(Fixtures.images(name));
    OpenFiles files = OpenFiles.read(set);
    StringBuilder text = new StringBuilder();
    Map<Long, Integer> segments = new HashMap<>();
    for (CheckpointedProcess process : living(set)) {
      text.append(process.pid()).append('\n');
      text.append(
          "\t%-36s    %s\n".formatted("exe", text(files.of(process).program().orElseThrow())));
      for (MemoryArea area : MemoryMap.read(set, files, process.pid()).areas()) {
        text.append(
            "\t%-36s%s%s\n"
                .formatted(
                    "%08x-%08x".formatted(area.start(), area.end()),
                    area.permissions().substring(0, 3),
                    text(area, segments)));
      }
    }
    assertThat(text).hasToString(crit(name, "mems"));
  }

  @ParameterizedTest
  @ValueSource(strings = "4.1.1/container")
  void residentSizes_areThoseOfCrit(String name) throws IOException {
    ImageSet set = new ImageSet(Fixtures.images(name));
    OpenFiles files = OpenFiles.read(set);
    for (CheckpointedProcess process : living(set)) {
      String own =
          crit(name, "rss")
              .lines()
              .dropWhile(line -> !line.equals(Integer.toString(process.pid())))
              .skip(1)
              .takeWhile(line -> !line.matches("\\d+"))
              .collect(Collectors.joining("\n"));
      long pages =
          own.lines()
              .filter(line -> line.matches("\t[0-9a-f]+ / .*"))
              .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[2]))
              .sum();
      assertThat(
              ProcessMemory.of(set, files, process.pid()).pages().stream()
                  .filter(area -> area.area().isPrivate())
                  .mapToLong(AreaPages::resident)
                  .sum())
          .isEqualTo(pages * 4096)
          .isPositive();
    }
  }

  private static List<CheckpointedProcess> living(ImageSet set) throws IOException {
    return set.processes().stream().filter(process -> !process.state().hasEnded()).toList();
  }

  private static String text(OpenFile file) {
    if (file instanceof RegularFile regular) {
      return regular.path().toStringUtf8();
    } else if (file instanceof Pipe pipe && pipe.kind() == fd_types.PIPE) {
      return "pipe[%d]".formatted(pipe.pipeId());
    } else if (file instanceof UnixSocket socket) {
      return "unix[%d (%d)]".formatted(socket.inode(), socket.peerInode());
    }
    return file.kind() + "." + file.id();
  }

  private static String text(MemoryArea area, Map<Long, Integer> segments) {
    return switch (area.kind()) {
      case PRIVATE_FILE ->
          " "
              + area.path().orElseThrow().toStringUtf8()
              + (area.fileOffset() == 0 ? "" : " + 0x%x".formatted(area.fileOffset()));
      // crit does not know of memory files, and numbers segments in the order it meets them.
      case MEMORY_FILE -> " unknown path (s)";
      case SYSTEM_V ->
          " ips[%d]"
              .formatted(segments.computeIfAbsent(area.objectId(), id -> segments.size() + 1));
      case STACK -> " [stack?]";
      case VDSO -> " [vdso]";
      case VSYSCALL -> " [vsyscall] *";
      default -> "";
    };
  }

  private static String crit(String set, String what) throws IOException {
    String file = "/crit/" + set.replace('/', '-') + "." + what;
    try (InputStream in = CritExplorerTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
