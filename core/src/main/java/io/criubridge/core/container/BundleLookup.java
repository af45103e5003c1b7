// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.container.ContainerLookup.Found;
import io.criubridge.core.container.ContainerLookup.NotFound;
import io.criubridge.core.proc.CgroupHierarchy;
import io.criubridge.core.proc.CgroupOutsideException;
import io.criubridge.core.proc.ProcCgroup;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessGoneException;
import io.criubridge.core.proc.ProcessIdentity;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds the bundle of a container from its first process, in the files that containerd, CRI-O and
 * runc keep under {@code /run}; no runtime is asked. The process's cgroup only suggests an id. A
 * bundle is believed when the runtime's own note beside it names the process: the cgroup's name may
 * have been chosen by a workload.
 *
 * @param procFs where the process is looked up
 * @param hostRoot the host's root directory, {@code /} or where a privileged pod has it mounted
 * @param runcRoots state directories of runc to try before the usual ones
 */
public record BundleLookup(ProcFs procFs, Path hostRoot, List<Path> runcRoots) {
  private static final List<String> CONTAINERD_STATES =
      List.of("run/containerd", "run/k3s/containerd", "run/docker/containerd/daemon");
  private static final String RUN_STORAGE = "run/containers/storage/overlay-containers";
  private static final String LIB_STORAGE = "var/lib/containers/storage/overlay-containers";

  public BundleLookup {
    runcRoots = List.copyOf(runcRoots);
  }

  /**
   * Finds the container whose first process this is.
   *
   * @param initPid the process, as {@link #procFs} numbers it; the host's number, which the notes
   *     of the runtimes have too
   * @throws io.criubridge.core.proc.ProcessGoneException if the process has exited
   * @throws ContainerFileException if a note or a specification is damaged
   */
  public ContainerLookup find(int initPid) throws IOException {
    ProcessIdentity init = ProcessIdentity.of(procFs, initPid);
    List<String> tried = new ArrayList<>();
    List<BundlePlace> places = new ArrayList<>();
    for (ContainerId id : candidates(procFs, initPid, tried)) {
      places.addAll(places(id));
    }
    for (BundlePlace place : places) {
      Optional<Path> bundle = place.provenBundle(init, tried);
      if (bundle.isPresent()) {
        OciSpec spec = OciSpec.read(bundle.get().resolve("config.json"));
        return new Found(place.id(), place.kind(), bundle, spec);
      }
    }
    return new NotFound(tried);
  }

  /**
   * Finds the first process of a container that runs. A note with a PID alone is believed when the
   * process's cgroup stands for the container.
   *
   * @return empty if no note names a process that still is this container's
   * @throws ContainerFileException if a note is damaged
   */
  public Optional<ProcessIdentity> findInit(ContainerId id) throws IOException {
    for (BundlePlace place : places(id)) {
      Optional<BundlePlace.Note> note = place.note();
      if (note.isPresent()) {
        Optional<ProcessIdentity> init = provenInit(id, note.get());
        if (init.isPresent()) {
          return init;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<ProcessIdentity> provenInit(ContainerId id, BundlePlace.Note note)
      throws IOException {
    try {
      ProcessIdentity init = ProcessIdentity.of(procFs, note.pid());
      boolean named =
          note.startTimeTicks().isPresent()
              ? note.startTimeTicks().getAsLong() == init.startTimeTicks()
              : candidates(procFs, note.pid(), new ArrayList<>()).contains(id);
      return named && init.isAlive(procFs) ? Optional.of(init) : Optional.empty();
    } catch (ProcessGoneException e) {
      return Optional.empty();
    }
  }

  private List<BundlePlace> places(ContainerId id) throws IOException {
    List<BundlePlace> places = new ArrayList<>();
    places.addAll(containerdPlaces(id));
    places.addAll(storagePlaces(id));
    places.addAll(runcPlaces(id));
    return places;
  }

  /** The ids that the process's cgroup may stand for; if none, says in {@code tried} why. */
  static List<ContainerId> candidates(ProcFs procFs, int initPid, List<String> tried)
      throws IOException {
    Optional<CgroupHierarchy> cgroup = ProcCgroup.read(procFs, initPid).selected();
    if (cgroup.isEmpty()) {
      tried.add("process " + initPid + " is in no cgroup");
      return List.of();
    }
    try {
      List<ContainerId> ids = ContainerId.candidates(cgroup.get().path());
      if (ids.isEmpty()) {
        tried.add("cgroup " + cgroup.get().shownPath() + " names no container");
      }
      return ids;
    } catch (CgroupOutsideException e) {
      tried.add(e.getMessage());
      return List.of();
    }
  }

  private List<BundlePlace> containerdPlaces(ContainerId id) throws IOException {
    List<BundlePlace> places = new ArrayList<>();
    for (String state : CONTAINERD_STATES) {
      Path tasks = hostRoot.resolve(state).resolve("io.containerd.runtime.v2.task");
      for (Path namespace : entries(tasks, "*")) {
        Path bundle = namespace.resolve(id.value());
        Path pidFile = bundle.resolve("init.pid");
        places.add(new BundlePlace.PidFile(id, RuntimeKind.CONTAINERD, bundle, pidFile));
      }
    }
    return places;
  }

  /** CRI-O keeps the bundle beside the PID file, podman with the container's lasting data. */
  private List<BundlePlace> storagePlaces(ContainerId id) {
    Path run = hostRoot.resolve(RUN_STORAGE).resolve(id.value()).resolve("userdata");
    Path lib = hostRoot.resolve(LIB_STORAGE).resolve(id.value()).resolve("userdata");
    Path pidFile = run.resolve("pidfile");
    return List.of(
        new BundlePlace.PidFile(id, RuntimeKind.CRIO, run, pidFile),
        new BundlePlace.PidFile(id, RuntimeKind.PODMAN, lib, pidFile));
  }

  private List<BundlePlace> runcPlaces(ContainerId id) throws IOException {
    List<Path> roots = new ArrayList<>(runcRoots);
    roots.add(hostRoot.resolve("run/runc"));
    roots.addAll(entries(hostRoot.resolve("run/containerd/runc"), "*"));
    roots.addAll(entries(hostRoot.resolve("run"), "runc-*"));
    roots.add(hostRoot.resolve("run/docker/runtime-runc/moby"));
    List<BundlePlace> places = new ArrayList<>();
    for (Path root : roots) {
      Path stateJson = root.resolve(id.value()).resolve("state.json");
      places.add(new BundlePlace.StateFile(id, hostRoot, stateJson));
    }
    return places;
  }

  private static List<Path> entries(Path directory, String glob) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory, glob)) {
      listing.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(entries);
    return entries;
  }
}
