// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Appends to an archive what a first pass has not written, or not as it is now. */
final class SecondPass implements DiffVisitor {

  private record Directory(DiffPlace place, Fd fd, FileStat stat) {}

  private final LinkNames links = new LinkNames();
  private final DiffArchive members;
  private final MemberTable table;

  /** Where the walk is, as long as the first pass's member for it will do. */
  private @Nullable Directory kept;

  SecondPass(TarWriter tar, MemberTable table) {
    this.members = new DiffArchive(tar, links);
    this.table = table;
  }

  List<BytePath> skippedSockets() {
    return members.skippedSockets();
  }

  @Override
  public boolean remembers() {
    return true;
  }

  @Override
  public boolean covers(DiffPlace place, FileStat stat) {
    long fingerprint = Fingerprint.of(stat, links);
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
  public void directory(DiffPlace place, Fd directory, FileStat stat) throws IOException {
    if (table.confirm(place.hash(), Fingerprint.of(stat, links))) {
      kept = new Directory(place, directory, stat);
    } else {
      kept = null;
      members.directory(place, directory, stat);
    }
  }

  /** After its directory: tar changes a directory's time when it puts a file into it. */
  @Override
  public void file(DiffPlace place, Fd file, FileStat stat) throws IOException {
    Directory directory = kept;
    if (directory != null) {
      kept = null;
      table.supersede(directory.place().hash());
      members.directory(directory.place(), directory.fd(), directory.stat());
    }
    members.file(place, file, stat);
  }
}
