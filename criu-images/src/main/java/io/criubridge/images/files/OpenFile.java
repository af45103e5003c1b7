// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import io.criubridge.images.proto.fd_types;

/**
 * An open file: what a file descriptor, or several of several processes, stand for. Source:
 * images/fdinfo.proto, file_entry.
 */
public sealed interface OpenFile
    permits RegularFile, Pipe, InetSocket, UnixSocket, MemoryFile, SpecialFile {

  /** The file's number among those of its kind, as file descriptors name it. */
  long id();

  /** What it is, in CRIU's terms. */
  fd_types kind();
}
