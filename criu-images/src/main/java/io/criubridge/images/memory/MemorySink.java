// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the bytes of a memory, upwards. */
@FunctionalInterface
public interface MemorySink {

  /**
   * Takes some bytes.
   *
   * @param address of the first; if it is not the one after the last bytes', those between are not
   *     in the images
   * @param bytes valid during the call
   */
  void accept(long address, ByteBuffer bytes) throws IOException;
}
