// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code criu-bridge} in a lab, where it uses one criu and keeps a checkpoint in one directory.
 *
 * @param lab where it runs
 */
record BridgeCommand(Lab lab) {

  static final String PROGRAM =
      Lab.DIST.resolve("bin/criu-bridge").toAbsolutePath().normalize().toString();

  static BridgeCommand in(Lab lab, String criu) {
    lab.environment("CRIU", criu);
    return new BridgeCommand(lab);
  }

  Lab.Result run(String... arguments) {
    return lab.run(Stream.concat(Stream.of(PROGRAM), Stream.of(arguments)).toArray(String[]::new));
  }

  Lab.Result checkpoint(int pid, String... more) {
    return lab.run(checkpointOf(pid, more).toArray(String[]::new));
  }

  List<String> checkpointOf(int pid, String... more) {
    return Stream.concat(
            Stream.of(PROGRAM, "checkpoint", "--pid", "" + pid, "-o", images().toString()),
            Stream.of(more))
        .toList();
  }

  Path images() {
    return lab.path("images");
  }

  /** Its checkpoint is whole. */
  void assertCheckpoint() {
    run("verify", images().toString()).ok();
  }

  /** Nothing of a run that is over is left in its directory. */
  void assertNoRun() {
    assertThat(lab.path("run").toFile().list()).isEmpty();
  }

  /** The processes in the control groups of a container. */
  List<String> processesIn(String container) {
    String id = Lab.text(lab.path(container).resolve("id")).strip();
    String find = "find /sys/fs/cgroup -path '*/%s/cgroup.procs' -exec cat {} +".formatted(id);
    return lab.run("sh", "-c", find).ok().output().lines().distinct().toList();
  }

  static JsonObject json(Lab.Result result) {
    return JsonParser.parseString(result.ok().output()).getAsJsonObject();
  }
}
