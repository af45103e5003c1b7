// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/** System calls that checkpoints are better for, or do not work without; asked, not guessed. */
public enum KernelFeature {
  /** Paths of a container are looked up within it by the kernel. */
  OPENAT2("openat2", "5.6") {
    @Override
    boolean isPresent() {
      // The size is checked first: 0 is never valid.
      long result =
          Syscalls.libc().syscall(Abi.OPENAT2, -1, Syscalls.cString("."), new byte[Long.BYTES], 0);
      return result < 0 && LibC.errno() == Errno.EINVAL;
    }
  },

  /** Mounts are told apart without reading /proc for each file. */
  STATX_MOUNT_ID("statx with mount IDs", "5.8") {
    @Override
    boolean isPresent() {
      FileStat root = DirectCalls.statx(-1, new byte[] {'/'}, 0);
      return root != null && root.hasMountId();
    }
  },

  /** A process is held on to, whatever becomes of its number. */
  PIDFD("pidfd_open", "5.3") {
    @Override
    boolean isPresent() {
      try (PidFd self = PidFd.open((int) ProcessHandle.current().pid())) {
        self.signal(0);
        return true;
      } catch (ErrnoException e) {
        return false;
      }
    }
  },

  /** CRIU gives a process its number without racing others for it. */
  CLONE3_SET_TID("clone3 with set_tid", "5.5") {
    @Override
    boolean isPresent() {
      // A list of PIDs without a length, which no kernel takes: one that knows the fields says
      // EINVAL, an older one E2BIG. Nothing is cloned.
      ByteBuffer arguments = ByteBuffer.allocate(80).order(ByteOrder.nativeOrder());
      arguments.putLong(64, 1);
      long result =
          Syscalls.libc().syscall(Abi.CLONE3, arguments.array(), (long) arguments.capacity());
      return result < 0 && LibC.errno() == Errno.EINVAL;
    }
  };

  private final String call;
  private final String since;

  KernelFeature(String call, String since) {
    this.call = call;
    this.since = since;
  }

  abstract boolean isPresent();

  /** The system call. */
  public String call() {
    return call;
  }

  /** The first Linux that has it. */
  public String since() {
    return since;
  }

  /** What this kernel, and whatever filters this process's system calls, lets it use. */
  public static Set<KernelFeature> present() {
    Set<KernelFeature> present = EnumSet.noneOf(KernelFeature.class);
    for (KernelFeature feature : values()) {
      if (feature.isPresent()) {
        present.add(feature);
      }
    }
    return present;
  }
}
