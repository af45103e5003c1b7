// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.FileStat;

/** One number for all that tells whether a file's member is still right. */
final class Fingerprint {

  private Fingerprint() {}

  /**
   * Condenses what stat says. For a further name of a file the first name is part of it, as that is
   * what its member says.
   *
   * @param directory what the file is in, or itself: where two directories were exchanged while a
   *     walk entered one of them, its upper side is that of the other
   * @param links the first names so far, without this one
   */
  static long of(WalkDirectory directory, FileStat stat, LinkNames links) {
    boolean link = stat.nlink() > 1 && !stat.isDirectory();
    long firstName = link ? links.find(stat).map(LinkNames.Name::hash).orElse(0L) : 0;
    return SecretHash.of(
        directory.upperInode(),
        firstName,
        stat.type().bits() | stat.mode(),
        (stat.uid() << 32) | stat.gid(),
        stat.size(),
        ((long) stat.device().major() << 32) | stat.device().minor(),
        stat.ino(),
        stat.isDirectory() ? 0 : stat.nlink(),
        ((long) stat.rdev().major() << 32) | stat.rdev().minor(),
        stat.modified().seconds(),
        stat.changed().seconds(),
        ((long) stat.modified().nanos() << 32) | stat.changed().nanos());
  }
}
