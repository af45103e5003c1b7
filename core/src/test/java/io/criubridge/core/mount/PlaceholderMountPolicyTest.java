// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.RecordedProc;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlaceholderMountPolicyTest {

  private static final Set<BytePath> NONE = Set.of();

  @Test
  void decide_crioContainer() throws IOException {
    MountTable container = RecordedProc.mounts("crio-container");
    List<MountDecision> decisions =
        PlaceholderMountPolicy.decide(
            container, paths("/sys/fs/cgroup", "/etc/hosts", "/run/.containerenv"), NONE);
    assertThat(Tables.places(decisions, Action.NATIVE)).containsExactly("/dev/shm");
    assertThat(Tables.places(decisions, Action.SKIP))
        .hasSize(9)
        .allMatch(place -> place.startsWith("/sys/fs/cgroup/"));
    assertThat(Tables.places(decisions, Action.EXTERNALIZE))
        .containsExactly(
            "/proc",
            "/dev",
            "/dev/pts",
            "/dev/mqueue",
            "/sys",
            "/sys/fs/cgroup",
            "/etc/resolv.conf",
            "/etc/hostname",
            "/run/.containerenv",
            "/etc/hosts");
  }

  @Test
  void decide_maskedFile_isMasked() throws IOException {
    MountTable container =
        Tables.of(Tables.CONTAINER, "110 101 0:81 /null /proc/keys rw - tmpfs tmpfs rw\n");
    assertThat(
            Tables.places(
                PlaceholderMountPolicy.decide(container, NONE, paths("/proc/keys")), Action.MASK))
        .containsExactly("/proc/keys");
    assertThat(Tables.places(PlaceholderMountPolicy.decide(container, NONE, NONE), Action.SKIP))
        .containsExactly("/proc/keys");
  }

  @Test
  void decide_shmThatIsNoTmpfs_isExternal() throws IOException {
    MountTable container =
        Tables.of(Tables.CONTAINER, "110 102 254:0 /shm /dev/shm rw - ext4 /dev/vda rw\n");
    assertThat(
            Tables.places(PlaceholderMountPolicy.decide(container, NONE, NONE), Action.EXTERNALIZE))
        .contains("/dev/shm");
  }

  @Test
  void decide_similarNames_areNotBelowRuntimeTrees() throws IOException {
    MountTable container =
        Tables.of(Tables.CONTAINER, "110 100 0:90 / /runner/x rw - tmpfs mine rw\n");
    assertThat(Tables.places(PlaceholderMountPolicy.decide(container, NONE, NONE), Action.SKIP))
        .isEmpty();
  }

  @Test
  void decide_parentOfASpecifiedMount_isNotLeftOut() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 100 0:90 / /run/a rw - tmpfs a rw\n",
            "111 110 254:0 /srv /run/a/volume rw - ext4 /dev/vda rw\n",
            "112 100 0:91 / /run/b rw - tmpfs b rw\n",
            "113 112 0:92 / /run/b/c rw - tmpfs c rw\n");
    List<MountDecision> decisions =
        PlaceholderMountPolicy.decide(container, paths("/run/a/volume"), NONE);
    assertThat(Tables.places(decisions, Action.EXTERNALIZE)).contains("/run/a", "/run/a/volume");
    assertThat(Tables.places(decisions, Action.SKIP)).containsExactly("/run/b", "/run/b/c");
  }

  @Test
  void decide_tmpfsOverSomethingElseAtShm_failsBeforeContentIsLost() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 102 254:0 /shm /dev/shm rw - ext4 /dev/vda rw\n",
            "111 110 0:90 / /dev/shm rw - tmpfs mine rw\n");
    assertThatExceptionOfType(MountConflictException.class)
        .isThrownBy(() -> PlaceholderMountPolicy.decide(container, NONE, NONE))
        .withMessageContaining("/dev/shm");
  }

  private static Set<BytePath> paths(String... paths) {
    return Set.of(Arrays.stream(paths).map(BytePath::of).toArray(BytePath[]::new));
  }
}
