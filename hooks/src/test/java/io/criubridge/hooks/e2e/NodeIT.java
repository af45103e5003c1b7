// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code runc checkpoint} and {@code runc restore} on a node, none of them told of criu-bridge. */
class NodeIT {

  private Lab lab;

  @BeforeEach
  void installOnNode() throws Exception {
    // What was there before is to go on acting.
    lab = Lab.onNode("# of this node\naction-script /usr/local/bin/of-this-node\ntcp-established");
    lab.run(
            "sh",
            "-c",
            """
            printf '#!/bin/sh\\necho "$CRTOOLS_SCRIPT_ACTION" >>/tmp/phases\\n' >/usr/local/bin/of-this-node
            chmod 755 /usr/local/bin/of-this-node
            """)
        .ok();
  }

  @AfterEach
  void removeNode() {
    lab.close();
  }

  private List<String> checkpointCommand(String container, Path images, String... more) {
    List<String> command = new ArrayList<>(runc(container));
    command.addAll(List.of("checkpoint", "--image-path", images.toString()));
    command.addAll(List.of("--work-path", lab.path(images.getFileName() + "-work").toString()));
    command.addAll(List.of(more));
    command.add(id(container));
    return command;
  }

  private List<String> runc(String container) {
    return List.of("runc", "--root", lab.path(container).resolve("runc").toString());
  }

  private String id(String container) {
    return Lab.text(lab.path(container).resolve("id")).strip();
  }

  private Path checkpoint(String container, String images, String... more) {
    Path path = lab.path(images);
    Lab.Result result = run(checkpointCommand(container, path, more));
    assertThat(result.exitCode()).as(log(path, "dump")).isZero();
    lab.awaitNoWorker();
    lab.run("criu-bridge", "verify", path.toString()).ok();
    return path;
  }

  private String log(Path images, String operation) {
    return Lab.text(lab.path(images.getFileName() + "-work").resolve(operation + ".log"));
  }

  private Lab.Result run(List<String> command) {
    return lab.run(command.toArray(String[]::new));
  }

  /** Restores into a fresh overlay of the first container's image, under the same id. */
  private RestoredContainer restore(Path images, String name, String source) throws IOException {
    lab.freshRoot(name, source);
    Files.copy(lab.path(source).resolve("config.json"), lab.path(name).resolve("config.json"));
    Files.createDirectory(lab.path(name).resolve("runc"));
    List<String> command = new ArrayList<>(runc(name));
    command.addAll(List.of("restore", "-d", "--image-path", images.toString()));
    command.addAll(List.of("--work-path", lab.path(images.getFileName() + "-work").toString()));
    command.addAll(List.of("--bundle", lab.path(name).toString(), id(source)));
    Lab.Result result = run(command);
    assertThat(result.exitCode()).as(result.output() + log(images, "restore")).isZero();
    lab.awaitNoWorker();
    return new RestoredContainer(lab.containerPid(name));
  }

  @Test
  void checkpointAndRestore_carryFilesAndLateMounts_andLeaveTheNodesSettings() throws IOException {
    lab.startContainer("source");
    Path images = checkpoint("source", "images");
    lab.stopContainer("source");
    RestoredContainer target = restore(images, "target", "source");
    target.assertComplete();
    target.awaitCounting();
    assertThat(Lab.text(lab.node().file("/tmp/phases")))
        .contains("pre-dump", "post-dump", "pre-restore", "post-resume");
    assertThat(Lab.text(lab.node().file("/etc/criu/runc.conf")))
        .startsWith("# of this node\naction-script /usr/local/bin/of-this-node\ntcp-established\n");
  }

  @Test
  void leaveRunning_isCheckpointedAgain() {
    RestoredContainer source = new RestoredContainer(lab.startContainer("source"));
    checkpoint("source", "first", "--leave-running");
    source.awaitCounting();
    checkpoint("source", "second", "--leave-running");
    source.awaitCounting();
    source.assertComplete();
  }

  @Test
  void annotation_givesAContainerSettingsOfItsOwn() throws IOException {
    lab.environment("CONTAINER_NODE_CONFIG", "");
    lab.startContainer("source");
    String hook = "/usr/local/lib/criu-bridge/bin/criu-bridge-hook";
    Files.writeString(lab.path("source/criu.conf"), "action-script " + hook + "\n");
    checkpoint("source", "images", "--leave-running");
    assertThat(lab.node().file("/tmp/phases")).as("the node's own script").doesNotExist();
  }

