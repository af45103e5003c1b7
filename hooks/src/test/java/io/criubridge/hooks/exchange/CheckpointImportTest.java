// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.fixtures.Fixtures;
import io.criubridge.hooks.exchange.CheckpointImport.Imported;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as engines write them, and as an enemy might. */
class CheckpointImportTest {

  @TempDir private Path place;
  private Path archive;
  private Path destination;

  @BeforeEach
  void choosePlaces() throws IOException {
    archive = place.resolve("archive.tar");
    destination = Files.createDirectory(place.resolve("below")).resolve("checkpoint");
  }

  @FunctionalInterface
  private interface Content {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  /** An archive of recorded images and more. */
  private void write(Content more) throws IOException {
    write("4.2.1/container", name -> true, more);
  }

  private void write(String dump, Predicate<String> wanted, Content more) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
        Stream<Path> images = Files.list(Fixtures.images(dump))) {
      for (Path image : images.filter(Files::isRegularFile).sorted().toList()) {
        if (wanted.test(image.getFileName().toString())) {
          add(tar, "checkpoint/" + image.getFileName(), Files.readAllBytes(image));
        }
      }
      more.write(tar);
    }
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void add(TarArchiveOutputStream tar, String name, String content)
      throws IOException {
    add(tar, name, content.getBytes(UTF_8));
  }

  private void assertRefused(String reason) throws IOException {
    assertThatIOException()
        .isThrownBy(() -> CheckpointImport.read(archive, destination))
        .withMessageContaining(reason);
    try (Stream<Path> all = Files.walk(place)) {
      assertThat(all.filter(Files::isRegularFile)).as("nothing is left").containsExactly(archive);
    }
    assertThat(destination.getParent()).isEmptyDirectory();
  }

  @Test
  void archiveOfAnEngine_becomesACheckpoint() throws IOException {
    write(
        tar -> {
          add(
              tar,
              "config.dump",
              "{\"id\": \"abc\", \"rootfsImageName\": \"localhost/i:1\","
                  + " \"checkpointedTime\": \"2026-01-02T03:04:05.6+01:00\"}");
          add(tar, "spec.dump", "{\"annotations\": {\"io.container.manager\": \"cri-o\"}}");
          add(tar, "dump.log", "(00.0) Version: 4.2.1 (gitid 0)\n");
          add(tar, "deleted.files", "[\"/app/removed\"]");
          add(
              tar,
              "bind.mounts",
              "[{\"source\": \"/srv/hosts\", \"destination\": \"/etc/hosts\","
                  + " \"file_type\": \"file\", \"permissions\": 420}]");
          add(tar, "ctr.log", "of podman");
        });
    Imported imported = CheckpointImport.read(archive, destination);
    assertThat(imported.ignored()).containsExactly("ctr.log");
    CheckpointLayout layout = new CheckpointLayout(destination);
    CheckpointManifest manifest = CheckpointManifest.read(layout);
    manifest.verify(layout);
    assertThat(manifest.checkpointId()).isEqualTo("abc-20260102T020405Z");
    assertThat(manifest.container().runtime()).isEqualTo("cri-o");
    assertThat(manifest.container().image()).hasValue("localhost/i:1");
    assertThat(manifest.machine().criuVersion()).isEqualTo("4.2.1");
    assertThat(manifest.machine().architecture()).isEqualTo("x86_64");
    assertThat(manifest.processes()).hasSize(3);
    assertThat(manifest.mounts())
        .filteredOn(mount -> mount.mountPoint().text().equals("/proc/keys"))
        .extracting(MountRecord::handling)
        .containsExactly(Handling.NATIVE);
    assertThat(Files.readString(destination.resolve("deleted-files.json")))
        .contains("app/removed")
        .doesNotContain("/app");
  }

