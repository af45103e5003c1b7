// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.criubridge.fixtures.Fixtures;
import io.criubridge.hooks.cli.Terminal;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.proto.core_entry;
import io.criubridge.images.proto.mnt_entry;
import io.criubridge.images.proto.pstree_entry;
import io.criubridge.images.proto.task_core_entry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on recorded sets, and on names that would command a terminal. */
class ImagesCommandTest {
  private static final String CONTAINER = Fixtures.images("4.2.1/container").toString();
  private static final String MENAGERIE = Fixtures.images("4.2.1/menagerie").toString();

  private static final String KINDS = Fixtures.images("4.2.1/kinds").toString();

  @TempDir private Path place;

  private static Ran run(String... arguments) {
    return Ran.images(arguments);
  }

  @Test
  void processTree_hasCommandLinesFromTheMemory() {
    Ran ran = run("x", MENAGERIE, "ps");
    assertThat(ran.exit()).isZero();
    assertThat(ran.lines()).hasSize(5);
    assertThat(ran.lines().get(0)).contains("PID", "STATE", "COMMAND");
    assertThat(ran.lines().get(1))
        .matches("7570 .* alive +2 +menagerie: /tmp/.*/menagerie /tmp/.*/zoo");
    assertThat(ran.lines().get(2)).contains("odd \\xff name: ");
    assertThat(ran.lines().get(4)).matches("7575 .* dead +1 .* menagerie");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/kinds", "4.2.1/kinds"})
  void openFiles_ofEveryKind_sayWhatTheyAre(String set) {
    Ran ran = run("x", Fixtures.images(set).toString(), "fds");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .contains("├─     3  eventfd    count 42\n")
        .contains("├─     4  eventpoll  1 watched\n")
        .contains("├─     5  signalfd   signals 0x200\n")
        .contains("├─     6  timerfd    clock 1\n")
        .contains("├─     7  inotify    1 watches\n")
        .containsPattern("├─ +8  pidfd +pid [0-9]+\n")
        .containsPattern("├─ +[0-9]+  tty +pts/0 /dev/ptmx\n")
        .containsPattern("─ +[0-9]+  unixsk +stream [0-9]+ -> none LISTEN @abs=tract\\\\xff\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/kinds", "4.2.1/kinds"})
  void sockets_haveTheirPeersAndWhatWaitsInThem(String set) {
    Ran ran = run("x", Fixtures.images(set).toString(), "sockets");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .containsPattern("inetsk  tcp 127.0.0.1:[0-9]+ -> 0.0.0.0:\\* LISTEN +0 B +0 B +[0-9]+:")
        .containsPattern("inetsk  tcp [0-9.:]+ -> [0-9.:]+ ESTABLISHED +6 B +0 B +[0-9]+:")
        .containsPattern("inetsk  tcp [0-9.:]+ -> [0-9.:]+ ESTABLISHED +12 B +0 B +[0-9]+:")
        .containsPattern("inetsk  udp6 \\[::1\\]:[0-9]+ -> \\[::\\]:\\* CLOSE")
        .containsPattern("unixsk  stream .* ESTABLISHED @abs=tract\\\\xff +13 B +0 B +[0-9]+:");
  }

  @ParameterizedTest
  @EnumSource
  void everyView_hasTextAndJson(Explore.What what) {
    for (String set : List.of(CONTAINER, MENAGERIE, KINDS)) {
      Ran text = run("x", set, what.name());
      assertThat(text.exit()).isZero();
      assertThat(text.out()).isNotBlank().doesNotContain("\u001b");
      Ran json = run("x", set, what.name(), "--json");
      assertThat(json.exit()).isZero();
      assertThat(json.out()).matches("[\\x00-\\x7e]*");
      assertThat(JsonParser.parseString(json.out()).isJsonArray()).isTrue();
    }
  }

  @Test
  void mounts_areForProgramsWithTheirBytes() {
    JsonArray mounts =
        JsonParser.parseString(run("x", CONTAINER, "mounts", "--json").out()).getAsJsonArray();
    assertThat(mounts)
        .anySatisfy(
            mount ->
                assertThat(mount.getAsJsonObject().get("externalKey").toString())
                    .isEqualTo("\"/odd-\udcff\""));
  }

  @Test
  void sockets_haveWhatWaitsAndWhoHasThem() {
    assertThat(run("x", MENAGERIE, "sockets").lines())
        .anySatisfy(line -> assertThat(line).contains("dgram", "8 B", "7570:8 7573:8 7574:8"));
  }

  @Test
  void stats_areInUnits() {
    assertThat(run("stats", CONTAINER).out()).containsPattern("frozen +\\d+\\.\\d ms");
    JsonObject json =
        JsonParser.parseString(run("stats", CONTAINER, "--json").out()).getAsJsonObject();
    assertThat(json.getAsJsonObject("dump").get("pagesWritten").getAsLong()).isPositive();
    assertThat(json.get("restore").isJsonNull()).isTrue();
  }

  @Test
  void difference_isShownAndIsAnExitCode() {
    assertThat(run("diff", CONTAINER, CONTAINER)).isEqualTo(new Ran(0, "", ""));
    Ran memory = run("diff", CONTAINER, Fixtures.images("4.1.1/container").toString());
    assertThat(memory.exit()).isEqualTo(1);
    assertThat(memory.lines().get(0)).isEqualTo("memory");
    Ran all = run("diff", MENAGERIE, CONTAINER, "--json");
    assertThat(all.exit()).isEqualTo(1);
    JsonObject sections = JsonParser.parseString(all.out()).getAsJsonObject();
    for (String section : List.of("processes", "files", "sockets", "mounts", "memory")) {
      assertThat(sections.getAsJsonArray(section)).as(section).isNotEmpty();
    }
    assertThat(run("diff", MENAGERIE, CONTAINER).out()).contains("\n- 7570  ", "\n+ 1  ");
  }

  @Test
  void memory_isSearchedPrintedAndWritten() throws IOException {
    Ran found = run("memory", CONTAINER, "1", "--search", "COUNTER-01\\n");
    assertThat(found.exit()).isZero();
    assertThat(found.out()).contains("COUNTER-01\\x0a  /dev/zero");
    String address = found.out().split(" ")[0];
    assertThat(run("memory", CONTAINER, "1", "--search", "not there").exit()).isEqualTo(1);
    assertThat(run("memory", CONTAINER, "1", "--regex", "COUNTER-\\d+", "--json").out())
        .isEqualTo(
            "[{\"address\":\"0x%s\",\"hex\":\"434f554e5445522d3031\"}]\n".formatted(address));
    assertThat(run("memory", CONTAINER, "1", "--vma", "0x" + address).out())
        .contains("4c 4f 41 44 2d 43 4f 55 4e 54 45 52 2d 30 31 0a  LOAD-COUNTER-01.");
    Path file = place.resolve("area");
    assertThat(run("memory", CONTAINER, "1", "--vma", address, "-o", file.toString()).exit())
        .isZero();
    assertThat(Files.readAllBytes(file)).hasSize(4096).startsWith("CRIU-BRIDGE".getBytes(UTF_8));
    assertThat(run("memory", CONTAINER, "1", "--vma", "7", "--search", "x").exit()).isEqualTo(2);
  }

  @Test
  void core_holdsEveryArea() throws IOException {
    Path file = place.resolve("core");
    assertThat(run("memory", CONTAINER, "1", "-o", file.toString()).exit()).isZero();
    byte[] core = Files.readAllBytes(file);
    assertThat(core).startsWith(0x7f, 'E', 'L', 'F', 2, 1, 1);
    assertThat(new String(core, ISO_8859_1))
        .contains("CRIU-BRIDGE-WORKLOAD-COUNTER-01\n", "PATH=/bin\0");
    assertThat(file).extracting(f -> f.toFile().length() % 4096).isEqualTo(0L);
  }

  @Test
  void editedSet_differsInOneMount() {
    Path to = place.resolve("to");
    assertThat(run("edit", CONTAINER, "-o", to.toString(), "--mount-key", "/odd-\\xff=k").exit())
        .isZero();
    assertThat(run("diff", CONTAINER, to.toString()).out())
        .startsWith("mounts\n~ 13 /odd-\\xff\n")
        .contains("external k");
    assertThat(run("edit", CONTAINER, "-o", to.resolve("x").toString(), "--address", "a").exit())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"files.img", "pstree.img", "mountpoints-13.img", "core-1.img", "pagemap-1.img"})
  void everyImage_isShown(String name) {
    Ran text = run("show", CONTAINER + "/" + name);
    assertThat(text.exit()).isZero();
    assertThat(text.lines().get(0)).containsPattern("^[a-z_]+ 0, at byte 8$");
    Ran json = run("show", CONTAINER + "/" + name, "--json");
    assertThat(json.json().getAsJsonObject().getAsJsonArray("entries")).isNotEmpty();
  }

