// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The calls that are made for every entry of a tree. jnr-ffi adds to each of them about as much
 * time as the kernel takes for it; jffi, which it is built on, adds next to none when all that is
 * passed are numbers. Each returns -1 on error and leaves errno.
 */
final class DirectCalls {

  private static final int PATH_MAX = 4096;

  private static final Invoker INVOKER = Invoker.getInstance();
  private static final CallContext ONE = context(1);
  private static final CallContext THREE = context(3);
  private static final CallContext FOUR = context(4);
  private static final CallContext SIX = context(6);

  private static final long OPENAT = function("openat");
  private static final long CLOSE = function("close");
  private static final long PREAD = function("pread");
  private static final long FLISTXATTR = function("flistxattr");
  private static final long SYSCALL = function("syscall");

  private static final ThreadLocal<Memory> MEMORY = ThreadLocal.withInitial(Memory::new);

  private DirectCalls() {}

  static int openat(int dir, byte[] name, int flags, int mode) {
    return (int) INVOKER.invokeL4(FOUR, OPENAT, dir, MEMORY.get().string(name), flags, mode);
  }

  static int close(int fd) {
    return (int) INVOKER.invokeL1(ONE, CLOSE, fd);
  }

  /** Into a direct buffer, from its position on. */
  static long pread(int fd, ByteBuffer direct, long offset) {
    long address = MemoryIO.getInstance().getDirectBufferAddress(direct) + direct.position();
    return INVOKER.invokeL4(FOUR, PREAD, fd, address, direct.remaining(), offset);
  }

  /** How long the list of attributes is. */
  static long flistxattr(int fd) {
    return INVOKER.invokeL3(THREE, FLISTXATTR, fd, 0, 0);
  }

  /** What there is under a name; null on error. */
  static @Nullable FileStat statx(int dir, byte[] name, int flags) {
    Memory memory = MEMORY.get();
    KernelStruct statx = memory.statx;
    long path = memory.string(name);
    long result =
        INVOKER.invokeL6(
            SIX,
            SYSCALL,
            Abi.CURRENT.statx,
            dir,
            path,
            flags,
            FileStat.STATX_MASK,
            statx.address());
    return result < 0 ? null : FileStat.parse(statx);
  }

  private static CallContext context(int parameters) {
    Type[] types = new Type[parameters];
    Arrays.fill(types, Type.SINT64);
    return CallContext.getCallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
  }

  private static long function(String name) {
    long address = Library.getDefault().getSymbolAddress(name);
    if (address == 0) {
      throw new UnsatisfiedLinkError(name + " is missing in the C library");
    }
    return address;
  }

  /** What a thread shares with the kernel: a path, and a structure. */
  private static final class Memory {
    private final ByteBuffer path = ByteBuffer.allocateDirect(PATH_MAX + 1);
    private final KernelStruct statx = new KernelStruct(FileStat.STATX_SIZE);
    private final long pathAddress = MemoryIO.getInstance().getDirectBufferAddress(path);

    /** Puts a C string here; what is cut off a longer one leaves it too long for the kernel. */
    long string(byte[] bytes) {
      int length = Math.min(bytes.length, PATH_MAX);
      path.put(0, bytes, 0, length).put(length, (byte) 0);
      return pathAddress;
    }
  }
}
