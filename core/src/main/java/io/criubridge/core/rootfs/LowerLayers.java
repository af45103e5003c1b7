// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The layers of an image, looked at as an overlay of them would show them. Of directories that a
 * layer has renamed ({@code redirect_dir}) only the new place is known: engines make no such
 * images.
 */
public final class LowerLayers implements AutoCloseable {

  /** An archive has what is in one directory in a row, so that a few directories are enough. */
  private static final int REMEMBERED = 256;

  private final List<ScopedRoot> layers = new ArrayList<>();
  private final Map<BytePath, List<ScopedRoot>> directories =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<BytePath, List<ScopedRoot>> eldest) {
          return size() > REMEMBERED;
        }
      };

  private LowerLayers() {}

  /**
   * Opens the layers.
   *
   * @param paths topmost first
   */
  public static LowerLayers open(List<Path> paths) throws IOException {
    LowerLayers opened = new LowerLayers();
    try {
      for (Path path : paths) {
        opened.layers.add(ScopedRoot.open(path));
      }
      return opened;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  /** Whether the image has something at a path. */
  public boolean has(BytePath path) throws IOException {
    if (path.isRoot()) {
      return !layers.isEmpty();
    }
    for (ScopedRoot layer : showing(path.parent())) {
      Optional<Fd> found = layer.findStrict(path);
      if (found.isPresent()) {
        try (Fd fd = found.get()) {
          return !OverlayMarks.isWhiteout(fd);
        }
      }
    }
    return false;
  }

  /** The layers whose names in a directory are to be seen, topmost first. */
  private List<ScopedRoot> showing(BytePath directory) throws IOException {
    if (directory.isRoot()) {
      return layers;
    }
    List<ScopedRoot> known = directories.get(directory);
    if (known == null) {
      known = find(directory);
      directories.put(directory, known);
    }
    return known;
  }

  private List<ScopedRoot> find(BytePath directory) throws IOException {
    List<ScopedRoot> showing = new ArrayList<>();
    for (ScopedRoot layer : showing(directory.parent())) {
      Optional<Fd> found = layer.findStrict(directory);
      if (found.isPresent()) {
        try (Fd fd = found.get()) {
          if (!Syscalls.fstat(fd).isDirectory()) {
            break;
          }
          showing.add(layer);
          if (OverlayMarks.hidesLayersBelow(fd)) {
            break;
          }
        }
      }
    }
    return showing;
  }

  @Override
  public void close() throws IOException {
    for (ScopedRoot layer : layers) {
      layer.close();
    }
  }
}
