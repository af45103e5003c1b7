// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.memory.MemorySink;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Prints bytes sixteen in a line, a star for lines like the last, and a line for each gap. */
final class HexDump implements MemorySink {
  private static final int WIDTH = 16;

  private final Output output;
  private byte[] last = {};
  private boolean starred;
  private long next;
  private boolean begun;

  HexDump(Output output) {
    this.output = output;
  }

  @Override
  public void accept(long address, ByteBuffer bytes) {
    if (begun && address != next) {
      output.line("(%d bytes are not in the images)".formatted(address - next));
      last = new byte[0];
    }
    begun = true;
    byte[] line = new byte[WIDTH];
    // Pages come whole, so that lines do too.
    for (long at = address; bytes.hasRemaining(); at += WIDTH) {
      bytes.get(line);
      print(at, line);
      next = at + WIDTH;
    }
  }

  private void print(long address, byte[] line) {
    if (Arrays.equals(line, last)) {
      if (!starred) {
        output.line("*");
      }
      starred = true;
      return;
    }
    last = line.clone();
    starred = false;
    StringBuilder hex = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (byte each : line) {
      hex.append(" %02x".formatted(each));
      text.append(each >= ' ' && each < 0x7f ? (char) each : '.');
    }
    output.line("%012x %s  %s".formatted(address, hex, text));
  }
}
