// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code criu-bridge restore --into}: real containers of runc wait to be filled. */
class PlaceholderIT {
  private static final String COMMAND = Lab.DIST.resolve("bin/criu-bridge").toString();

  private Lab lab;

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of("/opt/criu4/bin/criu"));
    lab.environment("CRIU", "/opt/criu4/bin/criu");
    lab.environment("CRIU_BRIDGE_EXTERNAL_NETNS", "extNetNs");
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  private String images() {
    return lab.path("images").toString();
  }

  private Lab.Result bridge(String... arguments) {
    return lab.run(Stream.concat(Stream.of(COMMAND), Stream.of(arguments)).toArray(String[]::new));
  }

  /** Makes a checkpoint of the fixture container, with something in its shared memory. */
  private void checkpoint() throws IOException {
    int pid = lab.startContainer("source");
    RestoredContainer source = new RestoredContainer(pid);
    source.awaitCounting();
    Files.writeString(source.file("/dev/shm/of-the-source"), "shared");
    bridge("checkpoint", "--pid", "" + pid, "-o", images()).ok();
    lab.stopContainer("source");
  }

  private static RestoredContainer restored(Lab.Result result) {
    JsonObject json = JsonParser.parseString(result.ok().output()).getAsJsonObject();
    return new RestoredContainer(json.get("pid").getAsInt());
  }

  private static Object link(int pid, String name) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/" + pid + "/" + name));
  }

  private static String text(int pid, String name) {
    return Lab.text(Path.of("/proc/" + pid + "/" + name));
  }

  /** The PIDs of the processes in a container's control group. */
  private List<String> processesOf(String container) {
    String id = Lab.text(lab.path(container).resolve("id")).strip();
    String find = "find /sys/fs/cgroup -path '*/%s/cgroup.procs' -exec cat {} +".formatted(id);
    return lab.run("sh", "-c", find).ok().output().lines().distinct().toList();
  }

  private static void assertFilled(RestoredContainer target, String name) {
    assertThat(target.file("/app/state")).hasContent("v2");
    assertThat(target.file("/app/removed")).doesNotExist();
    assertThat(target.file("/app/cfg").toFile().list()).containsExactly("new");
    assertThat(target.file("/volume/file")).hasContent("volume of " + name);
    assertThat(target.file("/late/file")).hasContent("late of " + name);
    target.awaitCounting();
  }

  @ParameterizedTest
  @ValueSource(strings = {"minimal", "placeholder"})
  void processes_getTheContainersOwn(String policy) throws IOException {
    lab.environment("CRIU_BRIDGE_POLICY", policy);
    lab.environment("CRIU_BRIDGE_RUNTIME_ROOTS", lab.path("source/runc").toString());
    checkpoint();
    lab.configure("control-dir: /volume\n");
    int init = lab.startPlaceholder("one", "source");
    RestoredContainer placeholder = new RestoredContainer(init);
    Files.writeString(placeholder.file("/dev/shm/of-the-placeholder"), "own");
    String mounts = text(init, "mountinfo");

    RestoredContainer target = restored(bridge("restore", images(), "--into", "" + init, "--json"));
    assertFilled(target, "one");
    assertThat(link(target.pid(), "ns/net")).isEqualTo(link(init, "ns/net"));
    assertThat(text(target.pid(), "cgroup")).isEqualTo(text(init, "cgroup"));
    assertThat(link(target.pid(), "fd/1")).isEqualTo(link(init, "fd/1"));
    assertThat(text(target.pid(), "status")).containsPattern("NSpid:(\\s+\\d+){2}\\s+1\\n");
    assertThat(target.file("/dev/shm/of-the-source")).hasContent("shared");
    assertThat(lab.path("one/volume/restore-complete")).hasContent("done");

    assertThat(text(init, "mountinfo")).as("the container's own mounts").isEqualTo(mounts);
    assertThat(placeholder.file("/dev/shm").toFile().list()).containsExactly("of-the-placeholder");
  }

  @Test
  void containerThatEnds_takesTheProcessesWithIt() throws IOException {
    checkpoint();
    int init = lab.startPlaceholder("one", "source");
    restored(bridge("restore", images(), "--into", "" + init, "--json"));
    assertThat(processesOf("one")).hasSize(4);
    lab.run("kill", "-KILL", "" + init).ok();
    Lab.await("all have ended", () -> processesOf("one").isEmpty());
  }

  @Test
  void twoContainers_areFilledFromOneCheckpointAtOnce() throws Exception {
    checkpoint();
    lab.configure("runtime-roots: [%s, %s]\n".formatted(lab.path("a/runc"), lab.path("b/runc")));
    List<Process> commands = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      lab.startPlaceholder(name, "source");
    }
    for (String name : List.of("a", "b")) {
      String id = Lab.text(lab.path(name).resolve("id")).strip();
      commands.add(
          lab.builder(List.of(COMMAND, "restore", images(), "--into", id, "--json"))
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(lab.path(name + ".json").toFile())
              .start());
    }
    for (String name : List.of("a", "b")) {
      Process command = commands.remove(0);
      assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();
      RestoredContainer target =
          restored(new Lab.Result(command.exitValue(), Lab.text(lab.path(name + ".json")), ""));
      assertFilled(target, name);
    }
    assertThat(lab.path("run").toFile().list()).isEmpty();
  }

  @Test
  void pipesOfTheRuntime_areTheContainersOwn() throws IOException {
    lab.environment("CONTAINER_PIPES", "yes");
    checkpoint();
    int init = lab.startPlaceholder("one", "source");
    RestoredContainer target = restored(bridge("restore", images(), "--into", "" + init, "--json"));
    for (String stream : List.of("fd/1", "fd/2")) {
      assertThat(link(target.pid(), stream))
          .isEqualTo(link(init, stream))
          .asString()
          .startsWith("pipe:");
    }
  }

  /** One pipe is both streams of the fixture. */
  @Test
  void pipeThatIsMapped_isNotTheContainersToo() throws IOException {
    lab.environment("CONTAINER_PIPES", "yes");
    checkpoint();
    int init = lab.startPlaceholder("one", "source");
    Path log = Files.writeString(lab.path("log"), "of another");
    Lab.Result refused = bridge("restore", images(), "--into=" + init, "--map=stdout=" + log);
    assertThat(refused.exitCode()).isEqualTo(78);
    assertThat(refused.output()).contains("stdout, stderr was a pipe at dump", log.toString());

    Files.writeString(log, "");
    RestoredContainer target =
        restored(bridge("restore", images(), "--into=" + init, "--map=stdout=" + log, "--json"));
    assertThat(link(target.pid(), "fd/1")).isEqualTo(log);
    assertThat(link(target.pid(), "fd/2")).isEqualTo(log);
  }

  @Test
  void restoredProcesses_areDumpedAgainAndFillAnother() throws IOException {
    checkpoint();
    int first = lab.startPlaceholder("one", "source");
    RestoredContainer one = restored(bridge("restore", images(), "--into", "" + first, "--json"));
    String again = lab.path("again").toString();
    bridge("checkpoint", "--pid", "" + one.pid(), "-o", again).ok();
    int second = lab.startPlaceholder("two", "source");
    assertFilled(restored(bridge("restore", again, "--into", "" + second, "--json")), "two");
  }

  @Test
  void missingMount_isNamedAndNothingChanges() throws IOException {
    int pid = lab.startContainer("source");
    RestoredContainer source = new RestoredContainer(pid);
    Files.createDirectory(source.file("/extra"));
    lab.run(
            lab.path("tools/late-mount").toString(),
            "" + pid,
            lab.path("source/volume").toString(),
            "/extra")
        .ok();
    bridge("checkpoint", "--pid", "" + pid, "-o", images()).ok();
    lab.stopContainer("source");
    int init = lab.startPlaceholder("one", "source");
    Lab.Result failed = bridge("restore", images(), "--into", "" + init);
    assertThat(failed.exitCode()).isEqualTo(78);
    assertThat(failed.output())
        .contains("nothing was started", "/extra")
        .doesNotContain("/late", "/proc");
    assertThat(processesOf("one")).containsExactly("" + init);
    assertThat(new RestoredContainer(init).file("/app/state")).hasContent("v1");
  }

  @Test
  void criuThatFails_leavesTheContainerAsItWas() throws IOException {
    checkpoint();
    int init = lab.startPlaceholder("one", "source");
    RestoredContainer placeholder = new RestoredContainer(init);
    Files.writeString(placeholder.file("/dev/shm/of-the-placeholder"), "own");
    Files.delete(placeholder.file("/bin/workload"));
    String mounts = text(init, "mountinfo");
    Lab.Result failed = bridge("restore", images(), "--into", "" + init);
    assertThat(failed.exitCode()).isEqualTo(71);
    assertThat(failed.output()).contains("bin/workload");
    assertThat(processesOf("one")).containsExactly("" + init);
    assertThat(text(init, "mountinfo")).isEqualTo(mounts);
    assertThat(placeholder.file("/dev/shm/of-the-placeholder")).hasContent("own");
    assertThat(lab.path("run").toFile().list()).isEmpty();
  }

  @Test
  void whatIsNoContainersFirstProcess_isRefused() throws IOException {
    int pid = lab.startContainer("source");
    String later = processesOf("source").stream().filter(p -> !p.equals("" + pid)).findAny().get();
    assertNoContainer("1", "own first process");
    assertNoContainer("" + ProcessHandle.current().pid(), "a process of this machine");
    assertNoContainer(later, "of its container, and not the first one");
  }

  private void assertNoContainer(String pid, String why) {
    Lab.Result failed = bridge("restore", images(), "--into", pid);
    assertThat(failed.exitCode()).isEqualTo(78);
    assertThat(failed.output()).contains("pid " + pid, "is no container to restore into", why);
  }

  @Test
  void networkOfItsOwn_isRefused() throws IOException {
    int pid = lab.startContainer("source");
    lab.environment("CRIU_BRIDGE_EXTERNAL_NETNS", "");
    bridge("checkpoint", "--pid", "" + pid, "-o", images()).ok();
    lab.stopContainer("source");
    int init = lab.startPlaceholder("one", "source");
    Lab.Result failed = bridge("restore", images(), "--into", "" + init);
    assertThat(failed.exitCode()).isEqualTo(78);
    assertThat(failed.output()).contains("CRIU_BRIDGE_EXTERNAL_NETNS");
  }
}
