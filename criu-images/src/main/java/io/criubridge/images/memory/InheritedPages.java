// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import io.criubridge.images.ImageEntry;
import io.criubridge.images.ImageReader;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.pagemap_entry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Pages that a dump leaves to the one before it, without which it cannot be restored. */
public final class InheritedPages {

  private InheritedPages() {}

  /**
   * Finds a pagemap that has such pages. The dump before is not looked for.
   *
   * @return the name of the first one
   */
  public static Optional<String> find(ImageSet set) throws IOException {
    for (ImageType type : List.of(ImageType.PAGEMAP, ImageType.SHMEM_PAGEMAP)) {
      for (long id : set.ids(type)) {
        String name = type.fileName().name(id);
        if (isIncrement(set, name)) {
          return Optional.of(name);
        }
      }
    }
    return Optional.empty();
  }

  /** Not by the set, which would keep all entries: there may be millions. */
  private static boolean isIncrement(ImageSet set, String name) throws IOException {
    try (ImageReader reader = ImageReader.open(set.file(name))) {
      for (Optional<ImageEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        if (next.get().message() instanceof pagemap_entry pages && PageCursor.isInherited(pages)) {
          return true;
        }
      }
    }
    return false;
  }
}
