// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.inspect;

import com.google.gson.JsonElement;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.rootfs.DiffSummary;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.cli.ByteCount;
import io.criubridge.hooks.cli.images.Json;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.hooks.cli.rootfs.DiffLists;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The container's changed and deleted files: their number, and the first of them. */
final class ChangedFiles implements Part {

  /** {@code criu-bridge rootfs diff} lists all. */
  private static final int SHOWN = 20;

  private record Change(String mark, String what, BytePath path) {}

  private final List<Change> first = new ArrayList<>();
  private long written;
  private long bytes;
  private long deleted;

  private ChangedFiles() {}

  /**
   * Reads the archive and the lists.
   *
   * @param wanted tells by a file's name whether it belongs to the checkpoint
   */
  static ChangedFiles read(CheckpointLayout layout, Predicate<String> wanted) throws IOException {
    ChangedFiles files = new ChangedFiles();
    DiffLists lists = DiffLists.read(layout, wanted);
    lists.opaque().forEach(path -> files.show("!", "emptied first", path));
    lists.deleted().forEach(files::delete);
    if (wanted.test(CheckpointLayout.ROOTFS_DIFF) && Files.exists(layout.rootfsDiff())) {
      DiffSummary.list(layout.rootfsDiff(), files::add);
    }
    return files;
  }

  private void add(DiffSummary member) {
    if (member.deletes()) {
      delete(member.path());
      return;
    }
    boolean regular = member.type().equals("regular");
    written++;
    bytes += regular ? member.bytes() : 0;
    show("+", regular ? ByteCount.text(member.bytes()) : member.type(), member.path());
  }

  private void delete(BytePath path) {
    deleted++;
    show("-", "deleted", path);
  }

  private void show(String mark, String what, BytePath path) {
    if (first.size() < SHOWN) {
      first.add(new Change(mark, what, path));
    }
  }

  @Override
  public void print(Output output) {
    output.line("%d written, %s; %d deleted".formatted(written, ByteCount.text(bytes), deleted));
    for (Change change : first) {
      output.line("  %s %13s  %s".formatted(change.mark(), change.what(), change.path()));
    }
    if (written + deleted > first.size()) {
      output.line("  ... all of them: criu-bridge rootfs diff DIR");
    }
  }

  @Override
  public JsonElement json() {
    return Json.object()
        .with("written", written)
        .with("bytes", bytes)
        .with("deleted", deleted)
        .with(
            "first",
            first.stream()
                .map(
                    change ->
                        Json.object()
                            .with("mark", change.mark())
                            .with("what", change.what())
                            .with("path", change.path().text()))
                .toList())
        .build();
  }
}