  @Test
  void namesThatCommandATerminal_areEscaped() throws IOException {
    String evil = "\u001b]0;x\u0007\u001b[2J\n\u202e\u009b31m";
    hostileSet(evil);
    for (String[] arguments :
        new String[][] {
          {"x", place.toString(), "mounts"},
          {"diff", place.toString(), CONTAINER},
          {"show", place.resolve("mountpoints-1.img").toString()},
          {"show", place.resolve("core-1.img").toString()},
          {"show", place.resolve("core-1.img").toString(), "--json"},
          {"x", place.toString(), "mounts", "--json"}
        }) {
      Ran ran = run(arguments);
      assertThat(ran.out()).doesNotContain("\u001b", "\u0007", "\u202e", "\u009b");
    }
    assertThat(run("x", place.toString(), "mounts").out())
        .contains("\\x1b]0;x\\x07\\x1b[2J\\x0a\\u{202e}\\x9b31m");
  }

  @Test
  void colour_isForTerminalsOnly() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    assertThat(new Output(out, new Terminal(true, true, false)).strong("x")).isEqualTo("x");
    assertThat(new Output(out, new Terminal(true, true, true)).strong("x"))
        .isEqualTo("\u001b[1mx\u001b[0m");
  }

  private void hostileSet(String name) throws IOException {
    ByteString bytes = ByteString.copyFromUtf8(name);
    write(
        "pstree.img", pstree_entry.newBuilder().setPid(1).setPpid(0).setPgid(1).setSid(1).build());
    write(
        "core-1.img",
        core_entry
            .newBuilder()
            .setMtype(core_entry.march.X86_64)
            .setTc(
                task_core_entry
                    .newBuilder()
                    .setTaskState(2)
                    .setExitCode(0)
                    .setPersonality(0)
                    .setFlags(0)
                    .setBlkSigset(0)
                    .setCommBytes(bytes))
            .build());
    write(
        "mountpoints-1.img",
        mnt_entry
            .newBuilder()
            .setFstype(0)
            .setMntId(1)
            .setRootDev(0)
            .setParentMntId(0)
            .setFlags(0)
            .setRootBytes(bytes)
            .setMountpointBytes(bytes)
            .setSourceBytes(bytes)
            .setOptions("")
            .setFsnameBytes(bytes)
            .setExtKeyBytes(bytes)
            .build());
    assertThat(new ImageSet(place).processes()).hasSize(1);
  }

  private void write(String name, Message message) throws IOException {
    ImageType type = ImageType.ofFileName(name).orElseThrow();
    try (ImageWriter writer = new ImageWriter(Files.newOutputStream(place.resolve(name)), type)) {
      writer.write(message);
    }
  }
}
