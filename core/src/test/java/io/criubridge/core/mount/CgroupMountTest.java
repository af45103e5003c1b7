// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupMountTest {

  @ParameterizedTest
  @CsvSource({
    "cgroup cgroup rw;cpu, cpu",
    "cgroup cgroup rw;seclabel;cpuacct;cpu, 'cpu,cpuacct'",
    "cgroup systemd rw;xattr;release_agent=/agent;name=systemd, name=systemd",
    "cgroup cgroup rw;noprefix;cpuset_v2_mode;clone_children;cpuset, cpuset",
    "cgroup2 cgroup2 rw;nsdelegate;memory_recursiveprot, ''",
  })
  void hierarchy_isNamedByItsControllers(String mount, String name) throws IOException {
    MountTable table = Tables.of("9 5 0:29 / /c rw - " + mount.replace(';', ',') + "\n");
    assertThat(CgroupMount.hierarchy(table.mounts().get(0))).hasValue(name);
  }

  @Test
  void hierarchy_otherFileSystem_isEmpty() throws IOException {
    assertThat(CgroupMount.hierarchy(Tables.at(Tables.host(), "/sys/fs/cgroup"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', /sys/fs/cgroup/unified/pod/c",
    "memory, /sys/fs/cgroup/memory/pod/c",
    "name=systemd, /sys/fs/cgroup/systemd/pod/c",
  })
  void directory_isBelowTheHierarchysMount(String hierarchy, String directory) throws IOException {
    assertThat(CgroupMount.directory(hierarchy, BytePath.of("/pod/c"), Tables.host()))
        .hasValue(BytePath.of(directory));
  }

  @Test
  void directory_hierarchyNotMountedHere_isEmpty() throws IOException {
    assertThat(CgroupMount.directory("rdma", BytePath.of("/pod"), Tables.host())).isEmpty();
  }

  @Test
  void directory_onlyPartOfTheHierarchyMounted_isEmpty() throws IOException {
    MountTable host =
        Tables.of(
            "9 5 0:29 /pod /cpu rw - cgroup cgroup rw,cpu\n",
            "10 5 0:29 /.. /above rw - cgroup cgroup rw,cpu\n");
    assertThat(CgroupMount.directory("cpu", BytePath.of("/pod"), host)).isEmpty();
  }

  @Test
  void directory_coveredMount_isPassedOver() throws IOException {
    MountTable host =
        Tables.of(
            "1 1 8:1 / / rw - ext4 sda rw\n",
            "9 1 0:29 / /old rw - cgroup cgroup rw,cpu\n",
            "10 9 0:99 / /old rw - tmpfs cover rw\n",
            "11 1 0:29 / /new rw - cgroup cgroup rw,cpu\n");
    assertThat(CgroupMount.directory("cpu", BytePath.of("/pod"), host))
        .hasValue(BytePath.of("/new/pod"));
  }
}
