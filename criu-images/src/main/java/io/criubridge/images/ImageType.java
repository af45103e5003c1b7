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
import io.criubridge.images.proto.ghost_file_entry;
import io.criubridge.images.proto.inet_sk_entry;
import io.criubridge.images.proto.inotify_file_entry;
import io.criubridge.images.proto.inotify_wd_entry;
import io.criubridge.images.proto.inventory_entry;
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
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The kinds of image file, named as CRIU's {@code crit} names them: the file's name, its head and
 * magic, the message of its entries and what follows them. A constant ending in {@code _OLD} is a
 * file that only CRIU before 1.0 wrote.
 *
 * <p>Source: criu/include/magic.h, criu/include/image-desc.h, criu/image-desc.c.
 */
// The suppliers give constants, and the name pattern is a record of constants.
@SuppressWarnings("ImmutableEnumChecker")
public enum ImageType {
  APPARMOR("apparmor.img", 0x59423047, apparmor_entry::getDefaultInstance),
  AUTOFS("autofs-%u.img", 0x49353943, autofs_entry::getDefaultInstance),
  BINFMT_MISC("binfmt-misc.img", 0x67343323, binfmt_misc_entry::getDefaultInstance),
  BINFMT_MISC_OLD("binfmt-misc-%u.img", 0x67343323, binfmt_misc_entry::getDefaultInstance),
  BPFMAP_DATA(
      "bpfmap-data.img", 0x64324033, bpfmap_data_entry::getDefaultInstance, PayloadRule.BPF_MAP),
  BPFMAP_FILE("bpfmap-file.img", 0x57506142, bpfmap_file_entry::getDefaultInstance),
  CGROUP("cgroup.img", 0x59383330, cgroup_entry::getDefaultInstance),
  CORE("core-%u.img", 0x55053847, core_entry::getDefaultInstance),
  CPUINFO("cpuinfo.img", 0x61404013, cpuinfo_entry::getDefaultInstance),
  CREDS("creds-%u.img", 0x54023547, creds_entry::getDefaultInstance),
  EVENTFD_FILE("eventfd.img", 0x44523722, eventfd_file_entry::getDefaultInstance),
  EVENTPOLL_FILE("eventpoll.img", 0x45023858, eventpoll_file_entry::getDefaultInstance),
  EVENTPOLL_TFD("eventpoll-tfd.img", 0x44433746, eventpoll_tfd_entry::getDefaultInstance),
  EXT_FILES("ext-files.img", 0x59255641, ext_file_entry::getDefaultInstance),
  FANOTIFY_FILE("fanotify.img", 0x55096122, fanotify_file_entry::getDefaultInstance),
  FANOTIFY_MARK("fanotify-mark.img", 0x56506035, fanotify_mark_entry::getDefaultInstance),
  FDINFO("fdinfo-%u.img", 0x56213732, fdinfo_entry::getDefaultInstance),
  FIFO("fifo.img", 0x58364939, fifo_entry::getDefaultInstance),
  FIFO_DATA(
      "fifo-data.img", 0x59333054, pipe_data_entry::getDefaultInstance, PayloadRule.PIPE_DATA),
  FILES("files.img", 0x56303138, file_entry::getDefaultInstance),
  FILE_LOCKS("filelocks.img", 0x54323616, file_lock_entry::getDefaultInstance),
  FS("fs-%u.img", 0x51403912, fs_entry::getDefaultInstance),
  GHOST_FILE(
      "ghost-file-%x.img",
      0x52583605, ghost_file_entry::getDefaultInstance, PayloadRule.GHOST_FILE),
  IDS("ids-%u.img", 0x54432030, task_kobj_ids_entry::getDefaultInstance),
  IFADDR("ifaddr-%u.img"),
  INETSK("inetsk.img", 0x56443851, inet_sk_entry::getDefaultInstance),
  INOTIFY_FILE("inotify.img", 0x48424431, inotify_file_entry::getDefaultInstance),
  INOTIFY_WD("inotify-wd.img", 0x54562009, inotify_wd_entry::getDefaultInstance),
  INVENTORY(ImageHead.NONE, "inventory.img", 0x58313116, inventory_entry::getDefaultInstance),
  IP6TABLES("ip6tables-%u.img"),
  IPCNS_MSG(
      "ipcns-msg-%u.img", 0x55453737, ipc_msg_entry::getDefaultInstance, PayloadRule.IPC_MESSAGES),
  IPCNS_SEM(
      "ipcns-sem-%u.img",
      0x59573019, ipc_sem_entry::getDefaultInstance, PayloadRule.IPC_SEMAPHORES),
  IPCNS_SHM(
      "ipcns-shm-%u.img",
      0x46283044, ipc_shm_entry::getDefaultInstance, PayloadRule.IPC_SHARED_MEMORY),
  IPC_VAR("ipcns-var-%u.img", 0x53115007, ipc_var_entry::getDefaultInstance),
  IPTABLES("iptables-%u.img"),
  IRMAP_CACHE(ImageHead.SERVICE, "irmap-cache", 0x57004059, irmap_cache_entry::getDefaultInstance),
  ITIMERS("itimers-%u.img", 0x57464056, itimer_entry::getDefaultInstance),
  MEMFD_INODE("memfd.img", 0x48453499, memfd_inode_entry::getDefaultInstance),
  MM("mm-%u.img", 0x57492820, mm_entry::getDefaultInstance),
  MNTS("mountpoints-%u.img", 0x55563928, mnt_entry::getDefaultInstance),
  NETDEV("netdev-%u.img", 0x57373951, net_device_entry::getDefaultInstance),
  NETLINK_SK("netlinksk.img", 0x58005614, netlink_sk_entry::getDefaultInstance),
  NETNF_CT("netns-ct-%u.img"),
  NETNF_EXP("netns-exp-%u.img"),
  NETNS("netns-%u.img", 0x55933752, netns_entry::getDefaultInstance),
  NFTABLES("nftables-%u.img"),
  NS_FILES("ns-files.img", 0x61394011, ns_file_entry::getDefaultInstance),
  PACKETSK("packetsk.img", 0x60454618, packet_sock_entry::getDefaultInstance),
  PAGEMAP("pagemap-%lu.img", 0x56084025, pagemap_head::getDefaultInstance, PayloadRule.PAGEMAP),
  PAGES("pages-%u.img"),
  PAGES_OLD("pages-%d.img", 0x56084025),
  PIDFD("pidfd.img", 0x54435556, pidfd_entry::getDefaultInstance),
  PIDNS("pidns-%u.img", 0x61157326, pidns_entry::getDefaultInstance),
  PIPES("pipes.img", 0x56513555, pipe_entry::getDefaultInstance),
  PIPES_DATA(
      "pipes-data.img", 0x56453709, pipe_data_entry::getDefaultInstance, PayloadRule.PIPE_DATA),
  POSIX_TIMERS("posix-timers-%u.img", 0x52603957, posix_timer_entry::getDefaultInstance),
  PSIGNAL("signal-p-%u.img", 0x59255647, siginfo_entry::getDefaultInstance),
  PSTREE("pstree.img", 0x50273030, pstree_entry::getDefaultInstance),
  REG_FILES("reg-files.img", 0x50363636, reg_file_entry::getDefaultInstance),
  REMAP_FPATH("remap-fpath.img", 0x59133954, remap_file_path_entry::getDefaultInstance),
  RLIMIT("rlimit-%u.img", 0x57113925, rlimit_entry::getDefaultInstance),
  ROUTE("route-%u.img"),
  ROUTE6("route6-%u.img"),
  RULE("rule-%u.img"),
  SECCOMP("seccomp.img", 0x64413049, seccomp_entry::getDefaultInstance),
  SHMEM_PAGEMAP(
      "pagemap-shmem-%lu.img", 0x56084025, pagemap_head::getDefaultInstance, PayloadRule.PAGEMAP),
  SHM_PAGES_OLD("pages-shmem-%ld.img", 0x56084025),
  SIGACT("sigacts-%u.img", 0x55344201, sa_entry::getDefaultInstance),
  SIGNAL("signal-s-%u.img", 0x59255647, siginfo_entry::getDefaultInstance),
  SIGNALFD("signalfd.img", 0x57323820, signalfd_entry::getDefaultInstance),
  SK_QUEUES(
      "sk-queues.img", 0x56264026, sk_packet_entry::getDefaultInstance, PayloadRule.SOCKET_QUEUE),
  STATS(ImageHead.SERVICE, "stats-%s", 0x57093306, stats_entry::getDefaultInstance),
  TCP_STREAM(
      "tcp-stream-%x.img",
      0x51465506, tcp_stream_entry::getDefaultInstance, PayloadRule.TCP_STREAM),
  TIMENS("timens-%u.img", 0x43114433, timens_entry::getDefaultInstance),
  TIMERFD("timerfd.img", 0x50493712, timerfd_entry::getDefaultInstance),
  TMPFS_DEV("tmpfs-dev-%u.tar.gz.img"),
  TMPFS_IMG("tmpfs-%u.tar.gz.img"),
  TTY_DATA("tty-data.img", 0x59413026, tty_data_entry::getDefaultInstance),
  TTY_FILES("tty.img", 0x59433025, tty_file_entry::getDefaultInstance),
  TTY_INFO("tty-info.img", 0x59453036, tty_info_entry::getDefaultInstance),
  TUNFILE("tunfile.img", 0x57143751, tunfile_entry::getDefaultInstance),
  UNIXSK("unixsk.img", 0x54373943, unix_sk_entry::getDefaultInstance),
  USERNS("userns-%u.img", 0x55474906, userns_entry::getDefaultInstance),
  UTSNS("utsns-%u.img", 0x54473203, utsns_entry::getDefaultInstance),
  VMAS("vmas-%u.img", 0x54123737, vma_entry::getDefaultInstance);

