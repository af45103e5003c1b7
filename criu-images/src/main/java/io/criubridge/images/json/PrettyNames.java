// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * crit's names for numbers that are no enums. Source: lib/pycriu/images/pb2dict.py, flags_maps and
 * dict_maps.
 */
final class PrettyNames {
  private PrettyNames() {}

  /** One of a set of flags. */
  private record Flag(String name, long bit) {}

  private static Flag flag(String name, long bit) {
    return new Flag(name, bit);
  }

  private static Flag @Nullable [] flags(String table) {
    return switch (table) {
      case "mmap.prot" ->
          new Flag[] {flag("PROT_READ", 1), flag("PROT_WRITE", 2), flag("PROT_EXEC", 4)};
      case "mmap.flags" ->
          new Flag[] {
            flag("MAP_SHARED", 1),
            flag("MAP_PRIVATE", 2),
            flag("MAP_ANON", 0x20),
            flag("MAP_GROWSDOWN", 0x100)
          };
      case "mmap.status" -> mappingStatus();
      case "rfile.flags" -> openFlags();
      case "pmap.flags" ->
          new Flag[] {flag("PE_PARENT", 1), flag("PE_LAZY", 2), flag("PE_PRESENT", 4)};
      case "seals.flags" ->
          new Flag[] {
            flag("F_SEAL_SEAL", 1),
            flag("F_SEAL_SHRINK", 2),
            flag("F_SEAL_GROW", 4),
            flag("F_SEAL_WRITE", 8),
            flag("F_SEAL_FUTURE_WRITE", 0x10)
          };
      default -> null;
    };
  }

  private static Flag[] mappingStatus() {
    return new Flag[] {
      flag("VMA_AREA_NONE", 0),
      flag("VMA_AREA_REGULAR", 1),
      flag("VMA_AREA_STACK", 1 << 1),
      flag("VMA_AREA_VSYSCALL", 1 << 2),
      flag("VMA_AREA_VDSO", 1 << 3),
      flag("VMA_AREA_HEAP", 1 << 5),
      flag("VMA_FILE_PRIVATE", 1 << 6),
      flag("VMA_FILE_SHARED", 1 << 7),
      flag("VMA_ANON_SHARED", 1 << 8),
      flag("VMA_ANON_PRIVATE", 1 << 9),
      flag("VMA_AREA_SYSVIPC", 1 << 10),
      flag("VMA_AREA_SOCKET", 1 << 11),
      flag("VMA_AREA_VVAR", 1 << 12),
      flag("VMA_AREA_AIORING", 1 << 13),
      flag("VMA_AREA_MEMFD", 1 << 14),
      flag("VMA_AREA_SHSTK", 1 << 15),
      flag("VMA_UNSUPP", 1L << 31)
    };
  }

  private static Flag[] openFlags() {
    return new Flag[] {
      flag("O_WRONLY", 01),
      flag("O_RDWR", 02),
      flag("O_CREAT", 0100),
      flag("O_EXCL", 0200),
      flag("O_NOCTTY", 0400),
      flag("O_TRUNC", 01000),
      flag("O_APPEND", 02000),
      flag("O_NONBLOCK", 04000),
      flag("O_DSYNC", 010000),
      flag("FASYNC", 020000),
      flag("O_DIRECT", 040000),
      flag("O_LARGEFILE", 0100000),
      flag("O_DIRECTORY", 0200000),
      flag("O_NOFOLLOW", 0400000),
      flag("O_NOATIME", 01000000),
      flag("O_CLOEXEC", 02000000)
    };
  }

  /** The names of the bits of a value, and what is left in hexadecimal. */
  static String flags(String table, long value) {
    Flag[] flags = flags(table);
    if (flags == null) {
      return "0x" + Long.toHexString(value);
    }
    StringBuilder text = new StringBuilder();
    long rest = value;
    for (Flag flag : flags) {
      if ((value & flag.bit) != 0) {
        text.append(text.length() == 0 ? "" : " | ").append(flag.name);
        rest &= ~flag.bit;
      }
    }
    if (rest != 0) {
      text.append(text.length() == 0 ? "" : " | ").append("0x").append(Long.toHexString(rest));
    }
    return text.toString();
  }

  /** The bit of a name. */
  static OptionalLong flag(String table, String name) {
    Flag[] flags = flags(table);
    if (flags != null) {
      for (Flag flag : flags) {
        if (flag.name.equals(name)) {
          return OptionalLong.of(flag.bit);
        }
      }
    }
    return OptionalLong.empty();
  }

  /** The names of a field's values, which crit finds by the name of the field. */
  static EnumType dictionary(Field field) {
    return switch (field.dictionary + "." + field.name) {
      case "gen.task_state" -> new EnumType().name(1, "Alive").name(3, "Zombie").name(6, "Stopped");
      case "sk.family" ->
          new EnumType()
              .name(1, "UNIX")
              .name(2, "INET")
              .name(10, "INET6")
              .name(16, "NETLINK")
              .name(17, "PACKET");
      case "sk.type" ->
          new EnumType()
              .name(1, "STREAM")
              .name(2, "DGRAM")
              .name(3, "RAW")
              .name(5, "SEQPACKET")
              .name(10, "PACKET");
      case "sk.state" -> socketStates();
      case "sk.proto" ->
          new EnumType().name(0, "IP").name(6, "TCP").name(17, "UDP").name(136, "UDPLITE");
      default -> new EnumType();
    };
  }

  private static EnumType socketStates() {
    String[] names = {
      "ESTABLISHED",
      "SYN_SENT",
      "SYN_RECV",
      "FIN_WAIT1",
      "FIN_WAIT2",
      "TIME_WAIT",
      "CLOSE",
      "CLOSE_WAIT",
      "LAST_ACK",
      "LISTEN"
    };
    EnumType states = new EnumType();
    for (int i = 0; i < names.length; i++) {
      states.name(i + 1L, names[i]);
    }
    return states;
  }
}
