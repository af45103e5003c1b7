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

/** The memory map of each process, and how much of each area is in the images. */
final class MemoryMapView implements Explorer {

  @Override
  public void print(ImageSet set, Output output) throws IOException {
    OpenFiles files = OpenFiles.read(set);
    for (CheckpointedProcess process : set.processes()) {
      Optional<ProcessMemory> memory = ProcessTreeView.memory(process, set, files);
      if (memory.isPresent()) {
        output.line(output.strong(process.pid() + " " + Printable.text(process.command())));
        print(memory.get(), output);
      }
    }
  }

  @Override
  public JsonElement json(ImageSet set) throws IOException {
    OpenFiles files = OpenFiles.read(set);
    List<Json> processes = new ArrayList<>();
    for (CheckpointedProcess process : set.processes()) {
      Optional<ProcessMemory> memory = ProcessTreeView.memory(process, set, files);
      List<AreaPages> pages = memory.isPresent() ? memory.get().pages() : List.of();
      processes.add(
          Json.object()
              .with("pid", process.pid())
              .with("areas", pages.stream().map(AreaText::json).toList()));
    }
    return Json.of(processes);
  }

  static void print(ProcessMemory memory, Output output) throws IOException {
    Table table =
        new Table("ADDRESSES", "PERM", " SIZE", " HERE", " PARENT", " LAZY", "WHAT", "REST");
    for (AreaPages pages : memory.pages()) {
      table.row(
          AreaText.range(pages.area()),
          pages.area().permissions(),
          ByteCount.text(pages.area().bytes()),
          size(pages.dumped()),
          size(pages.inherited()),
          size(pages.lazy()),
          AreaText.text(pages.area()),
          AreaText.rest(pages));
    }
    table.print(output);
  }

  private static String size(long bytes) {
    return bytes == 0 ? "-" : ByteCount.text(bytes);
  }
}
