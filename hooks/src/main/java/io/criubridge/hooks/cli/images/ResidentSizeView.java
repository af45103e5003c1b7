// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonElement;
import io.criubridge.hooks.cli.ByteCount;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.memory.AreaPages;
import io.criubridge.images.memory.ProcessMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How much memory of each process the images hold: its own, and what it shares with others. */
final class ResidentSizeView implements Explorer {

  @Override
  public void print(ImageSet set, Output output) throws IOException {
    Table table =
        new Table(" PID", " PRIVATE", " SHARED", " PARENT", " LAZY", " MAPPED", "COMMAND");
    for (Sizes sizes : sizes(set)) {
      table.row(
          sizes.process.pid(),
          ByteCount.text(sizes.own),
          ByteCount.text(sizes.shared),
          ByteCount.text(sizes.inherited),
          ByteCount.text(sizes.lazy),
          ByteCount.text(sizes.mapped),
          Printable.text(sizes.process.command()));
    }
    table.print(output);
  }

  @Override
  public JsonElement json(ImageSet set) throws IOException {
    return Json.of(sizes(set).stream().map(Sizes::json).toList());
  }

  static List<Sizes> sizes(ImageSet set) throws IOException {
    OpenFiles files = OpenFiles.read(set);
    List<Sizes> all = new ArrayList<>();
    for (CheckpointedProcess process : set.processes()) {
      Optional<ProcessMemory> memory = ProcessTreeView.memory(process, set, files);
      all.add(Sizes.of(process, memory.isPresent() ? memory.get().pages() : List.<AreaPages>of()));
    }
    return all;
  }

  /**
   * Sizes in bytes.
   *
   * @param own in the images of this dump or of one before
   * @param shared the same, of memory that other processes may have too
   * @param inherited the part of both that is in the images of a dump before
   * @param lazy not in the images
   * @param mapped all areas
   */
  record Sizes(
      CheckpointedProcess process, long own, long shared, long inherited, long lazy, long mapped) {

    static Sizes of(CheckpointedProcess process, List<AreaPages> areas) {
      long own = 0;
      long shared = 0;
      long inherited = 0;
      long lazy = 0;
      long mapped = 0;
      for (AreaPages pages : areas) {
        long here = pages.dumped() + pages.inherited();
        own += pages.area().isPrivate() ? here : 0;
        shared += pages.area().isPrivate() ? 0 : here;
        inherited += pages.inherited();
        lazy += pages.lazy();
        mapped += pages.area().bytes();
      }
      return new Sizes(process, own, shared, inherited, lazy, mapped);
    }

    Json json() {
      return Json.object()
          .with("pid", process.pid())
          .with("private", own)
          .with("shared", shared)
          .with("inherited", inherited)
          .with("lazy", lazy)
          .with("mapped", mapped);
    }
  }
}
