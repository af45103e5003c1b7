// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.Message;
import java.util.Optional;

/**
 * The kinds of image file, named as CRIU's {@code crit} names them: the file's name, its head and
 * magic, the message of its entries and what follows them. A constant ending in {@code _OLD} is a
 * file that only CRIU before 1.0 wrote.
 *
 * <p>Source: criu/include/magic.h, criu/include/image-desc.h, criu/image-desc.c.
 */
@SuppressWarnings("ImmutableEnumChecker") // FileNamePattern is a record of immutable values.
public enum ImageType {
  APPARMOR("apparmor.img", 0x59423047, "apparmor_entry"),
  AUTOFS("autofs-%u.img", 0x49353943, "autofs_entry"),
  BINFMT_MISC("binfmt-misc.img", 0x67343323, "binfmt_misc_entry"),
  BINFMT_MISC_OLD("binfmt-misc-%u.img", 0x67343323, "binfmt_misc_entry"),
  BPFMAP_DATA("bpfmap-data.img", 0x64324033, PayloadRule.BPF_MAP, "bpfmap_data_entry"),
  BPFMAP_FILE("bpfmap-file.img", 0x57506142, "bpfmap_file_entry"),
  CGROUP("cgroup.img", 0x59383330, "cgroup_entry"),
  CORE("core-%u.img", 0x55053847, "core_entry"),
  CPUINFO("cpuinfo.img", 0x61404013, "cpuinfo_entry"),
  CREDS("creds-%u.img", 0x54023547, "creds_entry"),
  EVENTFD_FILE("eventfd.img", 0x44523722, "eventfd_file_entry"),
  EVENTPOLL_FILE("eventpoll.img", 0x45023858, "eventpoll_file_entry"),
  EVENTPOLL_TFD("eventpoll-tfd.img", 0x44433746, "eventpoll_tfd_entry"),
  EXT_FILES("ext-files.img", 0x59255641, "ext_file_entry"),
  FANOTIFY_FILE("fanotify.img", 0x55096122, "fanotify_file_entry"),
  FANOTIFY_MARK("fanotify-mark.img", 0x56506035, "fanotify_mark_entry"),
  FDINFO("fdinfo-%u.img", 0x56213732, "fdinfo_entry"),
  FIFO("fifo.img", 0x58364939, "fifo_entry"),
  FIFO_DATA("fifo-data.img", 0x59333054, PayloadRule.PIPE_DATA, "pipe_data_entry"),
  FILES("files.img", 0x56303138, "file_entry"),
  FILE_LOCKS("filelocks.img", 0x54323616, "file_lock_entry"),
  FS("fs-%u.img", 0x51403912, "fs_entry"),
  GHOST_FILE("ghost-file-%x.img", 0x52583605, PayloadRule.GHOST_FILE, "ghost_file_entry"),
  IDS("ids-%u.img", 0x54432030, "task_kobj_ids_entry"),
  IFADDR("ifaddr-%u.img"),
  INETSK("inetsk.img", 0x56443851, "inet_sk_entry"),
  INOTIFY_FILE("inotify.img", 0x48424431, "inotify_file_entry"),
  INOTIFY_WD("inotify-wd.img", 0x54562009, "inotify_wd_entry"),
  INVENTORY(ImageHead.NONE, "inventory.img", 0x58313116, "inventory_entry"),
  IP6TABLES("ip6tables-%u.img"),
  IPCNS_MSG("ipcns-msg-%u.img", 0x55453737, PayloadRule.IPC_MESSAGES, "ipc_msg_entry"),
  IPCNS_SEM("ipcns-sem-%u.img", 0x59573019, PayloadRule.IPC_SEMAPHORES, "ipc_sem_entry"),
  IPCNS_SHM("ipcns-shm-%u.img", 0x46283044, PayloadRule.IPC_SHARED_MEMORY, "ipc_shm_entry"),
  IPC_VAR("ipcns-var-%u.img", 0x53115007, "ipc_var_entry"),
  IPTABLES("iptables-%u.img"),
  IRMAP_CACHE(ImageHead.SERVICE, "irmap-cache", 0x57004059, "irmap_cache_entry"),
  ITIMERS("itimers-%u.img", 0x57464056, "itimer_entry"),
  MEMFD_INODE("memfd.img", 0x48453499, "memfd_inode_entry"),
  MM("mm-%u.img", 0x57492820, "mm_entry"),
  MNTS("mountpoints-%u.img", 0x55563928, "mnt_entry"),
  NETDEV("netdev-%u.img", 0x57373951, "net_device_entry"),
  NETLINK_SK("netlinksk.img", 0x58005614, "netlink_sk_entry"),
  NETNF_CT("netns-ct-%u.img"),
  NETNF_EXP("netns-exp-%u.img"),
  NETNS("netns-%u.img", 0x55933752, "netns_entry"),
  NFTABLES("nftables-%u.img"),
  NS_FILES("ns-files.img", 0x61394011, "ns_file_entry"),
  PACKETSK("packetsk.img", 0x60454618, "packet_sock_entry"),
  PAGEMAP("pagemap-%lu.img", 0x56084025, PayloadRule.PAGEMAP, "pagemap_head"),
  PAGES("pages-%u.img"),
  PAGES_OLD("pages-%d.img", 0x56084025, PayloadRule.OLD_PAGES),
  PIDFD("pidfd.img", 0x54435556, "pidfd_entry"),
  PIDNS("pidns-%u.img", 0x61157326, "pidns_entry"),
  PIPES("pipes.img", 0x56513555, "pipe_entry"),
  PIPES_DATA("pipes-data.img", 0x56453709, PayloadRule.PIPE_DATA, "pipe_data_entry"),
  POSIX_TIMERS("posix-timers-%u.img", 0x52603957, "posix_timer_entry"),
  PSIGNAL("signal-p-%u.img", 0x59255647, "siginfo_entry"),
  PSTREE("pstree.img", 0x50273030, "pstree_entry"),
  REG_FILES("reg-files.img", 0x50363636, "reg_file_entry"),
  REMAP_FPATH("remap-fpath.img", 0x59133954, "remap_file_path_entry"),
  RLIMIT("rlimit-%u.img", 0x57113925, "rlimit_entry"),
  ROUTE("route-%u.img"),
  ROUTE6("route6-%u.img"),
  RULE("rule-%u.img"),
  SECCOMP("seccomp.img", 0x64413049, "seccomp_entry"),
  SHMEM_PAGEMAP("pagemap-shmem-%lu.img", 0x56084025, PayloadRule.PAGEMAP, "pagemap_head"),
  SHM_PAGES_OLD("pages-shmem-%ld.img", 0x56084025, PayloadRule.OLD_PAGES),
  SIGACT("sigacts-%u.img", 0x55344201, "sa_entry"),
  SIGNAL("signal-s-%u.img", 0x59255647, "siginfo_entry"),
  SIGNALFD("signalfd.img", 0x57323820, "signalfd_entry"),
  SK_QUEUES("sk-queues.img", 0x56264026, PayloadRule.SOCKET_QUEUE, "sk_packet_entry"),
  STATS(ImageHead.SERVICE, "stats-%s", 0x57093306, "stats_entry"),
  TCP_STREAM("tcp-stream-%x.img", 0x51465506, PayloadRule.TCP_STREAM, "tcp_stream_entry"),
  TIMENS("timens-%u.img", 0x43114433, "timens_entry"),
  TIMERFD("timerfd.img", 0x50493712, "timerfd_entry"),
  TMPFS_DEV("tmpfs-dev-%u.tar.gz.img"),
  TMPFS_IMG("tmpfs-%u.tar.gz.img"),
  TTY_DATA("tty-data.img", 0x59413026, "tty_data_entry"),
  TTY_FILES("tty.img", 0x59433025, "tty_file_entry"),
  TTY_INFO("tty-info.img", 0x59453036, "tty_info_entry"),
  TUNFILE("tunfile.img", 0x57143751, "tunfile_entry"),
  UNIXSK("unixsk.img", 0x54373943, "unix_sk_entry"),
  USERNS("userns-%u.img", 0x55474906, "userns_entry"),
  UTSNS("utsns-%u.img", 0x54473203, "utsns_entry"),
  VMAS("vmas-%u.img", 0x54123737, "vma_entry");

