// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ContainerRecord;
import io.criubridge.core.checkpoint.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code criu-bridge rootfs} on a real overlay and on archives of other tools. */
class RootfsCommandIT {

  /** Is equal for equal trees. */
  private static final String LISTING =
      "find . -printf '%p %y %m %U:%G %l ' '(' -type f -exec sh -c 'cat \"$1\"' - {} ';' ')' -o"
          + " -printf '\\n' | sort";

  @TempDir Path temp;
  private Path checkpoint;

  @BeforeEach
  void makeOverlay() throws Exception {
    checkpoint = temp.resolve("checkpoint");
    bash(
        """
        mkdir lower upper work merged target; cd lower; mkdir dir; echo 1 > dir/changed
        echo 2 > gone; echo 3 > kept; mkdir replaced; echo 4 > replaced/old; cd ..
        cp -a lower/. target
        mount -t overlay test -o "lowerdir=$PWD/lower,upperdir=$PWD/upper,workdir=$PWD/work" merged
        cd merged
        echo changed > dir/changed; rm gone; rm -r replaced; mkdir replaced; echo > replaced/new
        echo added > added; ln -s added link; mkdir left-out; : > left-out/file
        """);
  }

  @AfterEach
  void unmount() throws Exception {
    bash("umount merged");
  }

