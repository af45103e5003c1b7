// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import io.criubridge.core.sys.BytePath;
import java.util.List;
import java.util.Optional;

/**
 * One mount of a mount namespace, as one process sees it. Text is UTF-8 where the bytes are, and
 * otherwise as {@link BytePath#text()} has it.
 *
 * <p>Source: proc_pid_mountinfo(5)
 *
 * @param id the mount's number, reused after unmounting
 * @param parentId the mount this one lies on; not in the table for the topmost mount of a namespace
 * @param major the device's major number, as files below report it
 * @param minor the device's minor number
 * @param root the directory or file of the file system that is mounted; not a path for pseudo file
 *     systems such as nsfs, whose {@code net:[1]} reads as {@code /net:[1]}
 * @param rootState whether {@code root} is still what it says
 * @param mountPoint where it is mounted, relative to the process's root directory
 * @param options the mount's own options: {@code rw}, {@code nosuid}, ...
 * @param propagation how the mount is tied to others
 * @param fsType the file system type, {@code type} or {@code type.subtype}
 * @param source what the file system calls its source; may be empty
 * @param superOptions the options of the file system, in the order shown, names may repeat
 */
public record MountInfo(
    int id,
    int parentId,
    int major,
    int minor,
    BytePath root,
    RootState rootState,
    BytePath mountPoint,
    List<String> options,
    Propagation propagation,
    String fsType,
    String source,
    List<SuperOption> superOptions) {

  /** What the root of a mount is by now. */
  public enum RootState {
    /** It can be found in its file system under the path given. */
    LINKED,
    /** It was deleted since (the kernel's suffix {@code //deleted}, taken off the path). */
    DELETED,
    /**
     * It lies above the reader's cgroup namespace (the kernel's {@code /..}); the path given is
     * only what followed.
     */
    ABOVE_NAMESPACE
  }

  public MountInfo {
    options = List.copyOf(options);
    superOptions = List.copyOf(superOptions);
  }

  /** Whether the mount (not its file system) is read-only. */
  public boolean isReadOnly() {
    return options.contains("ro");
  }

  /** The last option of the file system with this name, if there is one. */
  public Optional<SuperOption> superOption(String name) {
    return superOptions.stream().filter(o -> o.name().equals(name)).reduce((a, b) -> b);
  }
}
