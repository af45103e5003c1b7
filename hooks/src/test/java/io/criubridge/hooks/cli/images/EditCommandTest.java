// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ContainerRecord;
import io.criubridge.core.checkpoint.Machine;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.sys.BytePath;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an edited checkpoint goes, and what goes with it. */
class EditCommandTest {
  private static final Path CONTAINER = Fixtures.images("4.2.1/container");
  private static final String[] KEY = {"--mount-key", "/volume=elsewhere"};

  @TempDir private Path place;

  @Test
  void copy_isReplacedInOneStep() throws IOException {
    Path copy = copy(CONTAINER, "copy");
    Files.writeString(copy.resolve("left-over"), "x");
    Object before = Files.readAttributes(copy, "unix:ino").get("ino");
    assertThat(edit(CONTAINER, copy).exit()).isNotZero();
    assertThat(edit(CONTAINER, copy, "--replace").exit()).isZero();
    assertThat(Files.readAttributes(copy, "unix:ino").get("ino")).isNotEqualTo(before);
    assertThat(copy.resolve("left-over")).doesNotExist();
    assertThat(mounts(copy)).contains("elsewhere").doesNotContain("  /volume\n");
    assertThat(names(place)).containsExactly("copy");
  }

  @Test
  void checkpointThatIsEdited_isNeverReplaced() throws IOException {
    Path before = copy(CONTAINER, "before");
    Path images = copy(CONTAINER, "images");
    Files.createSymbolicLink(images.resolve("parent"), Path.of("../before"));
    Path link = Files.createSymbolicLink(place.resolve("link"), images);
    for (Path target : List.of(images, before, link)) {
      Ran ran = edit(images, target, "--replace");
      assertThat(ran.exit()).isNotZero();
      assertThat(ran.err()).contains("it stays");
    }
    assertThat(names(images)).hasSize(names(CONTAINER).size() + 1);
    assertThat(names(place)).containsExactlyInAnyOrder("before", "images", "link");
  }

  @Test
  void whatIsNoCheckpoint_isNotReplaced() throws IOException {
    Path other = Files.createDirectory(place.resolve("other"));
    Files.writeString(other.resolve("precious"), "x");
    assertThat(edit(CONTAINER, other, "--replace").err()).contains("holds no images");
    Path nested = copy(CONTAINER, "nested");
    Files.createDirectory(nested.resolve("directory"));
    assertThat(edit(CONTAINER, nested, "--replace").err()).contains("move it away first");
    assertThat(other.resolve("precious")).exists();
    assertThat(nested.resolve("directory")).exists();
  }

