// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.doctor;

import io.criubridge.core.sys.KernelFeature;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a machine is like, as far as checkpoints are concerned.
 *
 * @param user the effective user
 * @param kernel release and architecture
 * @param features what the kernel lets this process use
 * @param overlay whether the overlay file system is there
 * @param breakpoints whether the processor stops at them, as CRIU expects
 * @param criu the criu program in use
 * @param plugin what lies in its plugin directory
 * @param hook what CRIU is told to run for runc
 * @param settings why the node's settings are refused; empty if they are not
 * @param runtimes container runtimes
 * @param space directories that are written to
 * @param java the worker's JVM
 */
public record NodeFacts(
    User user,
    String kernel,
    Set<KernelFeature> features,
    boolean overlay,
    boolean breakpoints,
    Optional<Criu> criu,
    Plugin plugin,
    Hook hook,
    String settings,
    List<ContainerRuntime> runtimes,
    List<Space> space,
    Java java) {

  /** Who runs this. */
  public enum User {
    ROOT,
    OTHER
  }

  /** Copies the collections. */
  public NodeFacts {
    features = Set.copyOf(features);
    runtimes = List.copyOf(runtimes);
    space = List.copyOf(space);
  }

  /**
   * A criu program.
   *
   * @param program where it is
   * @param version what it says, or why it says nothing
   * @param exports the functions it offers to plugins
   * @param check what {@code criu check} ended with
   */
  public record Criu(Path program, String version, Set<String> exports, Outcome check) {
    /** Copies the set. */
    public Criu {
      exports = Set.copyOf(exports);
    }
  }

  /**
   * How a program ended.
   *
   * @param exitCode 0 if all went well
   * @param message the line that tells most
   */
  public record Outcome(int exitCode, String message) {}

  /**
   * The plugin in CRIU's plugin directory.
   *
   * @param file where it is looked for
   * @param build what is there
   */
  public record Plugin(Path file, Build build) {
    /** What is there. */
    public enum Build {
      ABSENT,
      /** Of this very build. */
      OURS,
      /** Of another version of criu-bridge. */
      OTHER
    }
  }

  /**
   * What {@code /etc/criu/runc.conf} has CRIU run.
   *
   * @param file the configuration
   * @param launchers of criu-bridge that it names
   * @param missing those of them that cannot be run
   */
  public record Hook(Path file, List<String> launchers, List<String> missing) {
    /** Copies the lists. */
    public Hook {
      launchers = List.copyOf(launchers);
      missing = List.copyOf(missing);
    }
  }

  /**
   * A container runtime.
   *
   * @param name such as containerd
   * @param place its program or socket
   * @param reach whether it can be used
   * @param detail its version, or why it cannot be reached
   */
  public record ContainerRuntime(String name, Path place, Reach reach, String detail) {
    /** Whether it can be used. */
    public enum Reach {
      ABSENT,
      UNREACHABLE,
      REACHABLE
    }
  }

  /**
   * Room for files.
   *
   * @param directory what is written there
   * @param freeBytes how much fits
   */
  public record Space(Path directory, long freeBytes) {}

  /**
   * The JVM that workers run in.
   *
   * @param program what jvm.conf names
   * @param runnable whether that program is there
   * @param feature the version of this JVM, such as 17
   * @param prepared whether its start is prepared
   * @param prepare the program that prepares it
   */
  public record Java(
      String program, boolean runnable, int feature, boolean prepared, Path prepare) {}
}
