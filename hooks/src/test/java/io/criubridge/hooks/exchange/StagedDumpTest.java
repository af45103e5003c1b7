// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import static io.criubridge.hooks.exchange.ArchiveToImport.add;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that a restore would refuse, and an import does. */
class StagedDumpTest {

  @TempDir private Path place;
  private ArchiveToImport archive;

  @BeforeEach
  void choosePlaces() throws IOException {
    archive = ArchiveToImport.below(place);
  }

  private static String status(String result) {
    return "{\"dump\": {\"result\": \"" + result + "\", \"reason\": \"no room\", \"phases\": []}}";
  }

  @Test
  void dumpThatItsStatusCallsFailed_isRefused() throws IOException {
    archive.write(tar -> add(tar, "checkpoint/bridge-status.json", status("failed")));
    archive.assertRefused("its dump failed: no room; make another one");
    archive.write(tar -> add(tar, "checkpoint/bridge-status.json", status("running")));
    archive.assertRefused("its dump failed");
    archive.write(tar -> add(tar, "checkpoint/bridge-status.json", "torn"));
    archive.assertRefused("not the status file of criu-bridge");
    archive.write(tar -> add(tar, "checkpoint/bridge-status.json", status("complete")));
    assertThat(archive.read().ignored()).containsExactly("checkpoint/bridge-status.json");
    assertThat(archive.destination().resolve("bridge-status.json")).doesNotExist();
  }

  @Test
  void dumpThatItsLogCallsFailed_isRefused() throws IOException {
    String cause = "(00.1) Error (criu/sk-inet.c:1): inet: Connected TCP socket\n";
    String failed = "(00.2) Error (criu/cr-dump.c:2): Dumping FAILED.\n";
    String succeeded = "(00.2) Dumping finished successfully\n";
    archive.write(tar -> add(tar, "dump.log", "x".repeat(1 << 20) + "\n" + cause + failed));
    archive.assertRefused("its dump failed: inet: Connected TCP socket (criu/sk-inet.c:1)");
    // A name in the log that looks like CRIU's verdict is not the last that it says.
    archive.write(tar -> add(tar, "dump.log", cause + failed + succeeded));
    archive.read();
    assertThat(archive.destination().resolve("manifest.yaml")).exists();
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
        .isThrownBy(() -> CheckpointImport.read(source, archive.destination()))
        .withMessageContaining(source + " is not a checkpoint, its dump failed: no room");
    Files.delete(source.resolve("bridge-status.json"));
    Files.createSymbolicLink(source.resolve("parent"), Path.of("../before"));
    assertThatIOException()
        .isThrownBy(() -> CheckpointImport.read(source, archive.destination()))
        .withMessageContaining("increment to an earlier one");
    assertThat(archive.destination().getParent()).isEmptyDirectory();
  }

  @Test
  void imagesThatAreNotWhole_areRefused() throws IOException {
    archive.write(
        "4.2.1/container", name -> false, tar -> add(tar, "pstree.img", "beside, not below"));
    archive.assertRefused("holds no images of CRIU");
    archive.write("4.2.1/container", name -> !name.equals("inventory.img"), tar -> {});
    archive.assertRefused("has no inventory.img");
    archive.write("4.2.1/container", name -> !name.startsWith("core-"), tar -> {});
    archive.assertRefused("core-");
    archive.write("4.2.1/incremental-1", name -> true, tar -> {});
    archive.assertRefused("a pre-dump, which holds memory alone");
  }

  @Test
  void imagesThatAreNotWhole_areRefusedUnderAManifestOfOurs() throws IOException {
    String manifest =
        Files.readString(Path.of("src/test/resources/exchange/manifest.yaml"))
            .replaceAll("(?s)  artefacts:.*", "  artefacts: []\n");
    archive.write("4.2.1/container", name -> false, tar -> add(tar, "manifest.yaml", manifest));
    archive.assertRefused("holds no images of CRIU");
  }

  @Test
  void increment_isRefusedWithOrWithoutItsLink() throws IOException {
    archive.write("4.2.1/incremental", name -> true, tar -> {});
    archive.assertRefused("pagemap-233.img): the dump is an increment to an earlier one");
    archive.write(
        tar -> {
          TarArchiveEntry entry = new TarArchiveEntry("checkpoint/parent", TarConstants.LF_SYMLINK);
          entry.setLinkName("../pre-checkpoint");
          tar.putArchiveEntry(entry);
          tar.closeArchiveEntry();
        });
    archive.assertRefused("checkpoint/parent: the dump is an increment to an earlier one");
  }
}
