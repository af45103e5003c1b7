// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.util.List;

/** Mount tables for tests. */
final class Tables {

  /** The mounts of a host whose containers are in the recorded trees. */
  static final String HOST =
      """
      1 1 0:2 / / rw - rootfs rootfs rw
      27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
      28 27 0:4 / /proc rw - proc proc rw
      29 27 0:22 / /sys rw shared:7 - sysfs sysfs rw
      30 27 0:5 / /dev rw shared:8 - devtmpfs devtmpfs rw
      31 27 0:24 / /run rw - tmpfs tmpfs rw,mode=755
      32 30 0:25 / /dev/shm rw - tmpfs tmpfs rw
      33 30 0:43 / /dev/mqueue rw - mqueue mqueue rw
      34 29 0:26 / /sys/fs/cgroup rw - tmpfs cgroup_root rw
      35 34 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
      36 34 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
      37 34 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct
      38 34 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset
      39 34 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
      40 34 0:33 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices
      41 34 0:34 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer
      42 34 0:35 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio
      43 34 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
      44 34 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
      45 31 0:41 / /run/containers/storage/overlay-containers/pod/userdata/shm rw - tmpfs shm rw
      46 27 253:0 / /mnt/volume rw - ext4 /dev/mapper/volume rw
      47 27 0:88 / /var/lib/containers/storage/overlay/x/merged rw - overlay overlay rw
      48 29 0:9 / /sys/kernel/tracing rw - tracefs tracefs rw
      """;

  /** The beginning of a container with proc, dev and sys of its own. */
  static final String CONTAINER =
      """
      100 73 0:88 / / rw - overlay overlay rw,upperdir=/u
      101 100 0:80 / /proc rw - proc proc rw
      102 100 0:81 / /dev rw - tmpfs tmpfs rw,mode=755
      103 100 0:82 / /sys ro - sysfs sysfs rw
      """;

  private Tables() {}

  static MountTable host() throws IOException {
    return of(HOST);
  }

  static MountTable of(String... lines) throws IOException {
    return MountTable.parse(String.join("", lines).getBytes(ISO_8859_1));
  }

  static MountInfo at(MountTable mounts, String place) {
    return mounts.visibleAt(BytePath.of(place)).orElseThrow();
  }

  /** Where the mounts lie that have been given this action. */
  static List<String> places(List<MountDecision> decisions, MountDecision.Action action) {
    return decisions.stream()
        .filter(decision -> decision.action() == action)
        .map(decision -> decision.mount().mountPoint().toString())
        .toList();
  }
}