  @Test
  void annotationWithoutTheLine_keepsCriuBridgeOut() throws IOException {
    lab.environment("CONTAINER_NODE_CONFIG", "");
    lab.startContainer("source");
    Path images = lab.path("images");
    assertThat(run(checkpointCommand("source", images)).exitCode()).isNotZero();
    assertThat(log(images, "dump"))
        .contains("/late doesn't have a proper root mount")
        .doesNotContain("criu-bridge pre-dump");
    assertThat(images.resolve("manifest.yaml")).doesNotExist();
    assertThat(images.resolve("bridge-status.json")).doesNotExist();
  }

  @Test
  void restoredContainer_isCheckpointedTwiceMore_andLosesNothing() throws IOException {
    RestoredContainer life = new RestoredContainer(lab.startContainer("life0"));
    for (int i = 1; i <= 3; i++) {
      life.awaitCounting();
      Files.writeString(life.file("/app/of-life-" + i), "written");
      Files.createDirectories(life.file("/app/emptied/" + i));
      long counted = life.counter();
      Path images = checkpoint("life" + (i - 1), "images" + i);
      lab.stopContainer("life" + (i - 1));
      life = restore(images, "life" + i, "life0");
      life.assertComplete();
      assertThat(life.counter()).isGreaterThanOrEqualTo(counted);
      for (int j = 1; j <= i; j++) {
        assertThat(life.file("/app/of-life-" + j)).hasContent("written");
      }
      assertThat(life.file("/app/emptied").toFile().list()).containsExactly(Integer.toString(i));
      // Deleted and replaced in this life, it must not come back in the next.
      Files.delete(life.file("/app/emptied/" + i));
      Files.delete(life.file("/app/emptied"));
    }
    life.awaitCounting();
  }

  @Test
  void twoContainers_atTheSameTime() throws IOException {
    List<String> names = List.of("one", "other");
    List<Commands.Started> checkpoints = new ArrayList<>();
    for (String name : names) {
      RestoredContainer container = new RestoredContainer(lab.startContainer(name));
      Files.writeString(container.file("/app/name"), name);
    }
    for (String name : names) {
      List<String> command = checkpointCommand(name, lab.path(name + "-images"));
      checkpoints.add(lab.start(command.toArray(String[]::new)));
    }
    for (Commands.Started checkpoint : checkpoints) {
      checkpoint.end().ok();
    }
    lab.awaitNoWorker();
    for (String name : names) {
      lab.run("criu-bridge", "verify", lab.path(name + "-images").toString()).ok();
      lab.stopContainer(name);
      RestoredContainer restored = restore(lab.path(name + "-images"), name + "-restored", name);
      restored.assertComplete();
      assertThat(restored.file("/app/name")).hasContent(name);
      restored.awaitCounting();
    }
  }

  @Test
  void plainProcess_dumpedBySomebodyElse_isUntouched() throws IOException {
    Path images = lab.images("images");
    Files.createDirectory(lab.path("data"));
    Commands.Started process =
        lab.start(
            "setsid",
            lab.path("tools/workload").toString(),
            "--plain",
            "--data",
            lab.path("data").toString());
    try {
      Lab.await("the workload", () -> Lab.text(process.output()).contains("ready"));
      // As a caller does that reads runc's settings too.
      lab.criu(
              "dump",
              images,
              "-t",
              Long.toString(process.process().pid()),
              "--shell-job",
              "--config",
              "/etc/criu/runc.conf")
          .ok();
      assertThat(Lab.text(lab.node().file("/tmp/phases"))).contains("post-dump");
      assertThat(lab.runDirectories()).isEmpty();
      assertThat(images.resolve("manifest.yaml")).doesNotExist();
      assertThat(images.resolve("bridge-status.json")).doesNotExist();
      // Its PID is taken until the last of its session has been waited for.
      String session = Long.toString(process.process().pid());
      Lab.await("its session ends", () -> lab.run("ps", "-s", session).exitCode() != 0);
      lab.criu("restore", images, "--shell-job", "--config", "/etc/criu/runc.conf").ok();
      String before = Lab.text(lab.path("data/count"));
      Lab.await("it counts on", () -> !Lab.text(lab.path("data/count")).equals(before));
      lab.run("kill", "-TERM", Integer.toString(lab.restoredPid())).ok();
    } finally {
      process.process().destroyForcibly();
    }
  }
}
