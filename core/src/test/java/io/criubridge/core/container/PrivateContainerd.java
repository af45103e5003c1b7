// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real containerd of its own, with the CRI plugin and {@link BusyboxImage}: root, state and
 * socket are in the directory given. Needs root, containerd, runc, overlayfs and a static busybox.
 */
final class PrivateContainerd implements AutoCloseable {
  private static final Path SHARED_STATE = Path.of("/run/containerd");

  private final Path directory;
  private final String cgroup;
  private final boolean hadSharedState = Files.exists(SHARED_STATE);
  private final Process server;

  private PrivateContainerd(Path directory) throws IOException {
    this.directory = directory;
    cgroup = "/criu-bridge-it-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    Path config = Files.writeString(directory.resolve("config.toml"), configuration());
    server =
        new ProcessBuilder("containerd", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("containerd.log").toFile())
            .start();
  }

  /** Starts the server and waits until it knows the image. */
  static PrivateContainerd start(Path directory) throws Exception {
    PrivateContainerd containerd = new PrivateContainerd(directory);
    try {
      containerd.awaitServer();
      Path image = directory.resolve("image.tar");
      BusyboxImage.write(image);
      containerd.ctr("images", "import", image.toString());
      return containerd;
    } catch (Exception | AssertionError failure) {
      containerd.close();
      throw failure;
    }
  }

  private String configuration() {
    return """
        version = 2
        root = "%1$s/root"
        state = "%1$s/state"
        [grpc]
          address = "%1$s/containerd.sock"
        [plugins."io.containerd.internal.v1.opt"]
          path = "%1$s/opt"
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "%2$s"
          restrict_oom_score_adj = true
          disable_apparmor = true
          [plugins."io.containerd.grpc.v1.cri".cni]
            conf_dir = "%1$s/cni"
        """
        .formatted(directory, BusyboxImage.NAME);
  }

  private void awaitServer() throws Exception {
    for (int i = 0; i < 200 && server.isAlive(); i++) {
      if (attempt("version") == 0) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(
        "containerd does not come up: " + Files.readString(directory.resolve("containerd.log")));
  }

  Path socket() {
    return directory.resolve("containerd.sock");
  }

  /** A group for containers, which goes with the server. */
  String cgroup() {
    return cgroup;
  }

  ProcessHandle process() {
    return server.toHandle();
  }

  /** Starts a container in the namespace of Kubernetes, with labels {@code name=value}. */
  void run(String id, String... labels) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run", "--detach", "--null-io"));
    arguments.addAll(List.of("--cgroup", cgroup + "/" + id));
    for (String label : labels) {
      arguments.addAll(List.of("--label", label));
    }
    arguments.addAll(List.of(BusyboxImage.NAME, id));
    ctr(arguments.toArray(String[]::new));
  }

  /** Ends a container's process; its task stays, stopped. */
  void stop(String id) throws Exception {
    ctr("tasks", "kill", "--signal", "SIGKILL", id);
    while (!ctr("tasks", "list")
        .lines()
        .filter(line -> line.startsWith(id))
        .allMatch(line -> line.endsWith("STOPPED"))) {
      Thread.sleep(20);
    }
  }

  /** The first process of a container, as ctr tells it. */
  int pid(String id) throws Exception {
    return ctr("tasks", "list")
        .lines()
        .map(line -> line.split("\\s+"))
        .filter(fields -> fields[0].equals(id))
        .map(fields -> Integer.parseInt(fields[1]))
        .findFirst()
        .orElseThrow();
  }

  /** Runs the client program; gives what it said. */
  String ctr(String... arguments) throws Exception {
    int status = attempt(arguments);
    String output = Files.readString(directory.resolve("ctr.out"));
    if (status != 0) {
      throw new AssertionError("ctr " + String.join(" ", arguments) + ": " + output);
    }
    return output;
  }

  /** Output goes to a file: a shim keeps a pipe open as long as it runs. */
  private int attempt(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("ctr", "--address", socket().toString(), "--namespace", "k8s.io"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(directory.resolve("ctr.out").toFile())
        .start()
        .waitFor();
  }

  /** Sends a signal that Java has no method for. */
  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start().waitFor();
  }

  @Override
  public void close() throws Exception {
    try {
      signal("CONT");
      if (server.isAlive()) {
        for (String id : ids("tasks", "list", "--quiet")) {
          attempt("tasks", "delete", "--force", id);
        }
        for (String id : ids("containers", "list", "--quiet")) {
          attempt("containers", "delete", id);
        }
      }
    } finally {
      server.destroy();
      server.waitFor();
      killShims();
      unmount();
      removeCgroup();
      if (!hadSharedState) {
        removeEmpty(SHARED_STATE);
      }
    }
  }

  private List<String> ids(String... arguments) throws Exception {
    return ctr(arguments).lines().filter(line -> !line.isBlank()).toList();
  }

  /** None is left if the containers could be deleted. */
  private void killShims() {
    ProcessHandle.allProcesses()
        .filter(
            process ->
                process.info().arguments().stream()
                    .flatMap(Stream::of)
                    .anyMatch(argument -> argument.equals(socket().toString())))
        .forEach(
            shim -> {
              shim.descendants().forEach(ProcessHandle::destroyForcibly);
              shim.destroyForcibly();
            });
  }

  private void unmount() throws Exception {
    List<String> points =
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .map(line -> line.split(" ")[1])
            .filter(point -> point.startsWith(directory + "/"))
            .sorted(Comparator.reverseOrder())
            .toList();
    for (String point : points) {
      new ProcessBuilder("umount", "--lazy", point).start().waitFor();
    }
  }

  private void removeCgroup() throws IOException {
    removeEmpty(Path.of("/sys/fs/cgroup" + cgroup));
    try (DirectoryStream<Path> hierarchies =
        Files.newDirectoryStream(Path.of("/sys/fs/cgroup"), Files::isDirectory)) {
      for (Path hierarchy : hierarchies) {
        removeEmpty(hierarchy.resolve(cgroup.substring(1)));
      }
    }
  }

  private static void removeEmpty(Path top) throws IOException {
    if (Files.notExists(top)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(top)) {
      for (Path path : tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
        new ProcessBuilder("rmdir", path.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .onExit()
            .join();
      }
    }
  }
}
