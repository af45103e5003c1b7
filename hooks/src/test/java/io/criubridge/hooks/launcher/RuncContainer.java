// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real container: overlay root, runc's default mounts, a bind mount of the host at {@code /vol1},
 * namespaces of its own, the fixture workload as PID 1.
 */
final class RuncContainer implements AutoCloseable {
  /** A line of the container's mountinfo. Source: proc_pid_mountinfo(5). */
  record Mount(int id, String root, String point, String type) {}

  private final Path directory;
  private final String name;
  private final Path output;
  private boolean mounted;

  private RuncContainer(Path directory, Path output) {
    this.directory = directory;
    this.name = "criu-bridge-it-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    this.output = output;
  }

  /** Starts it in the directory with its stdout and stderr on that file of the host. */
  static RuncContainer start(Path directory, Path workload, Path output) throws Exception {
    RuncContainer container = new RuncContainer(directory, output);
    try {
      container.mountRoot(workload);
      container.writeSpec();
      container.runc("run", "-d", "--pid-file", "pid");
      container.awaitCount(1);
      return container;
    } catch (Exception | AssertionError failure) {
      container.close();
      throw failure;
    }
  }

  private void mountRoot(Path workload) throws Exception {
    for (String made : List.of("upper", "work", "rootfs", "vol1", "lower/data", "lower/vol1")) {
      Files.createDirectories(directory.resolve(made));
    }
    Path lower = directory.resolve("lower");
    for (String made : List.of("proc", "sys", "dev", "app")) {
      Files.createDirectory(lower.resolve(made));
    }
    Files.copy(workload, lower.resolve("workload"));
    Files.createFile(lower.resolve("app/removed"));
    Files.createFile(directory.resolve("vol1/of-the-host"));
    String options = "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work";
    host("mount", "-t", "overlay", "overlay", "-o", options.formatted(directory), root());
    mounted = true;
  }

  private void writeSpec() throws Exception {
    host("sh", "-c", "cd " + directory + " && runc spec");
    Path file = directory.resolve("config.json");
    JsonObject spec = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    JsonObject process = spec.getAsJsonObject("process");
    process.addProperty("terminal", false);
    JsonArray arguments = new JsonArray();
    arguments.add("/workload");
    process.add("args", arguments);
    process.remove("rlimits"); // raising one needs CAP_SYS_RESOURCE
    spec.getAsJsonObject("root").addProperty("readonly", false);
    JsonObject volume =
        JsonParser.parseString("{destination: '/vol1', type: 'bind', options: ['rbind', 'rw']}")
            .getAsJsonObject();
    volume.addProperty("source", volume().toString());
    spec.getAsJsonArray("mounts").add(volume);
    JsonObject annotations = new JsonObject();
    annotations.addProperty("org.criu.config", criuConfig().toString());
    spec.add("annotations", annotations);
    Files.createFile(criuConfig());
    Files.writeString(file, new Gson().toJson(spec));
  }

  private void runc(String verb, String... options) throws Exception {
    runc(Map.of(), verb, options);
  }

  /** Runs {@code runc VERB OPTIONS NAME} in the bundle. */
  void runc(Map<String, String> environment, String verb, String... options) throws Exception {
    String command =
        "cd %s && exec runc --root %s/runc %s %s %s </dev/null >>%s 2>&1"
            .formatted(directory, directory, verb, String.join(" ", options), name, output);
    NativePrograms.mustSucceed(NativePrograms.run(environment, List.of("sh", "-c", command)));
  }

  private static void host(String... command) throws Exception {
    NativePrograms.mustSucceed(NativePrograms.run(Map.of(), List.of(command)));
  }

  /** The configuration that runc has CRIU read. */
  Path criuConfig() {
    return directory.resolve("criu.conf");
  }

  String root() {
    return directory.resolve("rootfs").toString();
  }

  Path volume() {
    return directory.resolve("vol1");
  }

  Path output() {
    return output;
  }

  int pid() throws IOException {
    return Integer.parseInt(Files.readString(directory.resolve("pid")).trim());
  }

  /** What the workload has counted. */
  long count() throws IOException {
    Path file = directory.resolve("upper/data/count");
    String text = Files.exists(file) ? Files.readString(file).trim() : "";
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  void awaitCount(long wanted) throws Exception {
    long end = System.nanoTime() + 20_000_000_000L;
    while (count() < wanted) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the workload stands still at " + count());
      }
      Thread.sleep(5);
    }
  }

  static List<Mount> mounts(int pid) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/mountinfo"))) {
      String[] fields = line.split(" ");
      String type = line.substring(line.indexOf(" - ") + 3).split(" ")[0];
      mounts.add(new Mount(Integer.parseInt(fields[0]), fields[3], fields[4], type));
    }
    return mounts;
  }

  /** Those CRIU does not dump by itself: the host's cgroup trees and the volume. */
  List<Mount> foreignMounts() throws IOException {
    return mounts(pid()).stream()
        .filter(mount -> mount.type().startsWith("cgroup") || mount.point().equals("/vol1"))
        .toList();
  }

  /** The name by which CRIU knows the open file: mount id and inode, in hexadecimal. */
  String fileKey(int fd) throws IOException {
    Path proc = Path.of("/proc/" + pid());
    try (Stream<String> info = Files.lines(proc.resolve("fdinfo/" + fd))) {
      String line = info.filter(text -> text.startsWith("mnt_id:")).findFirst().orElseThrow();
      Object inode = Files.getAttribute(proc.resolve("fd/" + fd), "unix:ino");
      return "file[%x:%x]".formatted(Integer.parseInt(line.substring(7).trim()), (Long) inode);
    }
  }

  @Override
  public void close() throws Exception {
    if (Files.exists(directory.resolve("runc"))) {
      runc("delete", "-f");
    }
    if (mounted) {
      host("umount", root());
    }
  }
}
