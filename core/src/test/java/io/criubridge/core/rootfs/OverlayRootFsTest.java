// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.RecordedProc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlayRootFsTest {
  private static final Path DIRECTORY = Path.of("/tmp/criu-bridge-record/o");

  @Test
  void find_crioContainer() throws IOException {
    OverlayRootFs layers = find("crio-container", List.of());
    assertThat(layers.upperDir()).isAbsolute().endsWithRaw(Path.of("diff"));
    assertThat(layers.workDir()).isEqualTo(layers.upperDir().resolveSibling("work"));
    assertThat(layers.lowerDirs())
        .containsExactly(
            Path.of("/var/lib/containers/storage/overlay/l/EY6BKUGC27ZLCUY4USDXQIXL7Y"));
  }

  @Test
  void find_commaAndColonInNames() throws IOException {
    OverlayRootFs layers = find("overlay-comma-colon", List.of());
    assertThat(layers.upperDir()).isEqualTo(DIRECTORY.resolve("up,c"));
    assertThat(layers.workDir()).isEqualTo(DIRECTORY.resolve("work-2"));
    assertThat(layers.lowerDirs())
        .containsExactly(DIRECTORY.resolve("low:b"), DIRECTORY.resolve("image"));
  }

  @Test
  void find_backslashInName() throws IOException {
    assertThat(find("overlay-backslash", List.of()).upperDir())
        .isEqualTo(DIRECTORY.resolve("up\\d"));
  }

  @Test
  void find_newMountApi_bareCommaAndColonInNames() throws IOException {
    OverlayRootFs layers = find("overlay-new-mount-api", List.of());
    assertThat(layers.upperDir()).isEqualTo(DIRECTORY.resolve("up,n"));
    assertThat(layers.lowerDirs()).containsExactly(Path.of("low:b"), Path.of("image"));
  }

  @Test
  void find_relative_prefersTheSameInode_toOneThatIsOnlyAlike() throws IOException {
    MountTable mounts = RecordedProc.mounts("overlay-space-relative");
    Path twin = Path.of("/var/lib/twin");
    OverlayRootFs layers =
        OverlayRootFs.find(
                mounts,
                List.of(twin, DIRECTORY),
                path -> path.startsWith(DIRECTORY) ? UpperMatch.SAME : UpperMatch.ALIKE)
            .orElseThrow();
    assertThat(layers.upperDir().getParent()).isEqualTo(DIRECTORY);
  }

  @Test
  void find_relative_severalAlike_areRefused() throws IOException {
    MountTable mounts = RecordedProc.mounts("overlay-space-relative");
    List<Path> bases = List.of(Path.of("/var/lib/twin"), DIRECTORY);
    assertThatExceptionOfType(UnprovenLayerException.class)
        .isThrownBy(() -> OverlayRootFs.find(mounts, bases, path -> UpperMatch.ALIKE))
        .withMessageContaining("in each of [/var/lib/twin, " + DIRECTORY + "]");
    assertThat(OverlayRootFs.find(mounts, List.of(DIRECTORY), path -> UpperMatch.ALIKE))
        .isPresent();
  }

  @Test
  void find_stacked_isTheVisibleOne() throws IOException {
    OverlayRootFs layers = find("overlay-stacked", List.of());
    assertThat(layers.mount().source()).isEqualTo("visible");
    assertThat(layers.upperDir()).isEqualTo(DIRECTORY.resolve("up-6"));
  }

  @Test
  void find_relative_takesTheProvenBase() throws IOException {
    MountTable mounts = RecordedProc.mounts("overlay-space-relative");
    List<Path> asked = new ArrayList<>();
    OverlayRootFs layers =
        OverlayRootFs.find(
                mounts,
                List.of(Path.of("/var/lib/x"), DIRECTORY, Path.of("/never")),
                path -> {
                  asked.add(path);
                  return path.startsWith(DIRECTORY) ? UpperMatch.SAME : UpperMatch.NONE;
                })
            .orElseThrow();
    assertThat(asked).containsExactly(Path.of("/var/lib/x/up e"), DIRECTORY.resolve("up e"));
    assertThat(layers.upperDir()).isEqualTo(DIRECTORY.resolve("up e"));
    assertThat(layers.workDir()).isEqualTo(DIRECTORY.resolve("work-1"));
    assertThat(layers.lowerDirs()).containsExactly(DIRECTORY.resolve("image"));
  }

  @Test
  void find_relativeButUnproven_saysWhatToSet() throws IOException {
    MountTable mounts = RecordedProc.mounts("overlay-space-relative");
    assertThatExceptionOfType(UnprovenLayerException.class)
        .isThrownBy(() -> OverlayRootFs.find(mounts, List.of(DIRECTORY), path -> UpperMatch.NONE))
        .withMessageContaining("'up e' is relative and in none of the base directories")
        .withMessageContaining(DIRECTORY.toString());
  }

  @Test
  void find_absoluteOfAnotherMountNamespace_isRefused() throws IOException {
    MountTable mounts = RecordedProc.mounts("crio-container");
    assertThatExceptionOfType(UnprovenLayerException.class)
        .isThrownBy(() -> OverlayRootFs.find(mounts, List.of(), path -> UpperMatch.NONE))
        .withMessageContaining("another mount namespace");
  }

  @Test
  void find_readOnlyOverlayOrNoOverlay_isEmpty() throws IOException {
    for (String tree : List.of("overlay-read-only", "odd-mounts")) {
      assertThat(OverlayRootFs.find(RecordedProc.mounts(tree), List.of(), path -> UpperMatch.SAME))
          .isEmpty();
    }
  }

  @Test
  void find_dataOnlyLayers() throws IOException {
    MountTable mounts =
        MountTable.parse(
            "9 5 0:5 / / rw - overlay o rw,lowerdir=/a:/b::/c::/d,upperdir=/u,workdir=/w,datadir+=/e\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    OverlayRootFs layers =
        OverlayRootFs.find(mounts, List.of(), path -> UpperMatch.SAME).orElseThrow();
    assertThat(layers.lowerDirs()).containsExactly(Path.of("/a"), Path.of("/b"));
    assertThat(layers.dataDirs()).containsExactly(Path.of("/c"), Path.of("/d"), Path.of("/e"));
  }

  @Test
  void mergedRoot_isTheProcessesRoot() {
    assertThat(OverlayRootFs.mergedRoot(new ProcFs(Path.of("/host/proc")), 42))
        .isEqualTo(Path.of("/host/proc/42/root"));
  }

  @Test
  void find_runcContainer() throws IOException {
    ProcFs container = RecordedProc.of("runc-container");
    int init = RecordedProc.only(container, p -> p.innermostPid() == 1).observedPid();
    MountTable mounts = MountTable.read(container, init);
    assertThat(mounts.root()).map(MountInfo::fsType).hasValue("overlay");
    assertThat(OverlayRootFs.find(mounts, List.of(), path -> UpperMatch.SAME))
        .map(OverlayRootFs::upperDir)
        .hasValue(Path.of("/tmp/criu-bridge-record/upper"));
  }

  private static OverlayRootFs find(String tree, List<Path> bases) throws IOException {
    return OverlayRootFs.find(RecordedProc.mounts(tree), bases, path -> UpperMatch.SAME)
        .orElseThrow();
  }
}
