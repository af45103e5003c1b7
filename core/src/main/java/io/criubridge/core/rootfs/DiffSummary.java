// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * One member of a diff for people.
 *
 * @param path where it belongs
 * @param type {@code regular}, {@code directory}, {@code hard link} ...
 * @param bytes length of a regular file
 * @param deletes whether it is no file but stands for a deletion
 */
public record DiffSummary(BytePath path, String type, long bytes, boolean deletes) {

  /** Is given each member in the archive's order. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes one member. */
    void visit(DiffSummary member) throws IOException;
  }

  /**
   * Lists an archive of any kind that {@link RootfsDiff#apply(Path,
   * io.criubridge.core.sys.ScopedRoot, ApplyOptions)} reads.
   */
  public static void list(Path archive, Visitor visitor) throws IOException {
    try (ArchiveInput in = ArchiveInput.open(archive)) {
      boolean layer = ArchiveForm.of(in.compression()) == ArchiveForm.LAYER;
      TarReader reader = new TarReader(in, ArchiveLimits.DEFAULT);
      for (Optional<TarMember> next = reader.next(); next.isPresent(); next = reader.next()) {
        visitor.visit(of(next.get(), layer));
      }
    }
  }

  private static DiffSummary of(TarMember member, boolean layer) throws TarFormatException {
    String type = member.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    if (member.isKernelWhiteout()) {
      return new DiffSummary(member.path(), "whiteout", 0, true);
    }
    if (layer && member.type() == TarType.REGULAR && member.content().size() == 0) {
      Optional<WhiteoutName> whiteout = WhiteoutName.ofChecked(member.path());
      if (whiteout.isPresent()) {
        return new DiffSummary(whiteout.get().path(), "whiteout", 0, true);
      }
    }
    return new DiffSummary(member.path(), type, member.content().size(), false);
  }
}