  private String bash(String script) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-euc", script)
            .directory(temp.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private CommandOutput capture(String... more) {
    String upper = temp.resolve("upper").toString();
    String merged = temp.resolve("merged").toString();
    List<String> all =
        new ArrayList<>(List.of("rootfs", "capture", "--upper", upper, "--merged", merged));
    all.addAll(List.of("--out", checkpoint.toString()));
    all.addAll(List.of(more));
    return CommandOutput.of(all.toArray(String[]::new));
  }

  private CommandOutput apply(String... more) {
    String root = temp.resolve("target").toString();
    List<String> all =
        new ArrayList<>(
            List.of("rootfs", "apply", "--checkpoint", checkpoint.toString(), "--root", root));
    all.addAll(List.of(more));
    return CommandOutput.of(all.toArray(String[]::new));
  }

  @Test
  void capturedDiff_appliedGivesTheTree() throws Exception {
    CommandOutput captured = capture("--exclude", "/left-out");
    assertThat(captured.err()).isEmpty();
    assertThat(captured.exit()).isZero();
    assertThat(captured.out())
        .contains("rootfs-diff.tar: 7 entries, ", ", 1 deleted, 1 directories replaced, 0 sockets")
        .contains("sha256 " + bash("sha256sum < checkpoint/rootfs-diff.tar").substring(0, 64));
    assertThat(bash("ls -A checkpoint").lines())
        .containsExactly(
            "deleted-files.json",
            "deleted.files",
            "image-layers.json",
            "opaque-directories.json",
            "rootfs-diff.tar");

    for (int times = 0; times < 2; times++) {
      CommandOutput applied = apply();
      assertThat(applied.err()).isEmpty();
      assertThat(applied.exit()).isZero();
      assertThat(applied.out())
          .endsWith(
              "7 entries applied, 0 kept as they were, 0 under mounts left out, 1 paths deleted\n");
    }
    bash("rm -r merged/left-out");
    assertThat(bash("cd target; " + LISTING)).isEqualTo(bash("cd merged; " + LISTING));
  }

  /** The mount table has the workdir as it was given to mount: where that is relative, nothing. */
  @Test
  void overlayWithAnIndexOfHardLinks_needsItsWorkdir() throws Exception {
    bash(
        """
        umount merged; rm -r upper work; mkdir upper work; ln lower/kept lower/dir/kept
        mount -t overlay test -o lowerdir=lower,upperdir=upper,workdir=work,index=on merged
        echo more >> merged/kept; cd target; rm -r ../target/*; cp -a ../lower/. .
        """);
    CommandOutput unknown = capture();
    assertThat(unknown.exit()).isNotZero();
    assertThat(unknown.err()).contains("index=on", "give its workdir");
    assertThat(checkpoint.resolve("rootfs-diff.tar")).doesNotExist();

    assertThat(capture("--work", temp.resolve("work").toString()).exit()).isZero();
    assertThat(apply().exit()).isZero();
    assertThat(bash("cd target; " + LISTING)).isEqualTo(bash("cd merged; " + LISTING));
    assertThat(bash("cat target/dir/kept")).isEqualTo("3\nmore\n");

    bash(
        """
        umount merged; mount -t overlay test merged \
          -o "lowerdir=$PWD/lower,upperdir=$PWD/upper,workdir=$PWD/work,index=on"
        """);
    assertThat(capture().exit()).isZero();
    assertThat(bash("tar -tf checkpoint/rootfs-diff.tar").lines()).contains("./dir/kept");
  }

  @Test
  void captureAgain_leavesNothingOfTheOneBefore() throws Exception {
    capture();
    bash("rm -r merged/*; cp -a lower/. merged");
    Files.writeString(checkpoint.resolve("stale-members.json"), "[[0,512]]");
    assertThat(capture("--exclude", "/replaced", "--exclude", "/dir").exit()).isZero();
    assertThat(bash("ls -A checkpoint").lines())
        .contains("rootfs-diff.tar")
        .doesNotContain("deleted-files.json", "stale-members.json", "opaque-directories.json");
  }

  @Test
  void existingKeep_leavesWhatIsThere() throws Exception {
    capture();
    CommandOutput applied = apply("--existing", "keep");
    assertThat(applied.exit()).isZero();
    assertThat(bash("cat target/dir/changed target/added")).isEqualTo("1\nadded\n");
  }

  @Test
  void diff_tellsWhatIsAddedAndWhatIsChanged() throws Exception {
    capture();
    CommandOutput shown = CommandOutput.of("rootfs", "diff", checkpoint.toString());
    assertThat(shown.exit()).isZero();
    assertThat(shown.lines().stream().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "! directory /replaced",
            "C 8 B /dir/changed",
            "A 6 B /added",
            "A symlink /link",
            "- /gone",
            "9 written, 15 B; 1 deleted");
    JsonObject json = diffAsJson();
    assertThat(json.get("bytes").getAsLong()).isEqualTo(15);
    assertThat(json.getAsJsonArray("entries"))
        .contains(
            entry("changed", "/dir/changed", "regular", 8),
            entry("added", "/added", "regular", 6),
            entry("deleted", "/gone", "", 0));
  }

  /** As on another node, which has another image at the same path. */
  @Test
  void diff_tellsNothingByLayersThatAreOthers() throws Exception {
    capture();
    bash("mv lower image; mkdir lower");
    CommandOutput shown = CommandOutput.of("rootfs", "diff", checkpoint.toString());
    assertThat(shown.exit()).isZero();
    assertThat(shown.err()).contains(temp.resolve("lower").toString(), "--lower");
    assertThat(diffAsJson().getAsJsonArray("entries"))
        .contains(entry("written", "/added", "regular", 6));
    assertThat(diffAsJson("--lower", temp.resolve("image").toString()).getAsJsonArray("entries"))
        .contains(
            entry("changed", "/dir/changed", "regular", 8), entry("added", "/added", "regular", 6));
  }

  private JsonObject diffAsJson(String... more) {
    List<String> command = new ArrayList<>(List.of("rootfs", "diff", "--json"));
    command.addAll(List.of(more));
    command.add(checkpoint.toString());
    return JsonParser.parseString(CommandOutput.of(command.toArray(String[]::new)).out())
        .getAsJsonObject();
  }

  private static JsonElement entry(String change, String path, String type, long bytes) {
    return JsonParser.parseString(
        "{\"change\":\"%s\",\"path\":\"%s\",\"type\":\"%s\",\"bytes\":%d}"
            .formatted(change, path, type, bytes));
  }

  /** As a first pass may have written it, with a list by hand. */
  @Test
  void staleMembers_areNeitherShownNorApplied() throws Exception {
    bash(
        """
        mkdir checkpoint; cd merged; tar -cf ../checkpoint/rootfs-diff.tar --format=ustar dir/changed
        tar --append -f ../checkpoint/rootfs-diff.tar --format=ustar added
        echo '[[0,1024]]' > ../checkpoint/stale-members.json
        """);
    assertThat(CommandOutput.of("rootfs", "diff", checkpoint.toString()).out())
        .contains("/added")
        .doesNotContain("/dir/changed");
    assertThat(apply().exit()).isZero();
    assertThat(bash("cat target/dir/changed target/added")).isEqualTo("1\nadded\n");

    Files.writeString(checkpoint.resolve("stale-members.json"), "[[0,512]]");
    CommandOutput refused = apply();
    assertThat(refused.exit()).isEqualTo(ExitCode.DATA);
    assertThat(refused.err()).contains("not a tar header", "after 0 entries");
  }

  @Test
  void checkpointOfPodmanOrCriO_isAppliedWithItsDeletedFiles() throws Exception {
    bash(
        """
        mkdir checkpoint; cd merged
        tar -cf ../checkpoint/rootfs-diff.tar added dir/changed replaced/new
        echo -n '["/gone","/absent","/replaced"]' > ../checkpoint/deleted.files
        """);
    assertThat(apply().exit()).isZero();
    assertThat(bash("cd target; ls . replaced; cat dir/changed"))
        .isEqualTo(".:\nadded\ndir\nkept\nreplaced\n\nreplaced:\nnew\nchanged\n");
  }

  @Test
  void checkpointOfContainerd_isAppliedAsALayer() throws Exception {
    bash(
        """
        mkdir -p checkpoint layer/replaced; : > layer/.wh.gone; : > layer/replaced/.wh..wh..opq
        : > layer/replaced/new; tar -C layer -czf checkpoint/rootfs-diff.tar .
        """);
    assertThat(apply().exit()).isZero();
    assertThat(bash("cd target; ls . replaced"))
        .isEqualTo(".:\ndir\nkept\nreplaced\n\nreplaced:\nnew\n");
  }

  private void publishManifest(Artefact... artefacts) throws IOException {
    new CheckpointManifest(
            "id",
            Instant.EPOCH,
            new Machine("x86_64", "6.1", "4.1.1", "0"),
            new ContainerRecord("c", 1, "runc", Optional.empty(), Optional.empty()),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of(artefacts))
        .publish(new CheckpointLayout(checkpoint));
  }

  @Test
  void withAManifest_onlyWhatItVouchesForIsApplied() throws Exception {
    capture();
    byte[] archive = Files.readAllBytes(checkpoint.resolve("rootfs-diff.tar"));
    publishManifest(Artefact.publish(checkpoint, "rootfs-diff.tar", archive));
    assertThat(apply().exit()).isZero();
    assertThat(temp.resolve("target/gone")).as("no list of deleted files was vouched for").exists();

    Files.writeString(checkpoint.resolve("stale-members.json"), "[]");
    assertThat(apply().exit()).isEqualTo(ExitCode.DATA);
    assertThat(apply().err()).contains("stale-members.json");
    Files.delete(checkpoint.resolve("stale-members.json"));

    String before = bash("cd target; echo 1 > dir/changed; rm added; " + LISTING);
    archive[600]++;
    Files.write(checkpoint.resolve("rootfs-diff.tar"), archive);
    assertThat(apply().exit()).isEqualTo(ExitCode.DATA);
    assertThat(apply().err()).contains("rootfs-diff.tar");
    publishManifest();
    assertThat(apply().exit()).isEqualTo(ExitCode.DATA);
    assertThat(apply().err()).contains("no rootfs-diff.tar");
    assertThat(bash("cd target; " + LISTING)).isEqualTo(before);
    assertThat(capture().exit()).as("over a checkpoint").isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @CsvSource({
    "--max-entries 2, 65, beyond the limit of 2",
    "--max-bytes 1024, 65, beyond the limit of 1024 bytes",
    "--existing other, 64, --existing",
    "--form zip, 64, --form",
    "--root /does/not/exist, 71, ENOENT",
    "--nothing, 64, --nothing",
  })
  void apply_thatCannotBe_saysWhy(String option, int exit, String message) {
    capture();
    List<String> words = List.of(option.split(" "));
    CommandOutput ran =
        option.startsWith("--root")
            ? CommandOutput.of(
                "rootfs", "apply", "--checkpoint", checkpoint.toString(), "--root", words.get(1))
            : apply(words.toArray(String[]::new));
    assertThat(ran.err()).contains(message);
    assertThat(ran.exit()).isEqualTo(exit);
  }

  @Test
  void commands_thatLackSomething_areRefused() {
    assertThat(CommandOutput.of("rootfs").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandOutput.of("rootfs", "capture").err())
        .contains("--upper", "--merged", "--out");
    assertThat(CommandOutput.of("rootfs", "apply").err()).contains("--checkpoint", "--root");
    CommandOutput outside = capture("--exclude", "a/../../b");
    assertThat(outside.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(outside.err()).contains("--exclude: ");
    CommandOutput none = CommandOutput.of("rootfs", "diff", temp.resolve("none").toString());
    assertThat(none.exit()).isEqualTo(ExitCode.OS_ERROR);
    assertThat(none.err()).contains("none/rootfs-diff.tar", "ENOENT");
  }
}