  @Test
  void failedEdit_leavesNothing() throws IOException {
    Path edited = place.resolve("edited");
    Ran ran =
        Ran.images("edit", CONTAINER.toString(), "-o", edited.toString(), "--mount-key", "a=b");
    assertThat(ran.err()).contains("has not");
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void changes_areCountedForPrograms() throws IOException {
    Path edited = place.resolve("edited");
    JsonObject counted = edit(CONTAINER, edited, "--json").json().getAsJsonObject();
    assertThat(counted)
        .isEqualTo(JsonParser.parseString("{mounts: 1, addresses: 0, names: 0, closed: 0}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/kinds", "4.2.1/kinds"})
  void unixSocket_isRenamedAtBothEnds(String set) {
    Path kinds = Fixtures.images(set);
    Path edited = place.resolve("edited");
    String name = "--socket-name=@abs=tract\\xff=@other\\x01=name";
    Ran wrong = Ran.images("edit", kinds.toString(), "-o", edited.toString(), name);
    assertThat(wrong.err()).contains("has not");
    JsonObject counted =
        Ran.images(
                "edit",
                kinds.toString(),
                "-o",
                edited.toString(),
                "--socket-name=@abs\\x3dtract\\xff=@other\\x01=name",
                "--json")
            .json()
            .getAsJsonObject();
    assertThat(counted.get("names").getAsInt()).isEqualTo(2);
    assertThat(Ran.images("x", edited.toString(), "sockets").out())
        .contains("LISTEN @other\\x01=name", "ESTABLISHED @other\\x01=name")
        .doesNotContain("abs=tract");
    assertThat(Ran.images("diff", kinds.toString(), edited.toString()).out())
        .contains("- unixsk stream", "+ unixsk stream");
  }

  @Test
  void target_isNewOrEmpty() throws IOException {
    Path empty = Files.createDirectory(place.resolve("empty"));
    assertThat(edit(CONTAINER, empty).exit()).isZero();
    assertThat(names(empty)).isEqualTo(names(CONTAINER));
    assertThat(edit(CONTAINER, empty).err()).contains("is there already; name a new one");
    assertThat(names(place)).containsExactly("empty");
  }

  @Test
  void failedEdit_leavesTheCopy() throws IOException {
    Path copy = copy(CONTAINER, "copy");
    List<String> before = names(copy);
    Ran ran =
        Ran.images(
            "edit", CONTAINER.toString(), "-o", copy.toString(), "--replace", "--mount-key", "a=b");
    assertThat(ran.exit()).isNotZero();
    assertThat(names(copy)).isEqualTo(before);
    assertThat(names(place)).containsExactly("copy");
  }

  @Test
  void manifest_hasTheKeysOfTheImages() throws IOException {
    Path images = copy(CONTAINER, "images");
    manifest("/volume", "/late").publish(new CheckpointLayout(images));
    Path edited = place.resolve("edited");
    assertThat(edit(images, edited).exit()).isZero();
    assertThat(CheckpointManifest.read(new CheckpointLayout(edited)))
        .isEqualTo(manifest("elsewhere", "/late"));
    assertThat(CheckpointManifest.read(new CheckpointLayout(images)))
        .isEqualTo(manifest("/volume", "/late"));
  }

  @Test
  void manifestOfTheSnapshotAgent_hasTheKeysOfTheImages() throws IOException {
    Path images = copy(CONTAINER, "images");
    String manifest =
        """
        checkpointId: of-the-agent
        createdAt: 2026-01-02T03:04:05Z
        criuDump:
          criu:
            leaveRunning: true
          extMnt:
            /here: /volume
            /late: /late
        k8s:
          containerId: abc
          pid: 42
        """;
    Files.writeString(images.resolve(CheckpointLayout.MANIFEST), manifest);
    Path edited = place.resolve("edited");
    assertThat(edit(images, edited).err()).isEmpty();
    assertThat(edited.resolve(CheckpointLayout.MANIFEST))
        .hasContent(manifest.replace("/here: /volume", "/here: elsewhere"));
  }

  @Test
  void damagedManifest_isNoReasonToForgetIt() throws IOException {
    Path images = copy(CONTAINER, "images");
    Files.writeString(images.resolve(CheckpointLayout.MANIFEST), "checkpointId: x\n");
    assertThat(edit(images, place.resolve("edited")).err()).contains(CheckpointLayout.MANIFEST);
    assertThat(place.resolve("edited")).doesNotExist();
  }

  private static Ran edit(Path from, Path to, String... more) {
    Stream<String> common = Stream.of("edit", from.toString(), "-o", to.toString());
    Stream<String> options = Stream.concat(Stream.of(KEY), Stream.of(more));
    return Ran.images(Stream.concat(common, options).toArray(String[]::new));
  }

  private static CheckpointManifest manifest(String... keys) {
    return new CheckpointManifest(
        "edited",
        Instant.EPOCH,
        new Machine("x86_64", "6.1.0", "4.2.1", "0.1.0"),
        new ContainerRecord("c", 1, "runc", Optional.empty(), Optional.empty()),
        List.of(),
        Stream.of(keys)
            .map(
                key ->
                    new MountRecord(
                        BytePath.of("/place"),
                        MountRecord.Handling.EXTERNAL,
                        MountRecord.Type.DIRECTORY,
                        "ext4",
                        Optional.of(key),
                        Optional.of("/volume"),
                        Optional.empty(),
                        "/volume"))
            .toList(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  private static String mounts(Path directory) {
    return Ran.images("x", directory.toString(), "mounts").out();
  }

  private Path copy(Path from, String name) throws IOException {
    Path to = Files.createDirectory(place.resolve(name));
    for (String file : names(from)) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
    return to;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
