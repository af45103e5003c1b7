// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import io.criubridge.fixtures.BusyboxImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real podman with runc on a lab's node: its containers, images, settings and control groups are
 * of the lab alone.
 */
final class Podman implements AutoCloseable {

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private final Lab lab;
  private final String cgroup;
  private final String image;

  /**
   * Prepares podman.
   *
   * @param files of the image, beside busybox, by their paths
   */
  Podman(Lab lab, Map<String, byte[]> files) throws IOException {
    this.lab = lab;
    Path place = Files.createDirectory(lab.path("podman"));
    cgroup = "/criu-bridge-" + place.getParent().getFileName();
    // Locks in shared memory would be this machine's; and it may not raise limits.
    Files.writeString(
        place.resolve("containers.conf"),
        """
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        netns = "host"
        seccomp_profile = "unconfined"
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "none"
        lock_type = "file"
        runtime = "runc"
        tmp_dir = "%1$s/tmp"
        volume_path = "%1$s/volumes"
        """
            .formatted(place));
    Files.writeString(
        place.resolve("storage.conf"),
        """
        [storage]
        driver = "overlay"
        graphroot = "%1$s/root"
        runroot = "%1$s/run"
        """
            .formatted(place));
    lab.environment("CONTAINERS_CONF", place.resolve("containers.conf").toString());
    lab.environment("CONTAINERS_STORAGE_CONF", place.resolve("storage.conf").toString());
    Path archive = place.resolve("image.tar");
    BusyboxImage.write(archive, files);
    String loaded = run("load", "--quiet", "--input", archive.toString());
    image = loaded.substring(loaded.lastIndexOf(' ') + 1).strip();
  }

  /** Runs podman to its end; gives what it said. */
  String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("podman"));
    command.addAll(List.of(arguments));
    return lab.run(command.toArray(String[]::new)).ok().output();
  }

  /**
   * Starts a container of the image.
   *
   * @param options of {@code podman run}
   * @return its id
   */
  String start(List<String> options, String... command) {
    List<String> arguments = new ArrayList<>(List.of("run", "--detach", "--cgroup-parent", cgroup));
    arguments.addAll(options);
    arguments.add(image);
    arguments.addAll(List.of(command));
    return run(arguments.toArray(String[]::new)).strip();
  }

  /** The first process of a container. */
  int pid(String container) {
    return Integer.parseInt(run("inspect", "--format", "{{.State.Pid}}", container).strip());
  }

  void removeContainers() {
    run("rm", "--force", "--all", "--time", "0");
  }

  /** Removes what is podman's outside the lab's directory. */
  @Override
  public void close() {
    removeContainers();
    // A container's monitor outlives it for a moment.
    Lab.await("no control group is in use", this::removeGroups);
  }

  private boolean removeGroups() {
    try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
      return hierarchies.map(h -> h.resolve(cgroup.substring(1))).allMatch(Podman::removed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean removed(Path top) {
    if (!Files.isDirectory(top)) {
      return true;
    }
    try (Stream<Path> groups = Files.walk(top)) {
      for (Path group :
          groups.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(group);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
