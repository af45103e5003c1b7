// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.core.checkpoint.MountRecord.Type;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.config.Configuration.Policy;
import io.criubridge.hooks.restore.MountSource.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class MountSourceTest {

  private MountTable host;

  @BeforeEach
  void parseHost() throws IOException {
    host =
        MountTable.parse(
            """
            1 1 8:1 / / rw - ext4 sda rw
            9 1 0:29 / /cgroups/memory rw - cgroup cgroup rw,memory
            10 1 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
            """
                .getBytes(US_ASCII));
  }

  private static MountRecord mount(String place, Type type, Optional<String> source) {
    return new MountRecord(
        BytePath.of(place),
        Handling.EXTERNAL,
        type,
        "ext4",
        Optional.of(place),
        source,
        Optional.empty(),
        "");
  }

  private static MountRecord cgroup(String hierarchy, Optional<String> group) {
    return new MountRecord(
        BytePath.of("/sys/fs/cgroup"),
        Handling.EXTERNAL,
        Type.DIRECTORY,
        "cgroup",
        Optional.of("/sys/fs/cgroup"),
        group,
        Optional.of(hierarchy),
        "");
  }

  private List<MountSource> sources(List<MountRecord> mounts) {
    return sources(mounts, Map.of(), Map.of());
  }

  private List<MountSource> sources(
      List<MountRecord> mounts, Map<String, Path> mapped, Map<BytePath, Path> specified) {
    return MountSource.ofMounts(mounts, mapped, specified, Set.of(), host, Policy.MINIMAL);
  }

  @Test
  void ofMounts_placeholder_comeFromTheirOwnPlaces() {
    assertThat(
            MountSource.ofMounts(
                List.of(mount("/data", Type.DIRECTORY, Optional.of("/srv/data"))),
                Map.of(),
                Map.of(),
                Set.of(),
                host,
                Policy.PLACEHOLDER))
        .extracting(MountSource::source)
        .containsExactly(Optional.of(Path.of("/data")));
  }

  @Test
  void ofMounts_recorded() {
    assertThat(sources(List.of(mount("/data", Type.DIRECTORY, Optional.of("/srv/data")))))
        .containsExactly(
            new MountSource(
                "/data",
                "/data",
                Optional.of("/srv/data"),
                Optional.of(Path.of("/srv/data")),
                true,
                Kind.DIRECTORY));
    assertThat(sources(List.of(mount("/etc/hosts", Type.FILE, Optional.empty()))))
        .containsExactly(
            new MountSource(
                "/etc/hosts", "/etc/hosts", Optional.empty(), Optional.empty(), true, Kind.FILE));
  }

  /** As the container could make it lead, had it the directory above for a volume. */
  @Test
  void recordedPath_thatALinkLeadsElsewhereNow_isTold(@TempDir Path temp) throws IOException {
    Path host = temp.toRealPath();
    Files.createDirectories(host.resolve("secret/conf"));
    Files.createSymbolicLink(host.resolve("volume"), host.resolve("secret"));
    String recorded = host.resolve("volume/conf").toString();
    List<MountRecord> mounts = List.of(mount("/conf", Type.DIRECTORY, Optional.of(recorded)));
    MountSource source = sources(mounts).get(0);
    assertThat(source.elsewhere()).contains(host.resolve("secret/conf"));
    assertThat(PlanRestore.isThere(source, Set.of())).isFalse();
    assertThat(MissingSources.message(List.of(source), List.of()))
        .contains(recorded + " at dump, which a symbolic link leads to " + host + "/secret/conf");
    // Who names a path himself may name one with links.
    MountSource mapped = sources(mounts, Map.of("/conf", Path.of(recorded)), Map.of()).get(0);
    assertThat(PlanRestore.isThere(mapped, Set.of())).isTrue();
    MountSource ofSpec =
        sources(mounts, Map.of(), Map.of(BytePath.of("/conf"), Path.of(recorded))).get(0);
    assertThat(PlanRestore.isThere(ofSpec, Set.of())).isTrue();
  }

  @Test
  void ofMounts_specBeforeRecord_personBeforeSpec() {
    List<MountRecord> mounts = List.of(mount("/data", Type.DIRECTORY, Optional.of("/old")));
    Map<BytePath, Path> specified = Map.of(BytePath.of("/data"), Path.of("/spec"));
    Map<String, Path> mapped = Map.of("/data", Path.of("/person"));
    assertThat(sources(mounts, Map.of(), specified))
        .extracting(MountSource::source)
        .containsExactly(Optional.of(Path.of("/spec")));
    assertThat(sources(mounts, mapped, specified))
        .extracting(MountSource::source)
        .containsExactly(Optional.of(Path.of("/person")));
  }

  @Test
  void ofMounts_cgroup_isLookedUpInThisMachinesHierarchy() {
    assertThat(sources(List.of(cgroup("memory", Optional.of("/pod/c")))))
        .extracting(MountSource::source, MountSource::kind)
        .containsExactly(tuple(Optional.of(Path.of("/cgroups/memory/pod/c")), Kind.CGROUP));
    assertThat(sources(List.of(cgroup("", Optional.of("/pod/c")))))
        .extracting(MountSource::source)
        .containsExactly(Optional.of(Path.of("/sys/fs/cgroup/pod/c")));
  }

  @Test
  void ofMounts_cgroupThatIsNotKnown_isNotTheWholeHierarchy() {
    assertThat(
            sources(List.of(cgroup("memory", Optional.empty()), cgroup("rdma", Optional.of("/")))))
        .extracting(MountSource::source)
        .containsExactly(Optional.empty());
  }

  @Test
  void ofMounts_mappedCgroup_isAPlainDirectory() {
    assertThat(
            sources(
                List.of(cgroup("memory", Optional.of("/pod"))),
                Map.of("/sys/fs/cgroup", Path.of("/mine")),
                Map.of()))
        .extracting(MountSource::source, MountSource::kind)
        .containsExactly(tuple(Optional.of(Path.of("/mine")), Kind.DIRECTORY));
  }

  @Test
  void ofMounts_twoAtOnePlace_areOneWithTheSourceThatIsKnown() {
    MountRecord hidden = mount("/data", Type.DIRECTORY, Optional.empty());
    MountRecord visible = mount("/data", Type.DIRECTORY, Optional.of("/srv"));
    assertThat(sources(List.of(hidden, visible))).isEqualTo(sources(List.of(visible)));
    assertThat(sources(List.of(visible, hidden))).isEqualTo(sources(List.of(visible)));
  }

  @Test
  void ofMounts_declaredByCaller_isLeftToIt() {
    List<MountRecord> mounts = List.of(mount("/data", Type.DIRECTORY, Optional.of("/srv")));
    assertThat(
            MountSource.ofMounts(mounts, Map.of(), Map.of(), Set.of("/data"), host, Policy.MINIMAL))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "EXTERNAL")
  void ofMounts_otherHandling_needsNothing(Handling handling) {
    MountRecord mount =
        new MountRecord(
            BytePath.of("/x"),
            handling,
            Type.FILE,
            "tmpfs",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "");
    assertThat(sources(List.of(mount))).isEmpty();
  }

  @Test
  void ofMounts_recordedPathThatJavaCannotName_isMissing() {
    assertThat(sources(List.of(mount("/data", Type.DIRECTORY, Optional.of("/a\0b")))))
        .extracting(MountSource::source)
        .containsExactly(Optional.empty());
  }
}
