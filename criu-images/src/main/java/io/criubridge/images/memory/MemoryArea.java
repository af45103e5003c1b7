// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import com.google.protobuf.ByteString;
import java.util.Optional;

/**
 * A range of addresses with one meaning, as proc_pid_maps(5) has in a line. Addresses are unsigned.
 * Source: images/vma.proto, criu/include/image.h.
 *
 * @param start its first address
 * @param end the address after it
 * @param protection as of mmap(2)
 * @param fileOffset where in the file or shared memory it begins, in bytes
 * @param objectId the number of its file or shared memory; without meaning for other kinds
 * @param isPrivate whether pages that the process wrote are its own
 * @param dumped whether CRIU looks for its pages at all
 * @param path of the file that is mapped, or the name of the file in memory
 */
public record MemoryArea(
    long start,
    long end,
    int protection,
    long fileOffset,
    long objectId,
    boolean isPrivate,
    boolean dumped,
    AreaKind kind,
    Optional<ByteString> path) {

  /** How long it is, in bytes. */
  public long bytes() {
    return end - start;
  }

  /** Whether an address is in it. */
  public boolean contains(long address) {
    return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
  }

  /** {@code rwxp}, as in proc_pid_maps(5). */
  public String permissions() {
    return ((protection & 1) == 0 ? "-" : "r")
        + ((protection & 2) == 0 ? "-" : "w")
        + ((protection & 4) == 0 ? "-" : "x")
        + (isPrivate ? "p" : "s");
  }
}