  private final ImageHead head;
  private final FileNamePattern fileName;
  private final int magic;
  private final Optional<Supplier<? extends Message>> prototype;
  private final PayloadRule payloadRule;

  ImageType(String filePattern, int magic, Supplier<? extends Message> prototype) {
    this(filePattern, magic, prototype, PayloadRule.NONE);
  }

  ImageType(
      String filePattern, int magic, Supplier<? extends Message> prototype, PayloadRule payload) {
    this(ImageHead.COMMON, filePattern, magic, Optional.of(prototype), payload);
  }

  ImageType(ImageHead head, String filePattern, int magic, Supplier<? extends Message> prototype) {
    this(head, filePattern, magic, Optional.of(prototype), PayloadRule.NONE);
  }

  ImageType(String filePattern, int magic) {
    this(ImageHead.COMMON, filePattern, magic, Optional.empty(), PayloadRule.OLD_PAGES);
  }

  ImageType(String filePattern) {
    this(ImageHead.NONE, filePattern, 0, Optional.empty(), PayloadRule.RAW);
  }

  ImageType(
      ImageHead head,
      String filePattern,
      int magic,
      Optional<Supplier<? extends Message>> prototype,
      PayloadRule payloadRule) {
    this.head = head;
    this.fileName = FileNamePattern.of(filePattern);
    this.magic = magic;
    this.prototype = prototype;
    this.payloadRule = payloadRule;
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
    return prototype.isPresent();
  }

  /**
   * The empty message of the (first) entry.
   *
   * @throws IllegalStateException if this type has no entries
   */
  public Message prototype() {
    return prototype.orElseThrow(() -> new IllegalStateException(this + " has no entries")).get();
  }

  /** How this type's files are named. */
  public FileNamePattern fileName() {
    return fileName;
  }

  /** The type of a file, by the last part of its path; none if CRIU writes no such file. */
  public static Optional<ImageType> ofFileName(String name) {
    return Arrays.stream(values()).filter(type -> type.fileName.matches(name)).findFirst();
  }
}
