// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import com.google.gson.stream.JsonWriter;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.rootfs.DiffSummary;
import io.criubridge.core.rootfs.ImageLayers;
import io.criubridge.core.rootfs.LowerLayers;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.cli.ByteCount;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge rootfs diff}. */
@Command(
    name = "diff",
    description = {
      "Lists what a checkpoint's rootfs diff holds: A added, C changed, - deleted, ! directory emptied"
          + " first.",
      "What is new and what the image has in another state is told by the image's layers: those that"
          + " were there at the capture, if they still are, or those given by --lower. Without them"
          + " both are + written."
    },
    mixinStandardHelpOptions = true)
final class ShowDiff implements Callable<Integer> {

  private record Line(String mark, BytePath path, String type, long bytes) {}

  @Parameters(paramLabel = "DIR", description = "The directory with rootfs-diff.tar.")
  private Path directory = Path.of("");

  @Option(
      names = "--lower",
      paramLabel = "L",
      description = "A layer of the image, unpacked; of several the topmost first.")
  private List<Path> lower = new ArrayList<>();

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    CheckpointLayout layout = new CheckpointLayout(directory);
    List<Line> lines = new ArrayList<>();
    DiffLists lists = DiffLists.read(layout, name -> true);
    lists.opaque().forEach(path -> lines.add(new Line("!", path, "directory", 0)));
    List<Path> layers = layers(layout);
    try (LowerLayers image = LowerLayers.open(layers)) {
      DiffSummary.list(
          layout.rootfsDiff(),
          member -> lines.add(line(member, layers.isEmpty() ? "+" : mark(member, image))));
    }
    lists.deleted().forEach(path -> lines.add(new Line("-", path, "", 0)));
    if (json) {
      printJson(lines);
    } else {
      print(lines);
    }
    return 0;
  }

  private static Line line(DiffSummary member, String mark) {
    return new Line(member.deletes() ? "-" : mark, member.path(), member.type(), member.bytes());
  }

  /** Those of the capture only if nobody has touched them since. */
  private List<Path> layers(CheckpointLayout layout) throws IOException {
    if (!lower.isEmpty()) {
      return lower;
    }
    ImageLayers noted = ImageLayers.of(layout.rootfsDiff());
    Optional<Path> missing = noted.missing();
    if (missing.isEmpty()) {
      return noted.paths();
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        PathText.printable(missing.get().toString())
            + ": no longer the image's layer that it was at the capture; what is new and what is"
            + " changed is not told apart. Give the image's layers by --lower.");
    err.flush();
    return List.of();
  }

  private static String mark(DiffSummary member, LowerLayers image) throws IOException {
    return image.has(member.path()) ? "C" : "A";
  }

  private void print(List<Line> lines) {
    PrintWriter out = spec.commandLine().getOut();
    for (Line line : lines) {
      String size = line.type().equals("regular") ? ByteCount.text(line.bytes()) : line.type();
      // Not printf(), which hands on each line by itself.
      out.print(String.format("%s %17s  %s%n", line.mark(), size, line.path()));
    }
    out.printf(
        "%d written, %s; %d deleted%n",
        lines.stream().filter(line -> "+AC".contains(line.mark())).count(),
        ByteCount.text(lines.stream().mapToLong(Line::bytes).sum()),
        lines.stream().filter(line -> line.mark().equals("-")).count());
    out.flush();
  }

  private void printJson(List<Line> lines) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    JsonWriter writer = new JsonWriter(out);
    writer.setIndent("  ");
    writer.beginObject().name("entries").beginArray();
    for (Line line : lines) {
      writer.beginObject();
      writer.name("change").value(change(line.mark()));
      writer.name("path").value(line.path().text());
      writer.name("type").value(line.type());
      writer.name("bytes").value(line.bytes());
      writer.endObject();
    }
    writer.endArray();
    writer.name("bytes").value(lines.stream().mapToLong(Line::bytes).sum());
    writer.endObject();
    out.println();
    out.flush();
  }

  private static String change(String mark) {
    return switch (mark) {
      case "A" -> "added";
      case "C" -> "changed";
      case "-" -> "deleted";
      case "!" -> "emptied";
      default -> "written";
    };
  }
}