  private final ImageHead head;
  private final FileNamePattern fileName;
  private final int magic;
  private final PayloadRule payloadRule;
  private final String messageName;

  ImageType(String filePattern, int magic, String messageName) {
    this(ImageHead.COMMON, filePattern, magic, PayloadRule.NONE, messageName);
  }

  ImageType(String filePattern, int magic, PayloadRule payloadRule, String messageName) {
    this(ImageHead.COMMON, filePattern, magic, payloadRule, messageName);
  }

  ImageType(ImageHead head, String filePattern, int magic, String messageName) {
    this(head, filePattern, magic, PayloadRule.NONE, messageName);
  }

  ImageType(String filePattern, int magic, PayloadRule payloadRule) {
    this(ImageHead.COMMON, filePattern, magic, payloadRule, "");
  }

  ImageType(String filePattern) {
    this(ImageHead.NONE, filePattern, 0, PayloadRule.RAW, "");
  }

  ImageType(
      ImageHead head, String filePattern, int magic, PayloadRule payloadRule, String messageName) {
    this.head = head;
    this.fileName = FileNamePattern.of(filePattern);
    this.magic = magic;
    this.payloadRule = payloadRule;
    this.messageName = messageName;
  }

  /** What stands before the magic. */
  public ImageHead head() {
    return head;
  }

  /** The magic, as a little-endian number; 0 for a raw file. Some types share one. */
  public int magic() {
    return magic;
  }

  /** What follows the messages of the entries. */
  public PayloadRule payloadRule() {
    return payloadRule;
  }

  /**
   * Whether a file of this type is a sequence of entries; otherwise it is bytes of another format.
   */
  public boolean hasEntries() {
    return switch (payloadRule) {
      case RAW, OLD_PAGES -> false;
      default -> true;
    };
  }

  /**
   * The empty message of the (first) entry.
   *
   * @throws IllegalStateException if this type has no entries
   */
  public Message prototype() {
    return EntryMessages.first(this);
  }

  /**
   * The name by which crit knows this type's magic: types of one magic have one name, but for those
   * without entries.
   */
  public String critName() {
    return switch (this) {
      case SHMEM_PAGEMAP -> PAGEMAP.name();
      case PSIGNAL -> SIGNAL.name();
      case BINFMT_MISC_OLD -> BINFMT_MISC.name();
      default -> name();
    };
  }

  /** The name of the (first) entry's message in CRIU's schema; empty if there are no entries. */
  public String messageName() {
    return messageName;
  }

  /** How this type's files are named. */
  public FileNamePattern fileName() {
    return fileName;
  }

  /** The type of a file, by the last part of its path; none if CRIU writes no such file. */
  public static Optional<ImageType> ofFileName(String name) {
    for (ImageType type : values()) {
      if (type.fileName.matches(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
