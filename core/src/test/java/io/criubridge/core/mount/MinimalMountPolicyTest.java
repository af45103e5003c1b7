// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.RecordedProc;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MinimalMountPolicyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "254:0 /srv/data /data rw - ext4 /dev/vda rw | EXTERNALIZE",
        "253:0 / /data rw - ext4 /dev/mapper/volume rw | EXTERNALIZE",
        "0:41 / /dev/shm rw - tmpfs shm rw | EXTERNALIZE",
        "0:90 / /dev/shm rw - tmpfs shm rw | NATIVE",
        "0:29 /pod/c /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu | EXTERNALIZE",
        "0:28 /pod/c /sys/fs/cgroup ro - cgroup2 cgroup rw | EXTERNALIZE",
        "0:28 /../../pod /sys/fs/cgroup ro - cgroup2 cgroup rw | EXTERNALIZE",
        "0:28 /.. /sys/fs/cgroup ro - cgroup2 cgroup rw | EXTERNALIZE",
        "0:28 / /host/cgroup ro - cgroup2 cgroup2 rw | NATIVE",
        "0:81 /null /proc/keys rw - tmpfs tmpfs rw,mode=755 | NATIVE",
        "0:5 /null /proc/keys rw - devtmpfs devtmpfs rw | EXTERNALIZE",
        "0:5 / /host/dev rw - devtmpfs devtmpfs rw | NATIVE",
        "0:80 /bus /proc/bus ro - proc proc rw | NATIVE",
        "0:88 /var/cache /cache rw - overlay overlay rw | NATIVE",
        "0:4 net:[4026531840] /run/netns/x rw - nsfs nsfs rw | EXTERNALIZE",
        "0:9 / /sys/kernel/tracing rw - tracefs tracefs rw | NATIVE",
        "0:9 /events /events rw - tracefs tracefs rw | NATIVE",
        "259:1 / /data rw - ext4 /dev/nvme0n1 rw | EXTERNALIZE",
        "0:91 / /data rw - btrfs /dev/nvme0n1 rw | EXTERNALIZE",
        "0:92 / /data rw - fuse sshfs rw | EXTERNALIZE",
        "0:92 / /var/lib/lxcfs rw - fuse.lxcfs lxcfs rw | EXTERNALIZE",
        "0:93 / /inner rw - overlay overlay rw,lowerdir=/a | NATIVE",
        "0:94 / /dev/pts rw - devpts devpts rw | NATIVE",
        "0:95 /sub /bind rw - tmpfs gone rw | EXTERNALIZE",
      })
  void decide_oneMount(String line, Action action) throws IOException {
    MountTable container = Tables.of(Tables.CONTAINER, "110 100 " + line + "\n");
    assertThat(decide(container).get(3).action()).isEqualTo(action);
  }

  @Test
  void decide_rootIsNotDecidedUpon() throws IOException {
    assertThat(decide(Tables.of(Tables.CONTAINER)))
        .extracting(d -> d.mount().mountPoint().text())
        .containsExactly("/proc", "/dev", "/sys");
  }

  @Test
  void decide_crioContainer() throws IOException {
    List<MountDecision> decisions = decide(RecordedProc.mounts("crio-container"));
    assertThat(Tables.places(decisions, Action.EXTERNALIZE))
        .containsExactly(
            "/sys/fs/cgroup/cpu",
            "/sys/fs/cgroup/cpuacct",
            "/sys/fs/cgroup/cpuset",
            "/sys/fs/cgroup/memory",
            "/sys/fs/cgroup/devices",
            "/sys/fs/cgroup/freezer",
            "/sys/fs/cgroup/blkio",
            "/sys/fs/cgroup/pids",
            "/sys/fs/cgroup/systemd",
            "/dev/shm",
            "/etc/resolv.conf",
            "/etc/hostname",
            "/run/.containerenv",
            "/etc/hosts");
    assertThat(Tables.places(decisions, Action.NATIVE))
        .as("/sys and /dev/mqueue are the host's own, as the pod is in its network and IPC")
        .containsExactly("/proc", "/dev", "/dev/pts", "/dev/mqueue", "/sys", "/sys/fs/cgroup");
  }

  @Test
  void decide_runcContainer() throws IOException {
    MountTable container = firstOf("runc-container");
    List<MountDecision> decisions = decide(container);
    assertThat(Tables.places(decisions, Action.EXTERNALIZE))
        .hasSize(10)
        .contains("/data", "/sys/fs/cgroup/systemd")
        .allMatch(place -> place.equals("/data") || place.startsWith("/sys/fs/cgroup/"));
    assertThat(Tables.places(decisions, Action.NATIVE))
        .contains("/dev/shm", "/sys", "/proc/bus", "/proc/acpi", "/proc/keys", "/sys/firmware");
  }

  @Test
  void decide_bindOfAnExternalMountsFileSystem_isExternal() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 100 253:0 / /data rw - ext4 /dev/mapper/volume rw\n",
            "111 100 253:0 /sub /sub rw - ext4 /dev/mapper/volume rw\n");
    assertThat(Tables.places(decide(container), Action.EXTERNALIZE))
        .containsExactly("/data", "/sub");
  }

  @Test
  void decide_bindOfOwnTmpfsThatIsVisible_isNative() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 100 0:95 / /tmp rw - tmpfs tmp rw\n",
            "111 100 0:95 /sub /bind rw - tmpfs tmp rw\n",
            "112 100 0:95 /gone//deleted /gone rw - tmpfs tmp rw\n");
    assertThat(Tables.places(decide(container), Action.NATIVE)).contains("/bind", "/gone");
  }

  @Test
  void decide_originMountedUnderAnotherSourceName_isUnknownToCriu() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 100 0:95 / /tmp rw - tmpfs one rw\n",
            "111 100 0:95 /sub /bind rw - tmpfs other rw\n");
    assertThat(Tables.places(decide(container), Action.EXTERNALIZE)).containsExactly("/bind");
  }

  @Test
  void decide_rootIsAPlainHostDirectory_bindsBesideItAreTheHosts() throws IOException {
    MountTable container =
        Tables.of(
            "100 73 254:0 /srv/rootfs / rw - ext4 /dev/vda rw\n",
            "110 100 254:0 /srv/rootfs/a /b rw - ext4 /dev/vda rw\n",
            "111 100 254:0 /srv/rootfs2 /beside rw - ext4 /dev/vda rw\n",
            "112 100 254:0 /etc/hosts /etc/hosts rw - ext4 /dev/vda rw\n");
    List<MountDecision> decisions = decide(container);
    assertThat(Tables.places(decisions, Action.NATIVE)).containsExactly("/b");
    assertThat(Tables.places(decisions, Action.EXTERNALIZE))
        .containsExactly("/beside", "/etc/hosts");
  }

  @Test
  void decide_declaredByCaller_isLeftToIt() throws IOException {
    MountTable container =
        Tables.of(Tables.CONTAINER, "110 100 254:0 /srv /data rw - ext4 /dev/vda rw\n");
    List<MountDecision> decisions =
        MinimalMountPolicy.decide(container, Tables.host(), Set.of(BytePath.of("/data")));
    assertThat(Tables.places(decisions, Action.LEAVE_TO_CALLER)).containsExactly("/data");
    assertThat(Tables.places(decisions, Action.EXTERNALIZE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0:4 / /host/proc rw - proc proc rw",
        "0:22 / /host/sys rw - sysfs sysfs rw",
      })
  void decide_hostsInstanceBesideTheContainersOwn_isExternal(String line) throws IOException {
    MountTable container = Tables.of(Tables.CONTAINER, "110 100 " + line + "\n");
    assertThat(Tables.places(decide(container), Action.EXTERNALIZE)).hasSize(1);
  }

  @Test
  void decide_sysfsOfAHostNetworkPod_isNative() throws IOException {
    MountTable container =
        Tables.of(
            "100 73 0:88 / / rw - overlay overlay rw\n",
            "101 100 0:22 / /sys ro - sysfs sysfs rw\n");
    assertThat(Tables.places(decide(container), Action.NATIVE)).containsExactly("/sys");
  }

  @Test
  void decide_slaveOfTheHost_isExternalSinceCriuRefusesIt() throws IOException {
    MountTable container =
        Tables.of(
            "100 73 0:88 / / rw - overlay overlay rw\n",
            "101 100 0:22 / /sys ro master:7 - sysfs sysfs rw\n",
            "102 100 0:95 / /tmp rw shared:90 - tmpfs tmp rw\n",
            "103 100 0:95 / /slave rw master:90 - tmpfs tmp rw\n");
    List<MountDecision> decisions = decide(container);
    assertThat(Tables.places(decisions, Action.EXTERNALIZE)).containsExactly("/sys");
    assertThat(Tables.places(decisions, Action.NATIVE)).containsExactly("/tmp", "/slave");
  }

  @Test
  void decide_bindOfRootThatIsASlaveAsTheRootIs_isNative() throws IOException {
    MountTable container =
        Tables.of(
            "100 73 0:88 / / rw master:5 - overlay overlay rw\n",
            "101 100 0:88 /a /b rw master:5 - overlay overlay rw\n",
            "102 100 0:88 /a /c rw master:6 - overlay overlay rw\n");
    List<MountDecision> decisions = decide(container);
    assertThat(Tables.places(decisions, Action.NATIVE)).containsExactly("/b");
    assertThat(Tables.places(decisions, Action.EXTERNALIZE)).containsExactly("/c");
  }

  @Test
  void decide_hostMountOnTopOfOwn_bothAreExternalAsCriuHasIt() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 102 0:90 / /dev/shm rw - tmpfs shm rw\n",
            "111 110 0:41 / /dev/shm rw - tmpfs shm rw\n");
    assertThat(Tables.places(decide(container), Action.EXTERNALIZE))
        .containsExactly("/dev/shm", "/dev/shm");
  }

  @Test
  void decide_ownMountOnTopOfHosts_failsBeforeContentIsLost() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 100 254:0 /srv /data rw - ext4 /dev/vda rw\n",
            "111 110 0:90 / /data rw - tmpfs mine rw\n");
    assertThatExceptionOfType(MountConflictException.class)
        .isThrownBy(() -> decide(container))
        .withMessageStartingWith(
            "/data: the container's own tmpfs covers a mount of the host (ext4)");
  }

  @Test
  void decide_stackOfOwnMounts_isNative() throws IOException {
    MountTable container = RecordedProc.mounts("odd-mounts");
    assertThat(Tables.places(decide(container), Action.NATIVE))
        .contains("/a", "/a/b", "/shared", "/slave")
        .filteredOn("/a/b"::equals)
        .hasSize(3);
    assertThat(Tables.places(decide(container), Action.EXTERNALIZE)).containsExactly("/data/net");
  }

  private static List<MountDecision> decide(MountTable container) throws IOException {
    return MinimalMountPolicy.decide(container, Tables.host(), Set.of());
  }

  private static MountTable firstOf(String tree) throws IOException {
    return MountTable.read(RecordedProc.of(tree), RecordedProc.of(tree).pids().get(0));
  }
}
