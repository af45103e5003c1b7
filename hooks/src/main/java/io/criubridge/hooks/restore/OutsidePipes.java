// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.hooks.plan.Directive;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFile;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.files.Pipe;
import io.criubridge.images.files.ProcessFiles.Descriptor;
import io.criubridge.images.proto.fd_types;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The standard streams of the root task that are pipes to somebody outside, as a runtime's to its
 * shim are: CRIU would make new ones, which lead nowhere.
 */
final class OutsidePipes {

  private static final int STANDARD_ERROR = 2;

  private OutsidePipes() {}

  static List<Directive> of(ImageSet images) throws IOException {
    OpenFiles files = OpenFiles.read(images);
    Map<Long, Directive> pipes = new LinkedHashMap<>();
    CheckpointedProcess root = images.processes().get(0);
    for (Descriptor descriptor : files.of(root).descriptors()) {
      if (descriptor.number() <= STANDARD_ERROR
          && descriptor.file() instanceof Pipe pipe
          && pipe.kind() == fd_types.PIPE
          && hasOneEnd(pipe, files)) {
        pipes.putIfAbsent(
            pipe.pipeId(),
            new Directive.TakeFd("pipe:[" + pipe.pipeId() + "]", descriptor.number()));
      }
    }
    return List.copyOf(pipes.values());
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
