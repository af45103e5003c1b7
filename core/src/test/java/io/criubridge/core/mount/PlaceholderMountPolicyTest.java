// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import static io.criubridge.core.mount.MountOrigin.MASKED_DIRECTORY;
import static io.criubridge.core.mount.MountOrigin.MASKED_FILE;
import static io.criubridge.core.mount.MountOrigin.READ_ONLY_PATH;
import static io.criubridge.core.mount.MountOrigin.SPECIFIED;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.RecordedProc;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholderMountPolicyTest {

  private static final Map<BytePath, MountOrigin> NONE = Map.of();

  @Test
  void decide_crioContainer() throws IOException {
    MountTable container = RecordedProc.mounts("crio-container");
    List<MountDecision> decisions =
        decide(container, named(SPECIFIED, "/sys/fs/cgroup", "/etc/hosts", "/run/.containerenv"));
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
    assertThat(Tables.places(decide(container, named(MASKED_FILE, "/proc/keys")), Action.MASK))
        .containsExactly("/proc/keys");
    assertThat(Tables.places(decide(container, NONE), Action.SKIP)).containsExactly("/proc/keys");
  }

  @Test
  void decide_shmThatIsNoTmpfs_isExternal() throws IOException {
    MountTable container =
        Tables.of(Tables.CONTAINER, "110 102 254:0 /shm /dev/shm rw - ext4 /dev/vda rw\n");
    assertThat(Tables.places(decide(container, NONE), Action.EXTERNALIZE)).contains("/dev/shm");
  }

  @Test
  void decide_similarNames_areNotBelowRuntimeTrees() throws IOException {
    MountTable container =
        Tables.of(Tables.CONTAINER, "110 100 0:90 / /runner/x rw - tmpfs mine rw\n");
    assertThat(Tables.places(decide(container, NONE), Action.SKIP)).isEmpty();
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
    List<MountDecision> decisions = decide(container, named(SPECIFIED, "/run/a/volume"));
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
        .isThrownBy(() -> decide(container, NONE))
        .withMessageContaining("/dev/shm");
  }

  @Test
  void decide_everyReasonNamesItsRule() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 101 0:80 /sys /proc/sys ro - proc proc rw\n",
            "111 101 0:81 /null /proc/keys rw - tmpfs tmpfs rw\n",
            "112 101 0:90 / /proc/acpi ro - tmpfs tmpfs ro\n",
            "113 103 0:91 / /sys/kernel/mine rw - tmpfs tmpfs rw\n",
            "114 102 0:92 / /dev/shm rw - tmpfs shm rw\n",
            "115 100 254:0 /data /data rw - ext4 /dev/vda rw\n",
            "116 100 0:93 / /tmp/own rw - tmpfs own rw\n");
    Map<BytePath, MountOrigin> named = new HashMap<>(named(SPECIFIED, "/data", "/dev/shm"));
    named.putAll(named(READ_ONLY_PATH, "/proc/sys"));
    named.putAll(named(MASKED_FILE, "/proc/keys"));
    named.putAll(named(MASKED_DIRECTORY, "/proc/acpi"));
    assertThat(decide(container, named))
        .filteredOn(decision -> decision.mount().id() >= 110)
        .extracting(
            decision -> decision.mount().mountPoint().toString(),
            MountDecision::action,
            MountDecision::reason)
        .containsExactly(
            tuple(
                "/proc/sys",
                Action.EXTERNALIZE,
                "a read-only path of the OCI spec; the placeholder has to have it"),
            tuple("/proc/keys", Action.MASK, "a masked path of the OCI spec"),
            tuple(
                "/proc/acpi",
                Action.EXTERNALIZE,
                "a masked directory of the OCI spec; the placeholder has to have it"),
            tuple(
                "/sys/kernel/mine",
                Action.SKIP,
                "below /proc, /sys or /run and not in the OCI spec"),
            tuple("/dev/shm", Action.NATIVE, "the container's shared memory"),
            tuple(
                "/data",
                Action.EXTERNALIZE,
                "a mount of the OCI spec; the placeholder has to have it"),
            tuple(
                "/tmp/own",
                Action.EXTERNALIZE,
                "not in the OCI spec; the placeholder has to have it"));
  }

  @Test
  void decide_stackOfManyMounts_isWalkedToItsEnd() throws IOException {
    StringBuilder lines = new StringBuilder(Tables.CONTAINER);
    for (int id = 200; id < 100_200; id++) {
      int parent = id == 200 ? 100 : id - 1;
      lines.append("%d %d 0:90 / /run/x rw - tmpfs mine rw\n".formatted(id, parent));
    }
    MountTable container = Tables.of(lines.toString());
    assertThat(Tables.places(decide(container, NONE), Action.SKIP)).hasSize(100_000);
  }

  @Test
  void decide_runAndVarRun_areOne() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 100 254:0 /s /run/secrets rw - ext4 /dev/vda rw\n",
            "111 100 254:0 /t /var/run/token rw - ext4 /dev/vda rw\n",
            "112 100 254:0 /o /run/other rw - ext4 /dev/vda rw\n");
    Map<BytePath, MountOrigin> named =
        named(SPECIFIED, "/var/run/secrets", "/run/token", "/var/run/different");
    assertThat(Tables.places(decide(container, named), Action.SKIP)).containsExactly("/run/other");
    ClassifiedMounts classified = new ClassifiedMounts(container, named);
    assertThat(classified.origin(Tables.at(container, "/run/secrets"))).isEqualTo(SPECIFIED);
    assertThat(classified.origin(Tables.at(container, "/var/run/token"))).isEqualTo(SPECIFIED);
  }

  private static List<MountDecision> decide(MountTable container, Map<BytePath, MountOrigin> named)
      throws IOException {
    return PlaceholderMountPolicy.decide(new ClassifiedMounts(container, named));
  }

  private static Map<BytePath, MountOrigin> named(MountOrigin origin, String... paths) {
    return Arrays.stream(paths).collect(toMap(BytePath::of, path -> origin));
  }
}
