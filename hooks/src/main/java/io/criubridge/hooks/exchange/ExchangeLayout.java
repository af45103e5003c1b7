// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.sys.SmallFile;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where files are in the archive that podman, CRI-O and containerd write: CRIU's images in a folder
 * of their own, what belongs to the container beside it.
 *
 * <p>Source: {@code lib/metadata.go} of checkpointctl
 */
final class ExchangeLayout {

  /** The folder of CRIU's images. */
  static final String IMAGES = "checkpoint/";

  /** What the engine knows of the container. */
  static final String CONFIG_DUMP = "config.dump";

  /** The container's OCI spec. */
  static final String SPEC_DUMP = "spec.dump";

  /** CRIU's log. */
  static final String DUMP_LOG = "dump.log";

  /** CRIU's link to the dump that this one is an increment to, among the images. */
  static final String PARENT = "parent";

  /** Why an increment does not come along. */
  static final String INCREMENT =
      "the dump is an increment to an earlier one, which does not come along; make a whole dump"
          + " (podman: without --with-previous)";

  /** What is beside the folder. Of these, no engine reads our manifest and the lists of ours. */
  static final Set<String> BESIDE =
      Set.of(
          CONFIG_DUMP,
          SPEC_DUMP,
          DUMP_LOG,
          CheckpointLayout.CRIU_STATS,
          CheckpointLayout.BIND_MOUNTS,
          CheckpointLayout.DELETED_FILES,
          CheckpointLayout.DELETED_FILES_JSON,
          CheckpointLayout.OPAQUE_DIRECTORIES,
          CheckpointLayout.IMAGE_LAYERS,
          CheckpointLayout.ROOTFS_DIFF,
          CheckpointLayout.MANIFEST);

  /** What is of this machine, or says something of the directory that is not true of a copy. */
  static final Set<String> LEFT_OUT =
      Set.of(
          CheckpointLayout.STATUS,
          CheckpointLayout.PIDS,
          CheckpointLayout.STALE_MEMBERS,
          "criu-bridge.yaml",
          "restore.log",
          "stats-restore");

  /** Lists of paths, or of places in an archive. */
  private static final Set<String> LISTS =
      Set.of(
          CheckpointLayout.DELETED_FILES,
          CheckpointLayout.DELETED_FILES_JSON,
          CheckpointLayout.OPAQUE_DIRECTORIES,
          CheckpointLayout.STALE_MEMBERS);

  /** Millions of these. */
  private static final long LIST_BYTES = 256 << 20;

  /** Read line by line or not at all, however long. */
  private static final Set<String> UNBOUNDED =
      Set.of(CheckpointLayout.ROOTFS_DIFF, DUMP_LOG, CheckpointLayout.CRIU_STATS);

  /** CRIU's names, and all others of this layout, are no longer and have no other characters. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}");

  private ExchangeLayout() {}

  /** How long a file may be: one that is read into memory must fit there. */
  static long mostBytes(String name) {
    if (LISTS.contains(name)) {
      return LIST_BYTES;
    }
    boolean text = name.equals(CheckpointLayout.STATUS) || BESIDE.contains(name);
    return text && !UNBOUNDED.contains(name) ? SmallFile.MOST_BYTES : Long.MAX_VALUE;
  }
}
