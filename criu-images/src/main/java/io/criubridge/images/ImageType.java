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
  APPARMOR("apparmor.img", 0x59423047),
  AUTOFS("autofs-%u.img", 0x49353943),
  BINFMT_MISC("binfmt-misc.img", 0x67343323),
  BINFMT_MISC_OLD("binfmt-misc-%u.img", 0x67343323),
  BPFMAP_DATA("bpfmap-data.img", 0x64324033, PayloadRule.BPF_MAP),
  BPFMAP_FILE("bpfmap-file.img", 0x57506142),
  CGROUP("cgroup.img", 0x59383330),
  CORE("core-%u.img", 0x55053847),
  CPUINFO("cpuinfo.img", 0x61404013),
  CREDS("creds-%u.img", 0x54023547),
  EVENTFD_FILE("eventfd.img", 0x44523722),
  EVENTPOLL_FILE("eventpoll.img", 0x45023858),
  EVENTPOLL_TFD("eventpoll-tfd.img", 0x44433746),
  EXT_FILES("ext-files.img", 0x59255641),
  FANOTIFY_FILE("fanotify.img", 0x55096122),
  FANOTIFY_MARK("fanotify-mark.img", 0x56506035),
  FDINFO("fdinfo-%u.img", 0x56213732),
  FIFO("fifo.img", 0x58364939),
  FIFO_DATA("fifo-data.img", 0x59333054, PayloadRule.PIPE_DATA),
  FILES("files.img", 0x56303138),
  FILE_LOCKS("filelocks.img", 0x54323616),
  FS("fs-%u.img", 0x51403912),
  GHOST_FILE("ghost-file-%x.img", 0x52583605, PayloadRule.GHOST_FILE),
  IDS("ids-%u.img", 0x54432030),
  IFADDR("ifaddr-%u.img"),
  INETSK("inetsk.img", 0x56443851),
  INOTIFY_FILE("inotify.img", 0x48424431),
  INOTIFY_WD("inotify-wd.img", 0x54562009),
  INVENTORY(ImageHead.NONE, "inventory.img", 0x58313116),
  IP6TABLES("ip6tables-%u.img"),
  IPCNS_MSG("ipcns-msg-%u.img", 0x55453737, PayloadRule.IPC_MESSAGES),
  IPCNS_SEM("ipcns-sem-%u.img", 0x59573019, PayloadRule.IPC_SEMAPHORES),
  IPCNS_SHM("ipcns-shm-%u.img", 0x46283044, PayloadRule.IPC_SHARED_MEMORY),
  IPC_VAR("ipcns-var-%u.img", 0x53115007),
  IPTABLES("iptables-%u.img"),
  IRMAP_CACHE(ImageHead.SERVICE, "irmap-cache", 0x57004059),
  ITIMERS("itimers-%u.img", 0x57464056),
  MEMFD_INODE("memfd.img", 0x48453499),
  MM("mm-%u.img", 0x57492820),
  MNTS("mountpoints-%u.img", 0x55563928),
  NETDEV("netdev-%u.img", 0x57373951),
  NETLINK_SK("netlinksk.img", 0x58005614),
  NETNF_CT("netns-ct-%u.img"),
  NETNF_EXP("netns-exp-%u.img"),
  NETNS("netns-%u.img", 0x55933752),
  NFTABLES("nftables-%u.img"),
  NS_FILES("ns-files.img", 0x61394011),
  PACKETSK("packetsk.img", 0x60454618),
  PAGEMAP("pagemap-%lu.img", 0x56084025, PayloadRule.PAGEMAP),
  PAGES("pages-%u.img"),
  PAGES_OLD("pages-%d.img", 0x56084025, PayloadRule.OLD_PAGES),
  PIDFD("pidfd.img", 0x54435556),
  PIDNS("pidns-%u.img", 0x61157326),
  PIPES("pipes.img", 0x56513555),
  PIPES_DATA("pipes-data.img", 0x56453709, PayloadRule.PIPE_DATA),
  POSIX_TIMERS("posix-timers-%u.img", 0x52603957),
  PSIGNAL("signal-p-%u.img", 0x59255647),
  PSTREE("pstree.img", 0x50273030),
  REG_FILES("reg-files.img", 0x50363636),
  REMAP_FPATH("remap-fpath.img", 0x59133954),
  RLIMIT("rlimit-%u.img", 0x57113925),
  ROUTE("route-%u.img"),
  ROUTE6("route6-%u.img"),
  RULE("rule-%u.img"),
  SECCOMP("seccomp.img", 0x64413049),
  SHMEM_PAGEMAP("pagemap-shmem-%lu.img", 0x56084025, PayloadRule.PAGEMAP),
  SHM_PAGES_OLD("pages-shmem-%ld.img", 0x56084025, PayloadRule.OLD_PAGES),
  SIGACT("sigacts-%u.img", 0x55344201),
  SIGNAL("signal-s-%u.img", 0x59255647),
  SIGNALFD("signalfd.img", 0x57323820),
  SK_QUEUES("sk-queues.img", 0x56264026, PayloadRule.SOCKET_QUEUE),
  STATS(ImageHead.SERVICE, "stats-%s", 0x57093306),
  TCP_STREAM("tcp-stream-%x.img", 0x51465506, PayloadRule.TCP_STREAM),
  TIMENS("timens-%u.img", 0x43114433),
  TIMERFD("timerfd.img", 0x50493712),
  TMPFS_DEV("tmpfs-dev-%u.tar.gz.img"),
  TMPFS_IMG("tmpfs-%u.tar.gz.img"),
  TTY_DATA("tty-data.img", 0x59413026),
  TTY_FILES("tty.img", 0x59433025),
  TTY_INFO("tty-info.img", 0x59453036),
  TUNFILE("tunfile.img", 0x57143751),
  UNIXSK("unixsk.img", 0x54373943),
  USERNS("userns-%u.img", 0x55474906),
  UTSNS("utsns-%u.img", 0x54473203),
  VMAS("vmas-%u.img", 0x54123737);

  private final ImageHead head;
  private final FileNamePattern fileName;
  private final int magic;
  private final PayloadRule payloadRule;

  ImageType(String filePattern, int magic) {
    this(ImageHead.COMMON, filePattern, magic, PayloadRule.NONE);
  }

  ImageType(String filePattern, int magic, PayloadRule payloadRule) {
    this(ImageHead.COMMON, filePattern, magic, payloadRule);
  }

  ImageType(ImageHead head, String filePattern, int magic) {
    this(head, filePattern, magic, PayloadRule.NONE);
  }

  ImageType(String filePattern) {
    this(ImageHead.NONE, filePattern, 0, PayloadRule.RAW);
  }

  ImageType(ImageHead head, String filePattern, int magic, PayloadRule payloadRule) {
    this.head = head;
    this.fileName = FileNamePattern.of(filePattern);
    this.magic = magic;
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
