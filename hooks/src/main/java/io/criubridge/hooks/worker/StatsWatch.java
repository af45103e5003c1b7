// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.worker;

import io.criubridge.core.checkpoint.CheckpointLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sees CRIU write the statistics of its dump, which it does last and only when all went well. A
 * caller of CRIU may remove the work directory with them as soon as CRIU has ended, as runtimes
 * may; the kernel keeps the news that the file was made.
 */
final class StatsWatch implements AutoCloseable {

  /** How long the news may take from the kernel through the JDK's thread. */
  private static final Duration DELIVERY = Duration.ofMillis(500);

  private final Path directory;
  private final WatchService watch;

  private StatsWatch(Path directory, WatchService watch) {
    this.directory = directory;
    this.watch = watch;
  }

  /** Begins to watch CRIU's work directory; the file must not be there yet. */
  static StatsWatch of(Path workDirectory) throws IOException {
    WatchService watch = workDirectory.getFileSystem().newWatchService();
    workDirectory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    return new StatsWatch(workDirectory, watch);
  }

  /** Whether the file is there, or was at any time since. */
  boolean sawStats() throws IOException {
    if (Files.exists(directory.resolve(CheckpointLayout.CRIU_STATS))) {
      return true;
    }
    try {
      WatchKey key = watch.poll(DELIVERY.toMillis(), TimeUnit.MILLISECONDS);
      while (key != null) {
        for (WatchEvent<?> event : key.pollEvents()) {
          if (event.kind() == StandardWatchEventKinds.OVERFLOW
              || Path.of(CheckpointLayout.CRIU_STATS).equals(event.context())) {
            return true;
          }
        }
        key.reset();
        key = watch.poll(DELIVERY.toMillis(), TimeUnit.MILLISECONDS);
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for CRIU's statistics", e);
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
