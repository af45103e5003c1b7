// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.Message;
import io.criubridge.images.proto.apparmor_entry;
import io.criubridge.images.proto.autofs_entry;
import io.criubridge.images.proto.binfmt_misc_entry;
import io.criubridge.images.proto.bpfmap_data_entry;
import io.criubridge.images.proto.bpfmap_file_entry;
import io.criubridge.images.proto.cgroup_entry;
import io.criubridge.images.proto.core_entry;
import io.criubridge.images.proto.cpuinfo_entry;
import io.criubridge.images.proto.creds_entry;
import io.criubridge.images.proto.eventfd_file_entry;
import io.criubridge.images.proto.eventpoll_file_entry;
import io.criubridge.images.proto.eventpoll_tfd_entry;
import io.criubridge.images.proto.ext_file_entry;
import io.criubridge.images.proto.fanotify_file_entry;
import io.criubridge.images.proto.fanotify_mark_entry;
import io.criubridge.images.proto.fdinfo_entry;
import io.criubridge.images.proto.fifo_entry;
import io.criubridge.images.proto.file_entry;
import io.criubridge.images.proto.file_lock_entry;
import io.criubridge.images.proto.fs_entry;
import io.criubridge.images.proto.ghost_chunk_entry;
import io.criubridge.images.proto.ghost_file_entry;
import io.criubridge.images.proto.inet_sk_entry;
import io.criubridge.images.proto.inotify_file_entry;
import io.criubridge.images.proto.inotify_wd_entry;
import io.criubridge.images.proto.inventory_entry;
import io.criubridge.images.proto.ipc_msg;
import io.criubridge.images.proto.ipc_msg_entry;
import io.criubridge.images.proto.ipc_sem_entry;
import io.criubridge.images.proto.ipc_shm_entry;
import io.criubridge.images.proto.ipc_var_entry;
import io.criubridge.images.proto.irmap_cache_entry;
import io.criubridge.images.proto.itimer_entry;
import io.criubridge.images.proto.memfd_inode_entry;
import io.criubridge.images.proto.mm_entry;
import io.criubridge.images.proto.mnt_entry;
import io.criubridge.images.proto.net_device_entry;
import io.criubridge.images.proto.netlink_sk_entry;
import io.criubridge.images.proto.netns_entry;
import io.criubridge.images.proto.ns_file_entry;
import io.criubridge.images.proto.packet_sock_entry;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pagemap_head;
import io.criubridge.images.proto.pidfd_entry;
import io.criubridge.images.proto.pidns_entry;
import io.criubridge.images.proto.pipe_data_entry;
import io.criubridge.images.proto.pipe_entry;
import io.criubridge.images.proto.posix_timer_entry;
import io.criubridge.images.proto.pstree_entry;
import io.criubridge.images.proto.reg_file_entry;
import io.criubridge.images.proto.remap_file_path_entry;
import io.criubridge.images.proto.rlimit_entry;
import io.criubridge.images.proto.sa_entry;
import io.criubridge.images.proto.seccomp_entry;
import io.criubridge.images.proto.siginfo_entry;
import io.criubridge.images.proto.signalfd_entry;
import io.criubridge.images.proto.sk_packet_entry;
import io.criubridge.images.proto.stats_entry;
import io.criubridge.images.proto.task_kobj_ids_entry;
import io.criubridge.images.proto.tcp_stream_entry;
import io.criubridge.images.proto.timens_entry;
import io.criubridge.images.proto.timerfd_entry;
import io.criubridge.images.proto.tty_data_entry;
import io.criubridge.images.proto.tty_file_entry;
import io.criubridge.images.proto.tty_info_entry;
import io.criubridge.images.proto.tunfile_entry;
import io.criubridge.images.proto.unix_sk_entry;
import io.criubridge.images.proto.userns_entry;
import io.criubridge.images.proto.utsns_entry;
import io.criubridge.images.proto.vma_entry;

/**
 * The message of each type's entries. A switch and not a field of the types, so that a short-lived
 * JVM loads the classes of those messages only that it reads, not of all.
 */
final class EntryMessages {
  private EntryMessages() {}

  /** The empty message of a type's entry that {@link FrameReader} calls by a name. */
  static Message of(ImageType type, String name) {
    return switch (name) {
      case "pagemap_entry" -> pagemap_entry.getDefaultInstance();
      case "ghost_chunk_entry" -> ghost_chunk_entry.getDefaultInstance();
      case "ipc_msg" -> ipc_msg.getDefaultInstance();
      default -> first(type);
    };
  }

