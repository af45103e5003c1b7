// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.ByteString;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.hooks.cli.ByteCount;
import io.criubridge.hooks.cli.ExitCode;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.memory.BytePattern;
import io.criubridge.images.memory.ElfCore;
import io.criubridge.images.memory.MemoryArea;
import io.criubridge.images.memory.MemoryMap;
import io.criubridge.images.memory.MemorySearch;
import io.criubridge.images.memory.ProcessMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge images memory}: shows, searches or writes out the memory of a process. */
@Command(
    name = "memory",
    description =
        "Shows, searches or writes out the memory of a process, from the images of its dump and of"
            + " those that it is an increment to. Without options it shows the memory map."
            + " A search exits with 1 if it finds nothing.",
    mixinStandardHelpOptions = true)
final class Memory implements Callable<Integer> {

  @SuppressWarnings("NullAway.Init") // Set by picocli, as it is required.
  @Parameters(index = "0", paramLabel = "DIR", description = "CRIU's image directory.")
  private Path directory;

  @Parameters(
      index = "1",
      paramLabel = "PID",
      description = "As criu-bridge images x DIR ps has it.")
  private int pid;

  @Option(
      names = "--vma",
      paramLabel = "ADDR",
      description = "Only the area with this address (hexadecimal). Alone, it is printed.")
  private @Nullable String address;

  @ArgGroup private @Nullable Use use;

  @Mixin private final OutputOptions options = new OutputOptions();

  @Spec private CommandSpec spec;

  /** What to do with it: one thing. */
  private static final class Use {
    @Option(
        names = "--search",
        paramLabel = "BYTES",
        description = "Finds these bytes: text, with \\xNN, \\0, \\n, \\r, \\t and \\\\.")
    private @Nullable String text;

    @Option(
        names = "--regex",
        paramLabel = "RE",
        description =
            "Finds a regular expression over bytes: text is its UTF-8, \\xNN a byte. A match of more"
                + " than 4096 bytes is cut off.")
    private @Nullable String regex;

    @Option(
        names = "-o",
        paramLabel = "FILE",
        description =
            "Writes the area as it is, with holes for what the images lack; without --vma, all of the"
                + " memory as an ELF core file for debuggers.")
    private @Nullable Path file;
  }

  @Override
  public Integer call() throws IOException {
    ImageSet set = new ImageSet(directory);
    ProcessMemory memory = ProcessMemory.of(set, OpenFiles.read(set), pid);
    Optional<MemoryArea> area = area(memory.map());
    Output output = options.output();
    int exit = 0;
    if (use != null && use.file != null) {
      write(set, memory, area, use.file, output);
    } else if (use != null) {
      exit = search(memory, area, pattern(use), output) ? 0 : ExitCode.DIFFERENT;
    } else if (area.isPresent() && !options.json()) {
      memory.copy(range(area), new HexDump(output));
    } else if (options.json()) {
      output.json(
          Json.of(
              memory.pages().stream()
                  .filter(pages -> area.isEmpty() || area.get().equals(pages.area()))
                  .map(AreaText::json)
                  .toList()));
    } else {
      MemoryMapView.print(memory, output);
    }
    output.flush();
    return exit;
  }

  private Optional<MemoryArea> area(MemoryMap map) {
    if (address == null) {
      return Optional.empty();
    }
    try {
      long number = Long.parseUnsignedLong(address.replaceFirst("^0[xX]", ""), 16);
      return Optional.of(
          map.at(number)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(), "no area of process " + pid + " holds " + address)));
    } catch (NumberFormatException e) {
      throw new ParameterException(spec.commandLine(), "not an address: " + address, e);
    }
  }

  private BytePattern pattern(Use how) {
    try {
      return how.text != null
          ? BytePattern.literal(BytePattern.parseBytes(how.text))
          : BytePattern.regex(String.valueOf(how.regex));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static MemoryMap.Range range(Optional<MemoryArea> area) {
    return area.map(some -> new MemoryMap.Range(some.start(), some.end()))
        .orElse(MemoryMap.Range.ALL);
  }

  private boolean search(
      ProcessMemory memory, Optional<MemoryArea> area, BytePattern pattern, Output output)
      throws IOException {
    Matches matches =
        options.json()
            ? new JsonMatches(new JsonWriter(spec.commandLine().getOut()), output)
            : new TextMatches(memory.map(), output);
    MemorySearch search = new MemorySearch(pattern, matches::found);
    memory.copy(range(area), search);
    search.finish();
    return matches.end();
  }

  private void write(
      ImageSet set, ProcessMemory memory, Optional<MemoryArea> area, Path file, Output output)
      throws IOException {
    long bytes;
    // What was in a memory is nobody else's.
    try (PublishedFile published = PublishedFile.create(file, 0600)) {
      bytes =
          area.isPresent()
              ? writeArea(memory, area.get(), published.channel())
              : ElfCore.of(set, memory).write(published.channel());
      published.publish();
    }
    if (options.json()) {
      output.json(Json.object().with("file", file).with("bytes", bytes).build());
    } else {
      output.line(file + ": " + ByteCount.text(bytes));
    }
  }

  private static long writeArea(ProcessMemory memory, MemoryArea area, FileChannel file)
      throws IOException {
    memory.copy(
        new MemoryMap.Range(area.start(), area.end()),
        (at, bytes) -> put(file, bytes, at - area.start()));
    if (file.size() < area.bytes()) {
      put(file, ByteBuffer.allocate(1), area.bytes() - 1);
    }
    return area.bytes();
  }

  private static void put(FileChannel file, ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  /** Where matches are printed, one by one: there may be more than fit in memory. */
  private sealed interface Matches permits TextMatches, JsonMatches {
    void found(long address, ByteString bytes) throws IOException;

    /** Ends the list; tells whether there was a match. */
    boolean end() throws IOException;
  }

  private static final class TextMatches implements Matches {
    private final MemoryMap map;
    private final Output output;
    private boolean any;

    TextMatches(MemoryMap map, Output output) {
      this.map = map;
      this.output = output;
    }

    @Override
    public void found(long address, ByteString bytes) {
      any = true;
      String area = map.at(address).map(AreaText::text).orElse("");
      output.line("%012x  %s  %s".formatted(address, Printable.text(bytes), area));
    }

    @Override
    public boolean end() {
      return any;
    }
  }

  private static final class JsonMatches implements Matches {
    private final JsonWriter json;
    private final Output output;
    private boolean any;

    JsonMatches(JsonWriter json, Output output) throws IOException {
      this.json = json;
      this.output = output;
      json.beginArray();
    }

    @Override
    public void found(long address, ByteString bytes) throws IOException {
      any = true;
      StringBuilder hex = new StringBuilder();
      for (byte each : bytes) {
        hex.append("%02x".formatted(each));
      }
      json.beginObject();
      json.name("address").value("0x%x".formatted(address));
      json.name("hex").value(hex.toString());
      json.endObject();
    }

    @Override
    public boolean end() throws IOException {
      json.endArray();
      json.flush();
      output.line("");
      return any;
    }
  }
}
