// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import static io.criubridge.hooks.exchange.ArchiveToImport.add;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.core.sys.Sha256;
import io.criubridge.hooks.exchange.CheckpointImport.Imported;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.proto.mnt_entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
  private ArchiveToImport archive;

  @BeforeEach
  void choosePlaces() throws IOException {
    archive = ArchiveToImport.below(place);
  }

  @Test
  void archiveOfAnEngine_becomesACheckpoint() throws IOException {
    archive.write(
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
    Imported imported = archive.read();
    assertThat(imported.ignored()).containsExactly("ctr.log");
    CheckpointLayout layout = new CheckpointLayout(archive.destination());
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
    assertThat(Files.readString(archive.destination().resolve("deleted-files.json")))
        .contains("app/removed")
        .doesNotContain("/app");
  }

  /** As podman writes it on a node that has criu-bridge; its own lists were made later. */
  @Test
  void archiveOfAnEngine_withACheckpointOfOursAmongTheImages_isThatCheckpoint() throws IOException {
    archive.write(
        tar -> {
          add(tar, "rootfs-diff.tar", "of the engine");
          add(tar, "checkpoint/manifest.yaml", manifestWith("deleted.files", "[\"/of-ours\"]"));
          add(tar, "checkpoint/bridge-status.json", "{\"dump\": {\"result\": \"running\"}}");
          add(tar, "checkpoint/deleted.files", "[\"/of-ours\"]");
          add(tar, "deleted.files", "[\"/of-the-engine\"]");
          add(tar, "config.dump", "{\"id\": \"abc\"}");
        });
    assertThat(archive.read().ignored())
        .containsExactly("checkpoint/bridge-status.json", "deleted.files", "rootfs-diff.tar");
    CheckpointLayout layout = new CheckpointLayout(archive.destination());
    CheckpointManifest.read(layout).verify(layout);
    assertThat(layout.deletedFiles()).hasContent("[\"/of-ours\"]");
    assertThat(layout.rootfsDiff()).doesNotExist();
    assertThat(layout.status()).doesNotExist();
    assertThat(layout.directory().resolve("config.dump")).exists();
  }

  @Test
  void checkpointOfOursAmongTheImages_thatChangedOrWasWithdrawn_isRefused() throws IOException {
    String manifest = manifestWith("deleted.files", "[]");
    archive.write(
        tar -> {
          add(tar, "checkpoint/deleted.files", "[1]");
          add(tar, "checkpoint/manifest.yaml", manifest);
        });
    archive.assertRefused("the checkpoint is damaged");
    archive.write(
        tar -> {
          add(tar, "checkpoint/deleted.files", "[]");
          add(tar, "checkpoint/manifest.yaml", manifest);
          add(
              tar,
              "checkpoint/bridge-status.json",
              "{\"dump\": {\"result\": \"failed\", \"reason\": \"for a reason\", \"phases\": []}}");
        });
    archive.assertRefused("its dump failed: for a reason");
  }

  private static String manifestWith(String artefact, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    String record =
        "  artefacts:\n    - {name: %s, size: %d, sha256: %s}\n"
            .formatted(
                artefact, bytes.length, HexFormat.of().formatHex(Sha256.digest().digest(bytes)));
    return Files.readString(Path.of("src/test/resources/exchange/manifest.yaml"))
        .replaceAll("(?s)  artefacts:.*", record);
  }

  /** As podman does it for a directory that overlayfs marks opaque. */
  @Test
  void directoryThatIsCalledDeletedAndFilled_isEmptiedFirst() throws IOException {
    ByteArrayOutputStream diff = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(diff)) {
      add(tar, "app/cfg/new", "new");
      add(tar, "app/was-a-directory", "");
    }
    archive.write(
        tar -> {
          add(tar, "rootfs-diff.tar", diff.toByteArray());
          add(tar, "deleted.files", "[\"/app/cfg\", \"/app/removed\", \"/app/was-a-directory\"]");
        });
    archive.read();
    CheckpointLayout layout = new CheckpointLayout(archive.destination());
    CheckpointManifest.read(layout).verify(layout);
    assertThat(layout.deletedFilesJson()).hasContent("[\"app/removed\"]");
    assertThat(layout.deletedFiles()).hasContent("[\"/app/removed\"]");
    assertThat(layout.opaqueDirectories()).hasContent("[\"app/cfg\",\"app/was-a-directory\"]");
  }

  /** What a process has mounted for itself hides nothing of the root with the container's files. */
  @Test
  void mountsOfAnotherNamespace_areNotTheContainers() throws IOException {
    archive.write(tar -> {});
    List<MountRecord> mounts = archive.read().manifest().mounts();
    ArchiveToImport another =
        ArchiveToImport.below(Files.createDirectory(place.resolve("another")));
    mnt_entry own =
        mnt_entry
            .newBuilder()
            .setFstype(5)
            .setMntId(900)
            .setRootDev(1)
            .setParentMntId(1)
            .setFlags(0)
            .setRoot("/")
            .setMountpoint("/app")
            .setSource("tmpfs")
            .setOptions("")
            .build();
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    try (ImageWriter writer = new ImageWriter(image, ImageType.MNTS)) {
      writer.write(own);
    }
    another.write(tar -> add(tar, "checkpoint/mountpoints-99.img", image.toByteArray()));
    assertThat(another.read().manifest().mounts()).isEqualTo(mounts);
  }

  @Test
  void bindThatTheImagesHaveAsExternal_hasItsSource() throws IOException {
    archive.write(
        tar ->
            add(
                tar,
                "bind.mounts",
                "[{\"source\": \"/srv/v\", \"destination\": \"/volume\", \"file_type\": \"file\"}]"));
    archive.read();
    assertThat(CheckpointManifest.read(new CheckpointLayout(archive.destination())).mounts())
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
        "checkpoint/stale-members.json",
        "checkpoint/config.dump",
        "/etc/passwd",
        "checkpoint/.hidden",
        "checkpoint/a b",
        "checkpoint/\u00fc.img",
        "checkpoint/pstree.img"
      })
  void name_thatNoEngineWrites_isRefused(String name) throws IOException {
    archive.write(tar -> add(tar, name, "x"));
    archive.assertRefused("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etc/passwd",
        "checkpoint/criu-bridge.yaml",
        "checkpoint/sub/file",
        "stale-members.json"
      })
  void name_thatMeansNothingHere_isLeftOut(String name) throws IOException {
    archive.write(tar -> add(tar, name, "x"));
    assertThat(archive.read().ignored()).hasSize(1);
    try (Stream<Path> files = Files.list(archive.destination())) {
      assertThat(files).noneMatch(file -> Files.isDirectory(file));
    }
    assertThat(archive.destination().resolve("criu-bridge.yaml")).doesNotExist();
    assertThat(archive.destination().resolve("stale-members.json")).doesNotExist();
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
    archive.write(
        tar -> {
          TarArchiveEntry entry = new TarArchiveEntry("checkpoint/core-9.img", type);
          entry.setLinkName("/etc/passwd");
          tar.putArchiveEntry(entry);
          tar.closeArchiveEntry();
        });
    archive.assertRefused("is no plain file");
  }

  /** From the network, it would be read whole by a restore. */
  @Test
  void listOfACheckpointOfOurs_isNoLongerThanOneOfPaths() {
    assertThat(ExchangeLayout.mostBytes("stale-members.json"))
        .isEqualTo(ExchangeLayout.mostBytes("deleted-files.json"))
        .isLessThan(1L << 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.dump", "spec.dump", "bind.mounts", "manifest.yaml"})
  void textThatNeedsTooMuchMemory_isRefused(String name) throws IOException {
    archive.write(
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
    archive.assertRefused(name + ": is longer than 64 MiB");
  }

  @Test
  void archiveThatEndsEarly_isRefused() throws IOException {
    archive.write(tar -> add(tar, "config.dump", "{}"));
    byte[] whole = Files.readAllBytes(archive.file());
    Files.write(archive.file(), Arrays.copyOf(whole, whole.length / 2));
    archive.assertRefused("");
  }

  @Test
  void manifestOfOursWithAnotherChecksum_isRefused() throws IOException {
    archive.write(
        tar -> {
          add(tar, "deleted.files", "[]");
          add(
              tar,
              "manifest.yaml",
              Files.readString(Path.of("src/test/resources/exchange/manifest.yaml")));
        });
    archive.assertRefused("the checkpoint is damaged");
  }

  @Test
  void imageLayoutWithADamagedBlob_isRefused() throws IOException {
    String digest = "0".repeat(64);
    try (OutputStream out = Files.newOutputStream(archive.file());
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      add(tar, "index.json", "{\"manifests\": [{\"digest\": \"sha256:" + digest + "\"}]}");
      add(tar, "blobs/sha256/" + digest, "{\"layers\": []}");
    }
    archive.assertRefused("is damaged");
  }

  @Test
  void destinationThatIsThere_isKept() throws IOException {
    archive.write(tar -> {});
    Files.createDirectory(archive.destination());
    assertThatIOException().isThrownBy(archive::read).withMessageContaining("is there already");
    assertThat(List.of(archive.destination().toFile().list())).isEmpty();
  }
}
