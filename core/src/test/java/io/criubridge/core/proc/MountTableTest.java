// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.proc.MountInfo.RootState;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountTableTest {

  @Test
  void read_crioContainer_allFields() throws IOException {
    MountTable mounts = RecordedProc.mounts("crio-container");
    assertThat(mounts.mounts()).hasSize(21);
    MountInfo hosts = mounts.visibleAt(BytePath.of("/etc/hosts")).orElseThrow();
    assertThat(hosts.id()).isEqualTo(185);
    assertThat(hosts.parentId()).isEqualTo(mounts.root().orElseThrow().id());
    assertThat(hosts.major()).isEqualTo(254);
    assertThat(hosts.minor()).isZero();
    assertThat(hosts.root()).isEqualTo(BytePath.of("/etc/hosts"));
    assertThat(hosts.rootState()).isEqualTo(RootState.LINKED);
    assertThat(hosts.options()).containsExactly("rw", "relatime");
    assertThat(hosts.isReadOnly()).isFalse();
    assertThat(hosts.propagation()).isEqualTo(Propagation.PRIVATE);
    assertThat(hosts.fsType()).isEqualTo("ext4");
    assertThat(hosts.source()).isEqualTo("/dev/vda");
    assertThat(hosts.superOptions())
        .contains(new SuperOption("discard", ""), new SuperOption("resuid", "65534"));
    assertThat(mounts.children(153)).hasSize(7).allMatch(m -> m.parentId() == 153);
  }

  @Test
  void read_oddNames_keepsEveryByte() throws IOException {
    assertThat(RecordedProc.mounts("odd-mounts").mounts())
        .extracting(MountInfo::mountPoint)
        .contains(
            BytePath.of("/sp ace"),
            BytePath.of("/new\nline"),
            BytePath.of("/back\\slash"),
            BytePath.of("/ha#sh"),
            BytePath.ofLatin1("/\u00ff\u00fe"));
  }

  @Test
  void read_oddSources() throws IOException {
    MountTable mounts = RecordedProc.mounts("odd-mounts");
    assertThat(mounts.visibleAt(BytePath.of("/ha#sh")).orElseThrow().source())
        .isEqualTo("of ha#sh");
    assertThat(mounts.visibleAt(BytePath.of("/sp ace/inner")).orElseThrow().source()).isEmpty();
    assertThat(mounts.visibleAt(BytePath.ofLatin1("/\u00ff\u00fe")).orElseThrow().source())
        .isEqualTo("of \udcff\udcfe");
  }

  @Test
  void read_rootDeletedSinceMounting_isToldFromOneOfThatName() throws IOException {
    MountTable mounts = RecordedProc.mounts("odd-mounts");
    MountInfo gone = mounts.visibleAt(BytePath.of("/data/file")).orElseThrow();
    assertThat(gone.root()).isEqualTo(BytePath.of("/tmp/gone"));
    assertThat(gone.rootState()).isEqualTo(RootState.DELETED);
    MountInfo there = mounts.visibleAt(BytePath.of("/data/deleted")).orElseThrow();
    assertThat(there.root()).isEqualTo(BytePath.of("/deleted/file"));
    assertThat(there.rootState()).isEqualTo(RootState.LINKED);
    assertThat(there.isReadOnly()).isTrue();
  }

  @Test
  void read_propagation() throws IOException {
    MountTable mounts = RecordedProc.mounts("odd-mounts");
    Propagation shared = propagation(mounts, "/shared");
    assertThat(shared.isShared()).isTrue();
    assertThat(shared.isSlave()).isFalse();
    Propagation slave = propagation(mounts, "/slave");
    assertThat(slave.isShared()).isTrue();
    assertThat(slave.masterGroup()).isEqualTo(shared.sharedGroup());
    assertThat(propagation(mounts, "/unbindable").unbindable()).isTrue();
    assertThat(propagation(mounts, "/a")).isEqualTo(Propagation.PRIVATE);
  }

  @ParameterizedTest
  @CsvSource({
    "/a, a-visible",
    "/a/b, b-topmost",
    "/a/b/c/d, b-topmost",
    "/a/c, a-visible",
    "/ab, root",
    "/, root",
    "/sp ace/inner, ''",
    "/sp ace/x, of sp ace",
  })
  void owning_coveredMountsAreNotFound(String path, String source) throws IOException {
    assertThat(RecordedProc.mounts("odd-mounts").owning(BytePath.of(path)))
        .map(MountInfo::source)
        .hasValue(source);
  }

  @Test
  void visibleAt_noMountPoint_isEmpty() throws IOException {
    assertThat(RecordedProc.mounts("odd-mounts").visibleAt(BytePath.of("/a/c"))).isEmpty();
  }

  @Test
  void root_stackedOverlays_isTheUpperOne() throws IOException {
    MountTable mounts = RecordedProc.mounts("overlay-stacked");
    assertThat(mounts.mounts()).extracting(MountInfo::source).containsExactly("hidden", "visible");
    assertThat(mounts.root()).map(MountInfo::source).hasValue("visible");
  }

  @Test
  void root_mountedBeneath_isTheParentChainsEndNotTheLastLine() throws IOException {
    MountTable mounts = parse("5 4 0:5 / / rw - tmpfs top rw\n4 1 0:4 / / rw - tmpfs below rw\n");
    assertThat(mounts.root()).map(MountInfo::source).hasValue("top");
  }

  @Test
  void root_ofHostWithSelfParentedRootfs() throws IOException {
    MountTable mounts = parse("1 1 0:2 / / rw - rootfs rootfs rw\n27 1 8:1 / / rw - ext4 sda rw\n");
    assertThat(mounts.root()).map(MountInfo::source).hasValue("sda");
    assertThat(mounts.children(1)).extracting(MountInfo::id).containsExactly(27);
  }

  @Test
  void root_afterChrootIntoPlainDirectory_isEmpty() throws IOException {
    MountTable mounts = parse("9 5 0:5 / /proc rw - proc proc rw\n");
    assertThat(mounts.root()).isEmpty();
    assertThat(mounts.owning(BytePath.of("/etc"))).isEmpty();
    assertThat(mounts.owning(BytePath.of("/proc/1"))).map(MountInfo::id).hasValue(9);
  }

  @Test
  void parse_cgroupRootAboveNamespace_isMarked() throws IOException {
    MountInfo mount = parse("9 5 0:5 /../../pod /c rw - cgroup2 c rw\n").mounts().get(0);
    assertThat(mount.rootState()).isEqualTo(RootState.ABOVE_NAMESPACE);
    assertThat(mount.root()).isEqualTo(BytePath.of("/pod"));
  }

  @Test
  void parse_unknownTags_arePassedOver() throws IOException {
    MountInfo mount =
        parse("9 5 0:5 / /c rw new:1 shared:7 propagate_from:3 flag - tmpfs c rw\n")
            .mounts()
            .get(0);
    assertThat(mount.propagation()).isEqualTo(new Propagation(7, 0, 3, false));
  }

  @Test
  void parse_selinuxContext_keepsItsCommas() throws IOException {
    MountInfo mount =
        parse(
                "9 5 0:5 / / rw - overlay o rw,context=\"u:r:t:s0:c1,c2\",upperdir=/context=\"x,a=\"y,b\n")
            .mounts()
            .get(0);
    assertThat(mount.superOptions())
        .containsExactly(
            new SuperOption("rw", ""),
            new SuperOption("context", "\"u:r:t:s0:c1,c2\""),
            new SuperOption("upperdir", "/context=\"x"),
            new SuperOption("a", "\"y"),
            new SuperOption("b", ""));
  }

  @Test
  void superOption_repeated_isTheLast() throws IOException {
    MountInfo mount = parse("9 5 0:5 / / rw - overlay o rw,a=1,a=2\n").mounts().get(0);
    assertThat(mount.superOption("a")).hasValue(new SuperOption("a", "2"));
    assertThat(mount.superOption("b")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 2 3:4 / / rw",
        "1 2 3:4 / / rw - ext4 sda",
        "x 2 3:4 / / rw - ext4 sda rw",
        "1 2 34 / / rw - ext4 sda rw",
        "1 2 3:4 / /a/../b rw - ext4 sda rw",
        "1 2 3:4 / / rw shared:x - ext4 sda rw",
        "7 2 3:4 / / rw - ext4 sda rw",
      })
  void parse_malformedLine_isNamed(String line) {
    assertThatExceptionOfType(ProcFormatException.class)
        .isThrownBy(() -> parse("7 1 0:5 / / rw - tmpfs t rw\n" + line + "\n"))
        .withMessageContaining("mountinfo line 2: ")
        .withMessageEndingWith("'" + line + "'")
        .satisfies(e -> assertThat(e.line()).isEqualTo(2));
  }

  private static Propagation propagation(MountTable mounts, String path) {
    return mounts.visibleAt(BytePath.of(path)).orElseThrow().propagation();
  }

  private static MountTable parse(String mountinfo) throws IOException {
    return MountTable.parse(mountinfo.getBytes(ISO_8859_1));
  }
}
