// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import io.criubridge.core.rootfs.ArchiveLimits;
import io.criubridge.core.rootfs.Existing;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.phase.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one CRIU run.
 *
 * @param participation which processes are ours (the launcher decides by it)
 * @param policy how mounts are declared
 * @param exclusions paths in the container that the rootfs diff leaves out
 * @param twoPass whether most files are captured before the tasks are frozen
 * @param controlDirectory a directory in the container that gets {@code restore-complete}
 * @param deadlines how long each phase may take
 * @param mountMap container path, {@code stdin}, {@code stdout} or {@code stderr} to a path of the
 *     restoring machine
 * @param externalNetns the name under which the network namespace is declared external at dump
 * @param netns the network namespace to restore into, such as {@code /run/netns/pod}
 * @param upperDirectory the upperdir, where the mount table shows it relative
 * @param runtimeRoots more places of runc-like {@code --root} directories
 * @param runtime whether and how a runtime is asked for the container
 * @param root the root to restore into, where the command line of CRIU does not tell
 * @param existing what the diff does to files that are there
 * @param diffLimits what the diff's archive may ask for
 * @param criuVersion whether a restore by an older CRIU is refused
 */
public record Configuration(
    Participation participation,
    Policy policy,
    List<BytePath> exclusions,
    TwoPass twoPass,
    Optional<BytePath> controlDirectory,
    Map<Phase, Duration> deadlines,
    Map<String, Path> mountMap,
    Optional<String> externalNetns,
    Optional<Path> netns,
    Optional<Path> upperDirectory,
    List<Path> runtimeRoots,
    RuntimeSettings runtime,
    Optional<Path> root,
    Existing existing,
    ArchiveLimits diffLimits,
    CriuVersionCheck criuVersion) {

  /** Copies the collections. */
  public Configuration {
    exclusions = List.copyOf(exclusions);
    deadlines = Map.copyOf(deadlines);
    mountMap = Map.copyOf(mountMap);
    runtimeRoots = List.copyOf(runtimeRoots);
  }

  /** Which CRIU runs criu-bridge takes part in. */
  public enum Participation {
    /** Always where it is named on criu's command line, else for containers. */
    AUTO,
    /** In every run. */
    ALWAYS,
    /** Only where the process has a mount namespace of its own. */
    CONTAINERS,
    /** Never. */
    NEVER
  }

  /** How mounts are declared. */
  public enum Policy {
    /** External is only what CRIU cannot dump by itself. */
    MINIMAL,
    /** Everything is external, for a restore into a prepared container. */
    PLACEHOLDER
  }

  /** When files are captured in two passes, the first while the tasks still run. */
  public enum TwoPass {
    /** Where there is much to capture. */
    AUTO,
    /** Wherever the file system allows it. */
    ALWAYS,
    /** Never. */
    NEVER
  }

  /** What happens when the restoring CRIU is older than the dumping one. */
  public enum CriuVersionCheck {
    /** The restore is refused. */
    CHECK,
    /** CRIU finds out by itself. */
    IGNORE
  }
}
