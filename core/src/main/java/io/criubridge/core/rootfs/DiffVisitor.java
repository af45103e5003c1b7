// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.FileStat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Told of each file that differs, a directory followed by all that is in it. */
interface DiffVisitor {

  /**
   * Takes note of a directory, which is open for reading until its last file was told of.
   *
   * @param above the directory that it is in, open as well; the root has none
   */
  void directory(WalkDirectory directory, @Nullable WalkDirectory above) throws IOException;

  /**
   * Hears that more files of a directory follow, which it was told of before others: a tar that
   * puts something into it then changes its time.
   */
  default void again(WalkDirectory directory) throws IOException {}

  /** Takes note of anything else. */
  void file(WalkEntry entry) throws IOException;

  /** Whether it reads such a file's content when it is told of it. Asked by several threads. */
  default boolean reads(FileStat stat) {
    return false;
  }

  /**
   * Hears of an entry that could not be taken, as it vanishes or changes where tasks run. Where
   * they stand still that is an error.
   */
  default void raced(IOException failure) throws IOException {
    throw failure;
  }

  /** Whether the walk is to go on. */
  default boolean wantsMore() {
    return true;
  }
}
