// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands that look at containers and checkpoints, on real ones. */
class CommandsIT {

  private Lab lab;

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of("/opt/criu4/bin/criu"));
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  private Lab.Result bridge(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = Lab.DIST.resolve("bin/criu-bridge").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return lab.run(command);
  }

  @Test
  void plan_tellsWhatADumpThenDoes_andChangesNothing() throws IOException {
    int pid = lab.startContainer("source");
    lab.environment("CRIU_BRIDGE_RUNTIME_ROOTS", lab.path("source/runc").toString());
    Lab.Result plan = bridge("plan", "--pid", Integer.toString(pid)).ok();
    assertThat(plan.output())
        .contains("(runtime runc), pid " + pid + ", policy minimal")
        .contains("changed files are in " + lab.path("source/upper"))
        .containsPattern("/late +\\S+ +external +lies on a file system")
        .containsPattern("/dev/shm +tmpfs +nothing +a file system of the container's own")
        .containsPattern("stdout, stderr +external +the host's file " + lab.path("source/stdout"));
    assertThat(lab.runDirectories()).isEmpty();

    String declared = lab.dump(pid, lab.images("images")).ok().bridgeLines();
    plan.output()
        .lines()
        .filter(line -> line.contains(" external  "))
        .map(line -> line.split(" ", -1)[0])
        .filter(name -> name.startsWith("/"))
        .forEach(mount -> assertThat(declared).contains("pre-dump: " + mount + ": "));
  }

  @Test
  void plan_settingThatIsWrong_isNamed() throws IOException {
    lab.configure("policy: best\n");
    Lab.Result plan = bridge("plan", "--pid", Long.toString(ProcessHandle.current().pid()));
    assertThat(plan.exitCode()).isEqualTo(78);
    assertThat(plan.output()).contains("config.yaml:1", "minimal, placeholder");
  }

  @Test
  void pids_followARestore() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    assertThat(bridge("pids", images.toString()).ok().output())
        .containsPattern(" 1 +" + pid + " +- +not restored +workload");
    lab.stopContainer("source");
    lab.restore(images, lab.freshRoot("target", "source")).ok();
    assertThat(bridge("pids", images.toString()).ok().output())
        .containsPattern(" 1 +" + pid + " +" + lab.restoredPid() + " +running +workload");
    assertThat(Files.exists(images.resolve("pids.json"))).isTrue();
  }

  @Test
  void status_showsThePhasesOfDumpAndRestoreAsBars() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    Lab.Result none = bridge("status", images.toString());
    assertThat(none.exitCode()).isNotZero();
    assertThat(none.output()).contains("bridge-status.json: missing");

    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
    lab.restore(images, lab.freshRoot("target", "source")).ok();
    lab.awaitNoWorker();
    String number = "\\d+\\.\\d";
    assertThat(bridge("status", images.toString()).ok().output())
        .matches(
            Stream.of(
                    "dump: complete",
                    "  pre-dump +N ms  #{40}  plan N, files N, rehearsal N",
                    "  network-lock +N ms  #* +files N",
                    "  post-dump +N ms  #* +plan N, mounts N, files N, manifest N, disk N",
                    "  most memory of the worker: N MiB",
                    "",
                    "restore: complete",
                    "  plan-restore +N ms  #+ +check N, plan N",
                    "  pre-restore +N ms  #* +files N, mountpoints N",
                    "  post-restore +N ms.*",
                    "  post-resume +N ms.*",
                    "  most memory of the worker: N MiB",
                    "")
                .map(line -> line.replace("N", number))
                .collect(Collectors.joining("\n")));
    assertThat(bridge("status", "--json", images.toString()).ok().output())
        .isEqualTo(Files.readString(images.resolve("bridge-status.json")));
  }

  @Test
  void inspect_tellsAllOfACheckpoint_andWhatIsMissingHere() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.stopContainer("source");
    Files.move(lab.path("source/volume"), lab.path("elsewhere"));

    String text = bridge("inspect", images.toString()).ok().output();
    assertThat(text)
        .containsPattern("made by +CRIU 4.1.1 and criu-bridge .* x86_64, Linux ")
        .containsPattern(" 1 .* alive +1 +workload: /bin/workload")
        .containsPattern("3 B +/app/state\n")
        .containsPattern("- +deleted +/app/removed\n")
        .containsPattern("! +emptied first +/app/cfg\n")
        .containsPattern("/late +\\S+ +external +found +" + lab.path("source/late"))
        .containsPattern("/volume +\\S+ +external +missing +" + lab.path("source/volume"))
        .containsPattern("/dev/shm +tmpfs +the images\n")
        .containsPattern("stdout, stderr +stream +external +found")
        .containsPattern("rootfs-diff.tar +ok\nd")
        .containsPattern("the dump succeeded +ok\n");

    JsonObject json =
        JsonParser.parseString(bridge("inspect", "--json", images.toString()).ok().output())
            .getAsJsonObject();
    assertThat(json.keySet())
        .containsExactly(
            "checkpoint", "processes", "files", "mounts", "sockets", "memory", "checks");
    assertThat(json.getAsJsonArray("processes")).hasSize(3);

    Files.writeString(images.resolve("rootfs-diff.tar"), "x", StandardOpenOption.APPEND);
    Lab.Result damaged = bridge("inspect", images.toString());
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.output()).containsPattern("rootfs-diff.tar +.*the checkpoint is damaged");
  }
}