  /** The empty message of the type's (first) entry. */
  static Message first(ImageType type) {
    return switch (type) {
      case APPARMOR -> apparmor_entry.getDefaultInstance();
      case AUTOFS -> autofs_entry.getDefaultInstance();
      case BINFMT_MISC, BINFMT_MISC_OLD -> binfmt_misc_entry.getDefaultInstance();
      case BPFMAP_DATA -> bpfmap_data_entry.getDefaultInstance();
      case BPFMAP_FILE -> bpfmap_file_entry.getDefaultInstance();
      case CGROUP -> cgroup_entry.getDefaultInstance();
      case CORE -> core_entry.getDefaultInstance();
      case CPUINFO -> cpuinfo_entry.getDefaultInstance();
      case CREDS -> creds_entry.getDefaultInstance();
      case EVENTFD_FILE -> eventfd_file_entry.getDefaultInstance();
      case EVENTPOLL_FILE -> eventpoll_file_entry.getDefaultInstance();
      case EVENTPOLL_TFD -> eventpoll_tfd_entry.getDefaultInstance();
      case EXT_FILES -> ext_file_entry.getDefaultInstance();
      case FANOTIFY_FILE -> fanotify_file_entry.getDefaultInstance();
      case FANOTIFY_MARK -> fanotify_mark_entry.getDefaultInstance();
      case FDINFO -> fdinfo_entry.getDefaultInstance();
      case FIFO -> fifo_entry.getDefaultInstance();
      case FIFO_DATA, PIPES_DATA -> pipe_data_entry.getDefaultInstance();
      case FILES -> file_entry.getDefaultInstance();
      case FILE_LOCKS -> file_lock_entry.getDefaultInstance();
      case FS -> fs_entry.getDefaultInstance();
      case GHOST_FILE -> ghost_file_entry.getDefaultInstance();
      case IDS -> task_kobj_ids_entry.getDefaultInstance();
      case INETSK -> inet_sk_entry.getDefaultInstance();
      case INOTIFY_FILE -> inotify_file_entry.getDefaultInstance();
      case INOTIFY_WD -> inotify_wd_entry.getDefaultInstance();
      case INVENTORY -> inventory_entry.getDefaultInstance();
      case IPCNS_MSG -> ipc_msg_entry.getDefaultInstance();
      case IPCNS_SEM -> ipc_sem_entry.getDefaultInstance();
      case IPCNS_SHM -> ipc_shm_entry.getDefaultInstance();
      case IPC_VAR -> ipc_var_entry.getDefaultInstance();
      case IRMAP_CACHE -> irmap_cache_entry.getDefaultInstance();
      case ITIMERS -> itimer_entry.getDefaultInstance();
      case MEMFD_INODE -> memfd_inode_entry.getDefaultInstance();
      case MM -> mm_entry.getDefaultInstance();
      case MNTS -> mnt_entry.getDefaultInstance();
      case NETDEV -> net_device_entry.getDefaultInstance();
      case NETLINK_SK -> netlink_sk_entry.getDefaultInstance();
      case NETNS -> netns_entry.getDefaultInstance();
      case NS_FILES -> ns_file_entry.getDefaultInstance();
      case PACKETSK -> packet_sock_entry.getDefaultInstance();
      case PAGEMAP, SHMEM_PAGEMAP -> pagemap_head.getDefaultInstance();
      case PIDFD -> pidfd_entry.getDefaultInstance();
      case PIDNS -> pidns_entry.getDefaultInstance();
      case PIPES -> pipe_entry.getDefaultInstance();
      case POSIX_TIMERS -> posix_timer_entry.getDefaultInstance();
      case PSIGNAL, SIGNAL -> siginfo_entry.getDefaultInstance();
      case PSTREE -> pstree_entry.getDefaultInstance();
      case REG_FILES -> reg_file_entry.getDefaultInstance();
      case REMAP_FPATH -> remap_file_path_entry.getDefaultInstance();
      case RLIMIT -> rlimit_entry.getDefaultInstance();
      case SECCOMP -> seccomp_entry.getDefaultInstance();
      case SIGACT -> sa_entry.getDefaultInstance();
      case SIGNALFD -> signalfd_entry.getDefaultInstance();
      case SK_QUEUES -> sk_packet_entry.getDefaultInstance();
      case STATS -> stats_entry.getDefaultInstance();
      case TCP_STREAM -> tcp_stream_entry.getDefaultInstance();
      case TIMENS -> timens_entry.getDefaultInstance();
      case TIMERFD -> timerfd_entry.getDefaultInstance();
      case TTY_DATA -> tty_data_entry.getDefaultInstance();
      case TTY_FILES -> tty_file_entry.getDefaultInstance();
      case TTY_INFO -> tty_info_entry.getDefaultInstance();
      case TUNFILE -> tunfile_entry.getDefaultInstance();
      case UNIXSK -> unix_sk_entry.getDefaultInstance();
      case USERNS -> userns_entry.getDefaultInstance();
      case UTSNS -> utsns_entry.getDefaultInstance();
      case VMAS -> vma_entry.getDefaultInstance();
      case IFADDR,
          IP6TABLES,
          IPTABLES,
          NETNF_CT,
          NETNF_EXP,
          NFTABLES,
          PAGES,
          PAGES_OLD,
          ROUTE,
          ROUTE6,
          RULE,
          SHM_PAGES_OLD,
          TMPFS_DEV,
          TMPFS_IMG ->
          throw new IllegalStateException(type + " has no entries");
    };
  }
}
