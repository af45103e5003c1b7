// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import io.criubridge.images.proto.task_kobj_ids_entry;
import java.util.OptionalLong;

/**
 * The numbers CRIU gave to the kernel objects of a process; processes that share an object have the
 * same number. A namespace without a number is one that was not dumped. Source: images/core.proto,
 * task_kobj_ids_entry.
 *
 * @param files the table of file descriptors, of which {@code fdinfo-<files>.img} is the content
 */
public record KernelObjectIds(
    long memory,
    long files,
    long fileSystem,
    long signalHandlers,
    OptionalLong pidNamespace,
    OptionalLong networkNamespace,
    OptionalLong ipcNamespace,
    OptionalLong utsNamespace,
    OptionalLong mountNamespace,
    OptionalLong userNamespace,
    OptionalLong cgroupNamespace,
    OptionalLong timeNamespace) {

  static KernelObjectIds of(task_kobj_ids_entry ids) {
    return new KernelObjectIds(
        Integer.toUnsignedLong(ids.getVmId()),
        Integer.toUnsignedLong(ids.getFilesId()),
        Integer.toUnsignedLong(ids.getFsId()),
        Integer.toUnsignedLong(ids.getSighandId()),
        optional(ids.hasPidNsId(), ids.getPidNsId()),
        optional(ids.hasNetNsId(), ids.getNetNsId()),
        optional(ids.hasIpcNsId(), ids.getIpcNsId()),
        optional(ids.hasUtsNsId(), ids.getUtsNsId()),
        optional(ids.hasMntNsId(), ids.getMntNsId()),
        optional(ids.hasUserNsId(), ids.getUserNsId()),
        optional(ids.hasCgroupNsId(), ids.getCgroupNsId()),
        optional(ids.hasTimeNsId(), ids.getTimeNsId()));
  }

  private static OptionalLong optional(boolean present, int id) {
    return present ? OptionalLong.of(Integer.toUnsignedLong(id)) : OptionalLong.empty();
  }
}
