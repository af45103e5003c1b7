// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonElement;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFile;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.files.ProcessFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The open files of each process. */
final class OpenFilesView implements Explorer {

  @Override
  public void print(ImageSet set, Output output) throws IOException {
    OpenFiles files = OpenFiles.read(set);
    for (CheckpointedProcess process : set.processes()) {
      if (process.state().hasEnded()) {
        continue;
      }
      output.line(output.strong(process.pid() + " " + Printable.text(process.command())));
      ProcessFiles open = files.of(process);
      List<String> lines = new ArrayList<>();
      open.program().ifPresent(file -> lines.add(line("exe", file)));
      open.root().ifPresent(file -> lines.add(line("root", file)));
      open.workingDirectory().ifPresent(file -> lines.add(line("cwd", file)));
      for (ProcessFiles.Descriptor descriptor : open.descriptors()) {
        lines.add(line(Integer.toString(descriptor.number()), descriptor.file()));
      }
      for (int i = 0; i < lines.size(); i++) {
        output.line(output.branch(i == lines.size() - 1) + lines.get(i));
      }
    }
  }

  @Override
  public JsonElement json(ImageSet set) throws IOException {
    OpenFiles files = OpenFiles.read(set);
    List<Json> processes = new ArrayList<>();
    for (CheckpointedProcess process : set.processes()) {
      ProcessFiles open = files.of(process);
      processes.add(
          Json.object()
              .with("pid", process.pid())
              .with("program", open.program().map(FileText::json))
              .with("root", open.root().map(FileText::json))
              .with("workingDirectory", open.workingDirectory().map(FileText::json))
              .with("descriptors", open.descriptors().stream().map(OpenFilesView::json).toList()));
    }
    return Json.of(processes);
  }

  private static String line(String name, OpenFile file) {
    return "%5s  %-10s %s".formatted(name, FileText.kind(file), FileText.text(file));
  }

  private static Json json(ProcessFiles.Descriptor descriptor) {
    return Json.object()
        .with("fd", descriptor.number())
        .with("closeOnExec", descriptor.closeOnExec())
        .with("file", FileText.json(descriptor.file()));
  }
}
