// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Appends to an archive what a first pass has not written, or not as it is now. */
final class SecondPass implements DiffVisitor {

  private final LinkNames links = new LinkNames();
  private final DiffArchive members;
  private final MemberTable table;

  SecondPass(TarWriter tar, MemberTable table) {
    this.members = new DiffArchive(tar, links);
    this.table = table;
  }

  List<BytePath> skippedSockets() {
    return members.skippedSockets();
  }

  /** Whether the first pass's member for a file is still right. */
  private boolean covers(WalkEntry entry) {
    DiffPlace place = entry.place();
    FileStat stat = entry.stat();
    long fingerprint = Fingerprint.of(entry.directory(), stat, links);
    if (stat.nlink() < 2) {
      return table.confirm(place.hash(), fingerprint);
    }
    Optional<LinkNames.Name> first = links.find(stat);
    if (first.isPresent() && first.get().origin() == LinkNames.Origin.WRITTEN) {
      // Its first name is another file now than the one that the first pass linked to.
      table.supersede(place.hash());
      return false;
    }
    boolean right = table.confirm(place.hash(), fingerprint);
    if (right && first.isEmpty()) {
      links.add(stat, place, LinkNames.Origin.KEPT);
    }
    return right;
  }

  @Override
  public void directory(WalkDirectory directory, @Nullable WalkDirectory above) throws IOException {
    long hash = directory.place().hash();
    boolean known = table.has(hash);
    directory.setKept(table.confirm(hash, Fingerprint.of(directory, directory.stat(), links)));
    if (!known) {
      writeAgain(above);
    }
    if (!directory.isKept()) {
      members.directory(directory, above);
    }
  }

  @Override
  public void again(WalkDirectory directory) throws IOException {
    table.supersede(directory.place().hash());
    members.again(directory);
  }

  @Override
  public void file(WalkEntry entry) throws IOException {
    if (!covers(entry)) {
      writeAgain(entry.directory());
      members.file(entry);
    }
  }

  /** Tar changes a directory's time when it puts something into it that was not there. */
  private void writeAgain(@Nullable WalkDirectory directory) throws IOException {
    if (directory != null && directory.isKept()) {
      directory.setKept(false);
      table.supersede(directory.place().hash());
      members.directory(directory, null);
    }
  }
}
