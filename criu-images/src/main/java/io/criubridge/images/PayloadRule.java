// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

/**
 * What follows the messages of an image's entries. Payload is not framed: its length is told by the
 * message before it, and every number in it is little-endian.
 */
public enum PayloadRule {
  /** Nothing, and every entry has the same message. */
  NONE,
  /**
   * Nothing; the first entry is a {@code pagemap_head}, all others are {@code pagemap_entry}.
   * Source: criu/pagemap.c, open_page_read_at().
   */
  PAGEMAP,
  /**
   * One {@code ghost_file_entry}. If it says {@code chunks}, entries {@code ghost_chunk_entry}
   * follow, each with {@code len} bytes; otherwise the file's content, to the end of the image.
   * Source: criu/files-reg.c, dump_ghost_file().
   */
  GHOST_FILE,
  /** The {@code bytes} bytes that were in the pipe. Source: criu/pipes.c, dump_one_pipe_data(). */
  PIPE_DATA,
  /** The {@code length} bytes of a packet. Source: criu/sk-queue.c, dump_packet_cb(). */
  SOCKET_QUEUE,
  /**
   * The {@code inq_len} bytes received and the {@code outq_len} bytes to send, after the only
   * entry. Source: criu/sk-tcp.c, dump_tcp_conn_state().
   */
  TCP_STREAM,
  /** {@code keys_bytes} and {@code values_bytes} bytes. Source: criu/bpfmap.c. */
  BPF_MAP,
  /** {@code nsems} 16 bit values, padded to 8 bytes. Source: criu/ipc_ns.c, dump_ipc_sem_set(). */
  IPC_SEMAPHORES,
  /**
   * After an {@code ipc_msg_entry}, {@code qnum} entries {@code ipc_msg}, each with {@code msize}
   * bytes, padded to 8. Source: criu/ipc_ns.c, dump_ipc_msg_queue_messages().
   */
  IPC_MESSAGES,
  /**
   * {@code size} bytes, padded to 4, unless the entry says {@code in_pagemaps}, as all do since
   * CRIU 3. Source: criu/ipc_ns.c, restore_content().
   */
  IPC_SHARED_MEMORY,
  /** The file has no magic and no entries: it is pages, or another program's format. */
  RAW,
  /** The pages of CRIU before 1.0, which have a magic but no entries. Not read. */
  OLD_PAGES;

  /** Whether there is nothing beside the messages. */
  public boolean isMessagesOnly() {
    return this == NONE || this == PAGEMAP;
  }
}