  @Test
  void bindThatTheImagesHaveAsExternal_hasItsSource() throws IOException {
    write(
        tar ->
            add(
                tar,
                "bind.mounts",
                "[{\"source\": \"/srv/v\", \"destination\": \"/volume\", \"file_type\": \"file\"}]"));
    CheckpointImport.read(archive, destination);
    assertThat(CheckpointManifest.read(new CheckpointLayout(destination)).mounts())
        .filteredOn(mount -> mount.mountPoint().text().equals("/volume"))
        .singleElement()
        .satisfies(mount -> assertThat(mount.handling()).isEqualTo(Handling.EXTERNAL))
        .satisfies(mount -> assertThat(mount.source()).hasValue("/srv/v"))
        .satisfies(mount -> assertThat(mount.type()).isEqualTo(MountRecord.Type.FILE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../escaped",
        "checkpoint/../../escaped",
        "checkpoint/..",
        "checkpoint/manifest.yaml",
        "checkpoint/rootfs-diff.tar",
        "checkpoint/.hidden",
        "checkpoint/a b",
        "checkpoint/\u00fc.img",
        "checkpoint/pstree.img"
      })
  void name_thatNoEngineWrites_isRefused(String name) throws IOException {
    write(tar -> add(tar, name, "x"));
    assertRefused("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "etc/passwd",
        "checkpoint/criu-bridge.yaml",
        "checkpoint/sub/file",
        "stale-members.json"
      })
  void name_thatMeansNothingHere_isLeftOut(String name) throws IOException {
    write(tar -> add(tar, name, "x"));
    assertThat(CheckpointImport.read(archive, destination).ignored()).hasSize(1);
    try (Stream<Path> files = Files.list(destination)) {
      assertThat(files).noneMatch(file -> Files.isDirectory(file));
    }
    assertThat(destination.resolve("criu-bridge.yaml")).doesNotExist();
    assertThat(destination.resolve("stale-members.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_SYMLINK,
        TarConstants.LF_LINK,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_FIFO
      })
  void entryThatIsNoPlainFile_isRefused(byte type) throws IOException {
    write(
        tar -> {
          TarArchiveEntry entry = new TarArchiveEntry("checkpoint/core-9.img", type);
          entry.setLinkName("/etc/passwd");
          tar.putArchiveEntry(entry);
          tar.closeArchiveEntry();
        });
    assertRefused("is no plain file");
  }

  private static String status(String result) {
    return "{\"dump\": {\"result\": \"" + result + "\", \"reason\": \"no room\", \"phases\": []}}";
  }

  @Test
  void dumpThatItsStatusCallsFailed_isRefused() throws IOException {
    write(tar -> add(tar, "checkpoint/bridge-status.json", status("failed")));
    assertRefused("its dump failed: no room; make another one");
    write(tar -> add(tar, "checkpoint/bridge-status.json", status("running")));
    assertRefused("its dump failed");
    write(tar -> add(tar, "checkpoint/bridge-status.json", "torn"));
    assertRefused("not the status file of criu-bridge");
    write(tar -> add(tar, "checkpoint/bridge-status.json", status("complete")));
    assertThat(CheckpointImport.read(archive, destination).ignored())
        .containsExactly("checkpoint/bridge-status.json");
    assertThat(destination.resolve("bridge-status.json")).doesNotExist();
  }

  @Test
  void dumpThatItsLogCallsFailed_isRefused() throws IOException {
    String cause = "(00.1) Error (criu/sk-inet.c:1): inet: Connected TCP socket\n";
    String failed = "(00.2) Error (criu/cr-dump.c:2): Dumping FAILED.\n";
    String succeeded = "(00.2) Dumping finished successfully\n";
    write(tar -> add(tar, "dump.log", "x".repeat(1 << 20) + "\n" + cause + failed));
    assertRefused("its dump failed: inet: Connected TCP socket (criu/sk-inet.c:1)");
    // A name in the log that looks like CRIU's verdict is not the last that it says.
    write(tar -> add(tar, "dump.log", cause + failed + succeeded));
    CheckpointImport.read(archive, destination);
    assertThat(destination.resolve("manifest.yaml")).exists();
  }

  @Test
  void failedDumpInADirectory_isRefused() throws IOException {
    Path source = Files.createDirectory(place.resolve("source"));
    try (Stream<Path> images = Files.list(Fixtures.images("4.2.1/container"))) {
      for (Path image : images.toList()) {
        Files.copy(image, source.resolve(image.getFileName()));
      }
    }
    Files.writeString(source.resolve("bridge-status.json"), status("failed"));
    assertThatIOException()
        .isThrownBy(() -> CheckpointImport.read(source, destination))
        .withMessageContaining(source + " is not a checkpoint, its dump failed: no room");
    Files.delete(source.resolve("bridge-status.json"));
    Files.createSymbolicLink(source.resolve("parent"), Path.of("../before"));
    assertThatIOException()
        .isThrownBy(() -> CheckpointImport.read(source, destination))
        .withMessageContaining("increment to an earlier one");
    assertThat(destination.getParent()).isEmptyDirectory();
  }

  @Test
  void imagesThatAreNotWhole_areRefused() throws IOException {
    write("4.2.1/container", name -> false, tar -> add(tar, "pstree.img", "beside, not below"));
    assertRefused("holds no images of CRIU");
    write("4.2.1/container", name -> !name.equals("inventory.img"), tar -> {});
    assertRefused("has no inventory.img");
    write("4.2.1/container", name -> !name.startsWith("core-"), tar -> {});
    assertRefused("core-");
    write("4.2.1/incremental-1", name -> true, tar -> {});
    assertRefused("a pre-dump, which holds memory alone");
  }

  @Test
  void imagesThatAreNotWhole_areRefusedUnderAManifestOfOurs() throws IOException {
    String manifest =
        Files.readString(Path.of("src/test/resources/exchange/manifest.yaml"))
            .replaceAll("(?s)  artefacts:.*", "  artefacts: []\n");
    write("4.2.1/container", name -> false, tar -> add(tar, "manifest.yaml", manifest));
    assertRefused("holds no images of CRIU");
  }

  @Test
  void increment_isRefusedWithOrWithoutItsLink() throws IOException {
    write("4.2.1/incremental", name -> true, tar -> {});
    assertRefused("pagemap-233.img): the dump is an increment to an earlier one");
    write(
        tar -> {
          TarArchiveEntry entry = new TarArchiveEntry("checkpoint/parent", TarConstants.LF_SYMLINK);
          entry.setLinkName("../pre-checkpoint");
          tar.putArchiveEntry(entry);
          tar.closeArchiveEntry();
        });
    assertRefused("checkpoint/parent: the dump is an increment to an earlier one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.dump", "spec.dump", "bind.mounts", "manifest.yaml"})
  void textThatNeedsTooMuchMemory_isRefused(String name) throws IOException {
    write(
        tar -> {
          TarArchiveEntry entry = new TarArchiveEntry(name, true);
          entry.setSize((64 << 20) + 1);
          tar.putArchiveEntry(entry);
          byte[] part = new byte[1 << 20];
          for (int i = 0; i < 64; i++) {
            tar.write(part);
          }
          tar.write(0);
          tar.closeArchiveEntry();
        });
    assertRefused(name + ": is longer than 64 MiB");
  }

  @Test
  void archiveThatEndsEarly_isRefused() throws IOException {
    write(tar -> add(tar, "config.dump", "{}"));
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
    assertRefused("");
  }

  @Test
  void manifestOfOursWithAnotherChecksum_isRefused() throws IOException {
    write(
        tar -> {
          add(tar, "deleted.files", "[]");
          add(
              tar,
              "manifest.yaml",
              Files.readString(Path.of("src/test/resources/exchange/manifest.yaml")));
        });
    assertRefused("the checkpoint is damaged");
  }

  @Test
  void imageLayoutWithADamagedBlob_isRefused() throws IOException {
    String digest = "0".repeat(64);
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      add(tar, "index.json", "{\"manifests\": [{\"digest\": \"sha256:" + digest + "\"}]}");
      add(tar, "blobs/sha256/" + digest, "{\"layers\": []}");
    }
    assertRefused("is damaged");
  }

  @Test
  void destinationThatIsThere_isKept() throws IOException {
    write(tar -> {});
    Files.createDirectory(destination);
    assertThatIOException()
        .isThrownBy(() -> CheckpointImport.read(archive, destination))
        .withMessageContaining("is there already");
    assertThat(List.of(destination.toFile().list())).isEmpty();
  }
}
