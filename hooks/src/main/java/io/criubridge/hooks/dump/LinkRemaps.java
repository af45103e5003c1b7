// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.images.ImageEntry;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.remap_file_path_entry;
import io.criubridge.images.proto.remap_type;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The links {@code link_remap.N} that CRIU makes among the container's files, with {@code
 * --link-remap}, for open files that have lost the name they were opened by and still have another.
 */
final class LinkRemaps {

  private LinkRemaps() {}

  /** Whether CRIU has made any. */
  static boolean isAny(Path imageDirectory) throws IOException {
    String image = ImageType.REMAP_FPATH.fileName().name();
    for (ImageEntry entry : new ImageSet(imageDirectory).entries(image)) {
      if (((remap_file_path_entry) entry.message()).getRemapType() == remap_type.LINKED) {
        return true;
      }
    }
    return false;
  }
}
