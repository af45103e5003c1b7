// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFile;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.files.Pipe;
import io.criubridge.images.files.ProcessFiles.Descriptor;
import io.criubridge.images.proto.fd_types;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The standard streams of the root task that are pipes to somebody outside, as a runtime's to its
 * shim are: CRIU would make new ones, which lead nowhere.
 */
final class OutsidePipes {

  static final List<String> STREAMS = List.of("stdin", "stdout", "stderr");

  /** What the key of one begins with: a character that CRIU leaves out, and the pipe's name. */
  private static final String KEY = "fpipe:[";

  private static final int READ = 0;

  /** O_WRONLY, O_APPEND: of a file in the pipe's place. */
  private static final int WRITE = 01 | 02000;

  private OutsidePipes() {}

  /**
   * Finds them, each once, with all its names. Its key is one character longer than the name by
   * which CRIU looks for it, as that of a file.
   */
  static List<StreamRecord> of(ImageSet images) throws IOException {
    OpenFiles files = OpenFiles.read(images);
    Map<Long, List<String>> pipes = new LinkedHashMap<>();
    CheckpointedProcess root = images.processes().get(0);
    for (Descriptor descriptor : files.of(root).descriptors()) {
      if (descriptor.number() < STREAMS.size()
          && descriptor.file() instanceof Pipe pipe
          && pipe.kind() == fd_types.PIPE
          && hasOneEnd(pipe, files)) {
        pipes
            .computeIfAbsent(pipe.pipeId(), id -> new ArrayList<>())
            .add(STREAMS.get(descriptor.number()));
      }
    }
    return pipes.entrySet().stream().map(pipe -> record(pipe.getKey(), pipe.getValue())).toList();
  }

  private static StreamRecord record(long pipe, List<String> names) {
    String key = KEY + pipe + "]";
    int flags = names.contains(STREAMS.get(0)) ? READ : WRITE;
    return new StreamRecord(names, key, key.substring(1), flags, 0);
  }

  /**
   * Makes sure that nothing is lost of the files that take the place of pipes: CRIU opens such a
   * file anew, as it would the pipe, and so has it written from its beginning.
   *
   * @throws PhaseFailure if there is something in one
   */
  static void requireRoom(List<StreamSource> streams) throws IOException {
    for (StreamSource source : streams) {
      boolean pipe = source.stream().key().startsWith(KEY);
      if (pipe && source.stream().flags() == WRITE && Files.size(source.path()) > 0) {
        throw new PhaseFailure(
            PhaseFailure.CONFIG,
            String.join(", ", source.stream().names())
                + " was a pipe at dump, and would be written over what is in "
                + source.path()
                + ": map an empty file");
      }
    }
  }

  /** The other end of a pipe within the container is in the images. */
  private static boolean hasOneEnd(Pipe pipe, OpenFiles files) {
    return files.all().stream()
            .filter(file -> file instanceof Pipe other && other.pipeId() == pipe.pipeId())
            .map(OpenFile::id)
            .distinct()
            .count()
        == 1;
  }
}
