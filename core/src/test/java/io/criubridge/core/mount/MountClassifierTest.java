// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.container.OciMount;
import io.criubridge.core.container.OciSpec;
import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessTable;
import io.criubridge.core.proc.RecordedProc;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountClassifierTest {

  private static final List<BytePath> NONE = List.of();

  @TempDir Path root;

  @Test
  void classify_recordedRuncContainer_nearlyEveryMountIsNamed() throws IOException {
    ProcFs proc = RecordedProc.of("runc-container");
    int init = ProcessTable.readAll(proc).processes().get(0).observedPid();
    MountTable container = MountTable.read(proc, init);
    OciSpec spec =
        OciSpec.read(Fixtures.path("proc/runc-container/host/tmp/criu-bridge-record/config.json"));
    // Its masked files, and one directory.
    Files.createDirectories(root.resolve("proc/acpi"));
    for (String file : List.of("keys", "timer_list")) {
      Files.createFile(root.resolve("proc/" + file));
    }
    ClassifiedMounts mounts = classify(container, spec);
    assertThat(container.mounts())
        .filteredOn(mount -> !mounts.origin(mount).isNamed())
        .extracting(mount -> mount.mountPoint().toString())
        .allMatch(place -> place.equals("/") || isVersion1Group(place));
    assertThat(origin(mounts, "/data")).isEqualTo(MountOrigin.SPECIFIED);
    assertThat(origin(mounts, "/proc/sys")).isEqualTo(MountOrigin.READ_ONLY_PATH);
    assertThat(origin(mounts, "/proc/keys")).isEqualTo(MountOrigin.MASKED_FILE);
    assertThat(origin(mounts, "/proc/acpi")).isEqualTo(MountOrigin.MASKED_DIRECTORY);
    List<MountDecision> decisions = PlaceholderMountPolicy.decide(mounts);
    assertThat(Tables.places(decisions, Action.NATIVE)).containsExactly("/dev/shm");
    assertThat(Tables.places(decisions, Action.MASK)).contains("/proc/keys", "/proc/timer_list");
    assertThat(Tables.places(decisions, Action.EXTERNALIZE))
        .contains("/proc", "/data", "/proc/sys", "/proc/acpi");
    assertThat(Tables.places(decisions, Action.SKIP))
        .allMatch(MountClassifierTest::isVersion1Group);
  }

  /** The spec names only the tmpfs that they are mounted in. */
  private static boolean isVersion1Group(String place) {
    return place.startsWith("/sys/fs/cgroup/");
  }

  @Test
  void classify_destinationThroughLinks_isWhereTheRuntimeMountedIt() throws IOException {
    Files.createDirectories(root.resolve("run/real"));
    Files.createDirectories(root.resolve("var"));
    Files.createSymbolicLink(root.resolve("var/run"), Path.of("/run"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("../../run/real"));
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 100 254:0 /s /run/real/secrets rw - ext4 /dev/vda rw\n",
            "111 100 254:0 /t /run/token rw - ext4 /dev/vda rw\n",
            "112 100 254:0 /u /link/secrets rw - ext4 /dev/vda rw\n");
    ClassifiedMounts mounts =
        classify(container, spec(List.of("/link/secrets", "/var/run/token"), NONE, NONE));
    assertThat(origin(mounts, "/run/real/secrets")).isEqualTo(MountOrigin.SPECIFIED);
    assertThat(origin(mounts, "/run/token")).isEqualTo(MountOrigin.SPECIFIED);
    assertThat(origin(mounts, "/link/secrets")).isEqualTo(MountOrigin.UNNAMED);
  }

  @Test
  void classify_destinationEndingInASpace_isAnother() throws IOException {
    MountTable container =
        Tables.of(
            Tables.CONTAINER,
            "110 100 254:0 /s /data\\040 rw - ext4 /dev/vda rw\n",
            "111 100 254:0 /s /data rw - ext4 /dev/vda rw\n");
    ClassifiedMounts mounts = classify(container, spec(List.of("/data "), NONE, NONE));
    assertThat(origin(mounts, "/data ")).isEqualTo(MountOrigin.SPECIFIED);
    assertThat(origin(mounts, "/data")).isEqualTo(MountOrigin.UNNAMED);
  }

  @Test
  void classify_maskedPathOutsideOfTheRoot_isJudgedInside() throws IOException {
    // A link to a directory that only the host has.
    Files.createDirectories(root.resolve("proc"));
    Files.createSymbolicLink(root.resolve("proc/mask"), root.toAbsolutePath());
    MountTable container = Tables.of(Tables.CONTAINER);
    ClassifiedMounts mounts =
        classify(container, spec(List.of(), List.of(BytePath.of("/proc/mask")), NONE));
    assertThat(mounts.named())
        .isEqualTo(Map.of(BytePath.of(root.toString()), MountOrigin.MASKED_FILE));
  }

  @Test
  void classify_linksInACircle_isAnError() throws IOException {
    Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(root.resolve("b"), Path.of("a"));
    MountTable container = Tables.of(Tables.CONTAINER);
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(() -> classify(container, spec(List.of("/a/data"), NONE, NONE)))
        .withMessageContaining("/a/data")
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ELOOP));
  }

  private ClassifiedMounts classify(MountTable container, OciSpec spec) throws IOException {
    try (ScopedRoot scoped = ScopedRoot.open(root)) {
      return MountClassifier.classify(container, spec, scoped);
    }
  }

  private static OciSpec spec(
      List<String> destinations, List<BytePath> masked, List<BytePath> readOnly) {
    List<OciMount> mounts =
        destinations.stream()
            .map(path -> new OciMount(BytePath.of(path), "", "/source", List.of("bind")))
            .toList();
    return new OciSpec("rootfs", false, "", mounts, masked, readOnly, List.of(), Map.of());
  }

  private static MountOrigin origin(ClassifiedMounts mounts, String place) {
    return mounts.origin(Tables.at(mounts.table(), place));
  }
}
