// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code criu-bridge checkpoint} and {@code restore}, which drive CRIU over its RPC. */
class CommandIT {
  private static final String CRIU = "/opt/criu4/bin/criu";
  private static final String COMMAND = Lab.DIST.resolve("bin/criu-bridge").toString();

  private Lab lab;

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of(CRIU));
    lab.environment("CRIU", CRIU);
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  private Lab.Result bridge(String... arguments) {
    return lab.run(Stream.concat(Stream.of(COMMAND), Stream.of(arguments)).toArray(String[]::new));
  }

  private Lab.Result checkpoint(int pid, String... more) {
    return bridge(
        Stream.concat(
                Stream.of("checkpoint", "--pid", Integer.toString(pid), "-o", images().toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private Path images() {
    return lab.path("images");
  }

  /** Nothing of a run that is over is left in its directory. */
  private void assertNoRun() throws IOException {
    assertThat(lab.path("run").toFile().list()).isEmpty();
  }

  /** The processes in the control groups of a container. */
  private List<String> processesIn(String container) {
    String id = Lab.text(lab.path(container).resolve("id")).strip();
    String find = "find /sys/fs/cgroup -path '*/%s/cgroup.procs' -exec cat {} +".formatted(id);
    return lab.run("sh", "-c", find).ok().output().lines().toList();
  }

  private static JsonObject json(Lab.Result result) {
    return JsonParser.parseString(result.ok().output()).getAsJsonObject();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/opt/criu4/bin/criu", "/opt/criu4.2/bin/criu"})
  void checkpointAndRestore_carryFilesMountsAndPids(String criu) throws IOException {
    int pid = lab.startContainer("source");
    new RestoredContainer(pid).awaitCounting();

    JsonObject made = json(checkpoint(pid, "--criu", criu, "--json"));
    assertThat(made.get("processes").getAsInt()).isEqualTo(3);
    assertThat(made.get("running").getAsBoolean()).isFalse();
    assertThat(made.get("frozenMilliseconds").getAsDouble()).isPositive();
    assertThat(processesIn("source")).isEmpty();
    long counted = Long.parseLong(Lab.text(lab.path("source/upper/data/count")).strip());
    bridge("verify", images().toString()).ok();
    lab.stopContainer("source");

    Path root = lab.freshRoot("target", "source");
    JsonObject restored =
        json(
            bridge(
                "restore",
                images().toString(),
                "--root",
                root.toString(),
                "--criu",
                criu,
                "--json"));
    RestoredContainer target = new RestoredContainer(restored.get("pid").getAsInt());
    target.assertComplete();
    assertThat(target.counter()).isGreaterThanOrEqualTo(counted);
    target.awaitCounting();
    assertThat(bridge("pids", images().toString()).ok().output())
        .contains(" " + target.pid() + " ")
        .doesNotContain("gone");
    assertNoRun();
  }

  @Test
  void restore_mapsMountsAndStreams() throws IOException {
    int pid = lab.startContainer("source");
    checkpoint(pid).ok();
    lab.stopContainer("source");
    Path elsewhere = Files.createDirectory(lab.path("else,where"));
    Files.writeString(elsewhere.resolve("file"), "elsewhere");
    Files.createFile(lab.path("new-stdout"));
    Path root = lab.freshRoot("target", "source");
    JsonObject restored =
        json(
            bridge(
                "restore",
                images().toString(),
                "--root=" + root,
                "--map=/volume=" + elsewhere,
                "--map=stdout=" + lab.path("new-stdout"),
                "--json"));
    RestoredContainer target = new RestoredContainer(restored.get("pid").getAsInt());
    assertThat(target.file("/volume/file")).hasContent("elsewhere");
    assertThat(Files.readSymbolicLink(Path.of("/proc/" + target.pid() + "/fd/1")))
        .isEqualTo(lab.path("new-stdout"));
  }

  @Test
  void leaveRunning_containerGoesOn() throws IOException {
    int pid = lab.startContainer("source");
    String said = checkpoint(pid, "--leave-running", "-v").ok().output();
    assertThat(said)
        .contains("/late: lies on a file system", "pre-dump ", "post-dump ")
        .contains("checkpoint of 3 processes in " + images());
    new RestoredContainer(pid).awaitCounting();
    bridge("verify", images().toString()).ok();
  }

  @Test
  void directoryWithACheckpoint_isRefused() throws IOException {
    int pid = lab.startContainer("source");
    checkpoint(pid, "--leave-running").ok();
    Lab.Result second = checkpoint(pid, "--leave-running");
    assertThat(second.exitCode()).isEqualTo(78);
    assertThat(second.output()).contains("is not empty");
    bridge("verify", images().toString()).ok();
  }

  @Test
  void criusOwnError_isTold() throws IOException {
    Process sleep =
        new ProcessBuilder("sleep", "1000")
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    try {
      Lab.Result failed = checkpoint((int) sleep.pid());
      assertThat(failed.exitCode()).isEqualTo(71);
      assertThat(failed.output()).contains("CRIU failed: ", "session leader");
      assertThat(images().toFile().list())
          .containsExactlyInAnyOrder("dump.log", "bridge-status.json");
      assertThat(sleep.isAlive()).isTrue();
    } finally {
      sleep.destroyForcibly();
    }
  }

  @Test
  void criusErrorBeforeItHasALog_isTold() throws IOException {
    int pid = lab.startContainer("source");
    Lab.Result failed = checkpoint(pid, "--", "--no-such-option");
    assertThat(failed.exitCode()).isEqualTo(71);
    assertThat(failed.output()).contains("no-such-option");
    new RestoredContainer(pid).awaitCounting();
  }

  @Test
  void failingPhase_leavesTheContainerRunningAndNoImages() throws IOException {
    int pid = lab.startContainer("source");
    RestoredContainer source = new RestoredContainer(pid);
    Files.write(source.file("/data/large"), new byte[24 << 20]);
    lab.smallImages("images", "16m");
    Lab.Result failed = checkpoint(pid);
    assertThat(failed.exitCode()).isNotZero();
    assertThat(failed.output()).contains("No space left on device");
    assertThat(images().toFile().list())
        .containsExactlyInAnyOrder("dump.log", "bridge-status.json");
    source.awaitCounting();
    assertNoRun();
  }

  @Test
  void missingMount_isNamedBeforeAnythingStarts() throws IOException {
    int pid = lab.startContainer("source");
    checkpoint(pid).ok();
    lab.stopContainer("source");
    Path root = lab.freshRoot("target", "source");
    Files.move(lab.path("source/volume"), lab.path("moved"));
    Lab.Result failed = bridge("restore", images().toString(), "--root", root.toString());
    assertThat(failed.exitCode()).isEqualTo(78);
    assertThat(failed.output()).contains("nothing was started", "/volume");
    assertThat(lab.path("target/upper").toFile().list()).isEmpty();
  }

  /**
   * CRIU sets up its network lock when the tasks are frozen, with a program that is waited for
   * here, so that the interruption comes in the middle.
   */
  @Test
  void interruptedWhileFrozen_containerRunsOnAndNothingIsLeft() throws Exception {
    int pid = lab.startContainer("source");
    RestoredContainer source = new RestoredContainer(pid);
    source.awaitCounting();
    Interrupted command =
        Interrupted.start(
            lab, List.of(COMMAND, "checkpoint", "--pid", "" + pid, "-o", images().toString()));
    assertThat(Lab.text(Path.of("/proc/" + pid + "/stat"))).containsPattern("\\) [tT] ");
    assertThat(command.end()).isEqualTo(130);
    assertThat(command.output()).contains("giving up", "interrupted");
    assertThat(images()).doesNotExist();
    source.awaitCounting();
    assertThat(lab.run("nsenter", "-t", "" + pid, "-n", "iptables-save").ok().output())
        .doesNotContain("CRIU");
    assertNoRun();
    checkpoint(pid).ok();
  }

  @Test
  void interruptedRestore_leavesNoProcess() throws Exception {
    int pid = lab.startContainer("source");
    checkpoint(pid).ok();
    lab.stopContainer("source");
    Path root = lab.freshRoot("target", "source");
    Interrupted command =
        Interrupted.start(
            lab, List.of(COMMAND, "restore", images().toString(), "--root", root.toString()));
    assertThat(command.end()).isEqualTo(130);
    assertThat(command.output()).contains("interrupted");
    assertThat(Lab.text(images().resolve("bridge-status.json"))).contains("\"failed\"");
    assertNoRun();
    assertThat(processesIn("source")).isEmpty();

    json(bridge("restore", images().toString(), "--root", root.toString(), "--json"));
  }
}
