// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Files of one directory that wait for the disk together, since a disk takes hardly longer for six
 * than for one. None is seen before all are on disk, and the last one, which vouches for the
 * others, not before they are. Closed without {@link #publish} they are removed.
 */
public final class Publication implements AutoCloseable {

  private final Path directory;
  private final List<PublishedFile> files = new ArrayList<>();

  /** Begins with no file; all will be in this directory. */
  public Publication(Path directory) {
    this.directory = directory;
  }

  /** Adds a file that has all its content, and takes it over. */
  public void add(PublishedFile file) {
    files.add(file);
  }

  /** Adds a file of this content. */
  public void add(String name, byte[] content, int mode) throws IOException {
    PublishedFile file = PublishedFile.create(directory.resolve(name), mode);
    files.add(file);
    file.append(content);
  }

  /** Makes the files durable and gives them their names, in the order in which they were added. */
  public void publish() throws IOException {
    if (files.isEmpty()) {
      return;
    }
    force();
    for (PublishedFile file : files) {
      file.replace();
    }
    // Once, as tasks stand still meanwhile: a journal keeps the order of renamings in one
    // directory.
    PublishedFile.sync(directory);
  }

  private void force() throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(files.size());
    try {
      List<Callable<Void>> all = new ArrayList<>();
      for (PublishedFile file : files) {
        all.add(
            () -> {
              file.force();
              return null;
            });
      }
      for (Future<Void> forced : threads.invokeAll(all)) {
        forced.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(directory + ": interrupted before its files were on disk");
    } catch (ExecutionException e) {
      throw new IOException(directory + ": " + e.getCause(), e);
    } finally {
      threads.shutdown();
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (PublishedFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
