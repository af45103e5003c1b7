// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Digests and writes what another thread reads ahead: each part by two threads at once, since on
 * the bytes of a file both cost more than reading it. What fits one part starts no thread.
 */
final class ArchivePipe implements AutoCloseable {

  private static final int PART = 1 << 18;
  private static final int PARTS = 4;

  private record InFlight(ByteBuffer part, Future<?> digested, Future<?> written) {}

  private final WritableByteChannel out;
  private final Sha256 sha256 = Sha256.begin();
  private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
  private final ArrayDeque<ByteBuffer> empty = new ArrayDeque<>();
  private @Nullable ExecutorService digester;
  private @Nullable ExecutorService writer;
  private int parts;

  ArchivePipe(WritableByteChannel out) {
    this.out = out;
  }

  /** An empty buffer to fill; waits for one where all are on their way. */
  ByteBuffer emptyPart() throws IOException {
    if (!empty.isEmpty()) {
      return empty.removeFirst();
    }
    if (parts < PARTS) {
      parts++;
      return ByteBuffer.allocateDirect(PART);
    }
    return awaitOldest();
  }

  /** Takes a part that {@link #emptyPart} gave, flipped. */
  void send(ByteBuffer part) {
    if (digester == null || writer == null) {
      digester = thread("criu-bridge-digest");
      writer = thread("criu-bridge-write");
    }
    Future<?> digested = digester.submit(() -> sha256.update(part));
    Future<?> written =
        writer.submit(
            () -> {
              write(part.duplicate());
              return part;
            });
    inFlight.addLast(new InFlight(part, digested, written));
  }

  /** Waits for all that was sent, and takes the rest at once. */
  void drain(ByteBuffer rest) throws IOException {
    while (!inFlight.isEmpty()) {
      empty.addLast(awaitOldest());
    }
    sha256.update(rest);
    write(rest);
  }

  /** Ends the digest, in lower case hexadecimal. */
  String digest() {
    return sha256.finish();
  }

  private void write(ByteBuffer part) throws IOException {
    try {
      while (part.hasRemaining()) {
        out.write(part);
      }
    } catch (IOException e) {
      throw new IOException("write the archive: " + Errno.describe(e), e);
    }
  }

  private ByteBuffer awaitOldest() throws IOException {
    InFlight oldest = inFlight.removeFirst();
    try {
      oldest.digested().get();
      oldest.written().get();
      return oldest.part().clear();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the archive was written");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure
          ? failure
          : new IOException("write the archive: " + e.getCause(), e);
    }
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.shutdownNow();
    }
    if (digester != null) {
      digester.shutdownNow();
      awaitEnd(digester);
    }
    sha256.close();
  }

  /** The digest's memory must not be given back under a part that is just being digested. */
  private static void awaitEnd(ExecutorService thread) {
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
