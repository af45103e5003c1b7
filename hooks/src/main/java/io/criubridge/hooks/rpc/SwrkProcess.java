// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.process.ProcessSignal;
import io.criubridge.hooks.phase.Phase.Operation;
import io.criubridge.images.proto.criu_req;
import io.criubridge.images.proto.criu_resp;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A {@code criu swrk} process, run by {@code criu-swrk}, with which frames are exchanged. It is
 * known from the beginning, while criu itself starts only when the files it begins with are known.
 */
final class SwrkProcess implements AutoCloseable {

  private static final int MAX_FRAME_BYTES = 16 << 20;
  private static final int SIGKILL = 9;
  private static final long LOOK_EVERY_MILLIS = 20;

  private final Process relay;
  private final Path standardError;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final ProcFs proc;
  private final ProcessIdentity criu;

  private SwrkProcess(Process relay, Path standardError, ProcFs proc) throws IOException {
    this.relay = relay;
    this.standardError = standardError;
    this.proc = proc;
    this.in = new DataInputStream(relay.getInputStream());
    this.out = new DataOutputStream(relay.getOutputStream());
    byte[] pid = readFrame().orElseThrow(() -> new IOException("criu-swrk: " + errorText()));
    this.criu = ProcessIdentity.of(proc, Integer.parseInt(new String(pid, US_ASCII)));
  }

  /**
   * Starts the process that criu will be.
   *
   * @param placeholder the first process of a container to restore into
   * @param options of criu's command line
   */
  static SwrkProcess start(
      CriuPrograms programs,
      Operation operation,
      Optional<ProcessIdentity> placeholder,
      List<String> options,
      ProcFs proc)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(programs.relay().toString());
    command.add(operation.name().toLowerCase(Locale.ROOT));
    command.add(placeholder.map(init -> Integer.toString(init.pid())).orElse("-"));
    command.add(programs.criu().toString());
    command.addAll(options);
    Path standardError = Files.createTempFile("criu-bridge", ".stderr");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(standardError.toFile());
      // A plugin that is installed for all of the node is not to take part a second time.
      builder.environment().put("CRIU_BRIDGE_PARTICIPATION", "never");
      return greeted(builder.start(), standardError, proc);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(standardError);
      throw e;
    }
  }

  private static SwrkProcess greeted(Process relay, Path standardError, ProcFs proc)
      throws IOException {
    try {
      return new SwrkProcess(relay, standardError, proc);
    } catch (IOException | RuntimeException e) {
      // What was to be criu has not begun, and ends with its socket.
      relay.destroyForcibly();
      throw e;
    }
  }

  /** The process that is criu once it has begun. */
  ProcessIdentity criu() {
    return criu;
  }

  /** Starts criu as the frames say, with a request; that it has ended over it is heard next. */
  void begin(List<BeginFrame> frames, criu_req request) {
    try {
      for (BeginFrame frame : frames) {
        writeFrame(frame.bytes());
      }
      writeFrame(BeginFrame.EXEC.bytes());
      send(request);
    } catch (IOException e) {
      // With what it said why.
      return;
    }
  }

  /** Sends a message. */
  void send(criu_req request) throws IOException {
    writeFrame(request.toByteArray());
  }

  /** Waits for a message; empty if criu has ended. */
  Optional<criu_resp> receive() throws IOException {
    Optional<byte[]> frame = readFrame();
    return frame.isEmpty() ? Optional.empty() : Optional.of(criu_resp.parseFrom(frame.get()));
  }

  /** What criu said where its log was not yet open. */
  String errorText() {
    try {
      return new String(Files.readAllBytes(standardError), UTF_8).strip();
    } catch (IOException e) {
      return e.toString();
    }
  }

  boolean isRunning() throws IOException {
    return criu.isAlive(proc);
  }

  /** Ends criu at once, wherever it is. */
  void kill() throws IOException {
    ProcessSignal.send(proc, criu, SIGKILL);
  }

  /**
   * Leaves criu without its peer, on which it gives up in good order, and waits until it has.
   *
   * @return its exit code, beyond 128 if a signal has ended it
   */
  int end() throws IOException {
    try {
      relay.getOutputStream().close();
    } catch (IOException e) {
      // Already closed from the other end.
    }
    return exitCode();
  }

  /** Waits until criu has ended, be it that what relays its messages was killed before. */
  private int exitCode() throws IOException {
    try {
      int exitCode = relay.waitFor();
      while (criu.isAlive(proc)) {
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
      return exitCode;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for criu to end", e);
    }
  }

  private Optional<byte[]> readFrame() throws IOException {
    try {
      int size = in.readInt();
      if (size < 0 || size > MAX_FRAME_BYTES) {
        throw new IOException("criu-swrk: a frame of " + size + " bytes");
      }
      byte[] frame = new byte[size];
      in.readFully(frame);
      return Optional.of(frame);
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  private void writeFrame(byte[] frame) throws IOException {
    try {
      out.writeInt(frame.length);
      out.write(frame);
      out.flush();
    } catch (IOException e) {
      throw new IOException("criu has ended: " + errorText(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      end();
    } finally {
      Files.deleteIfExists(standardError);
    }
  }
}
