// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.core.mount.CgroupMount;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.config.Configuration.Policy;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where an external mount of the checkpoint comes from on this machine.
 *
 * @param name what the person knows it by: the path in the container
 * @param key its name in CRIU's images
 * @param recorded where it came from at dump
 * @param source where it is to come from now; empty if there is no telling
 * @param byRecord whether the source is the recorded one since nobody has named another
 * @param kind what it is
 */
record MountSource(
    String name,
    String key,
    Optional<String> recorded,
    Optional<Path> source,
    boolean byRecord,
    Kind kind) {

  /** What the source must be. */
  enum Kind {
    DIRECTORY,
    FILE,
    /** A directory or a file: the checkpoint does not tell. */
    ANY,
    /** A control group, which CRIU may make itself. */
    CGROUP
  }

  /**
   * Finds the source of every external mount: the one that the person maps, else the one that the
   * target's OCI spec names, else for a control group its place in this machine's hierarchy, else
   * the one recorded. With the placeholder's policy CRIU runs in the placeholder's mount namespace,
   * and every mount comes from its own place there.
   *
   * @param declared keys that the caller of CRIU has declared; these are left to it
   */
  static List<MountSource> ofMounts(
      List<MountRecord> mounts,
      Map<String, Path> mapped,
      Map<BytePath, Path> specified,
      Set<String> declared,
      MountTable host,
      Policy policy) {
    Map<String, MountSource> byKey = new LinkedHashMap<>();
    for (MountRecord mount : mounts) {
      if (mount.handling() != Handling.EXTERNAL) {
        continue;
      }
      String key = mount.key().orElseThrow();
      if (!declared.contains(key)) {
        byKey.merge(
            key,
            ofMount(mount, key, mapped, specified, host, policy),
            MountSource::preferWithSource);
      }
    }
    return List.copyOf(byKey.values());
  }

  /** Of mounts at one place the dump could see the topmost only. */
  private static MountSource preferWithSource(MountSource one, MountSource other) {
    return one.source().isPresent() ? one : other;
  }

  private static MountSource ofMount(
      MountRecord mount,
      String key,
      Map<String, Path> mapped,
      Map<BytePath, Path> specified,
      MountTable host,
      Policy policy) {
    String name = mount.mountPoint().text();
    Optional<Path> chosen =
        Optional.ofNullable(mapped.get(name))
            .or(() -> Optional.ofNullable(specified.get(mount.mountPoint())));
    if (policy == Policy.PLACEHOLDER && chosen.isEmpty() && key.equals(name)) {
      chosen = path(name);
    }
    Kind kind =
        switch (mount.type()) {
          case DIRECTORY -> Kind.DIRECTORY;
          case FILE -> Kind.FILE;
          case UNKNOWN -> Kind.ANY;
        };
    if (mount.cgroupHierarchy().isPresent() && chosen.isEmpty()) {
      Optional<Path> group =
          mount
              .source()
              .flatMap(
                  path ->
                      CgroupMount.directory(mount.cgroupHierarchy().get(), BytePath.of(path), host))
              .map(BytePath::toHostPath);
      return new MountSource(name, key, mount.source(), group, false, Kind.CGROUP);
    }
    return new MountSource(
        name,
        key,
        mount.source(),
        chosen.isPresent() ? chosen : mount.source().flatMap(MountSource::path),
        chosen.isEmpty(),
        kind);
  }

  /** Where symbolic links lead the recorded path now; one that somebody has named may have some. */
  Optional<Path> elsewhere() {
    return source.filter(path -> byRecord).flatMap(RecordedPath::elsewhere);
  }

  /** A path that Java cannot name, as its bytes are no text, counts as not known. */
  private static Optional<Path> path(String recorded) {
    try {
      return Optional.of(Path.of(recorded));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
