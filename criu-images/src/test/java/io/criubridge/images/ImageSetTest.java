// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the views say of programs that are known: menagerie.c, and the container of workload.c. */
class ImageSetTest {
  private static final ByteString ODD_PATH =
      ByteString.copyFromUtf8("/odd-").concat(ByteString.copyFrom(new byte[] {(byte) 0xff}));

  static Stream<String> menageries() {
    return RecordedImages.menageries();
  }

  static Stream<String> containers() {
    return RecordedImages.containers();
  }

  static Stream<String> all() {
    return Stream.concat(menageries(), containers());
  }

  @ParameterizedTest
  @MethodSource("all")
  void inventory_isOfTheCurrentFormat(String set) throws IOException {
    Inventory inventory = set(set).inventory();
    assertThat(inventory.imageVersion()).isEqualTo(2);
    assertThat(inventory.runId()).isPresent();
    assertThat(inventory.plugins()).isEmpty();
    assertThat(inventory.rootIds()).isPresent();
  }

  @ParameterizedTest
  @MethodSource("all")
  void stats_areOfAShortDump(String set) throws IOException {
    DumpStats stats = set(set).stats().orElseThrow();
    assertThat(stats.frozen()).isBetween(Duration.ofNanos(1000), Duration.ofSeconds(10));
    assertThat(stats.freezing()).isLessThan(Duration.ofSeconds(10));
    assertThat(stats.pagesWritten()).isPositive().isLessThanOrEqualTo(stats.pagesScanned());
    assertThat(stats.pagesSkipped()).isZero();
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void processes_areATreeOfEveryState(String set) throws IOException {
    List<CheckpointedProcess> processes = set(set).processes();
    CheckpointedProcess root = processes.get(0);
    assertThat(root.command().toStringUtf8()).isEqualTo("menagerie");
    assertThat(root.parentPid()).isZero();
    assertThat(root.session()).isEqualTo(root.pid());
    assertThat(root.processGroup()).isEqualTo(root.pid());
    assertThat(root.threads()).hasSize(2).contains(root.pid());
    assertThat(processes.subList(1, 4))
        .allMatch(process -> process.parentPid() == root.pid())
        .allMatch(process -> process.threads().equals(List.of(process.pid())));
    assertThat(processes)
        .extracting(CheckpointedProcess::state)
        .containsExactly(TaskState.ALIVE, TaskState.ALIVE, TaskState.STOPPED, TaskState.DEAD);
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void processName_isBytes(String set) throws IOException {
    assertThat(set(set).processes().get(1).command())
        .isEqualTo(ByteString.copyFrom("odd \u00ff name", ISO_8859_1));
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void zombie_hasExitCodeAndNoObjects(String set) throws IOException {
    CheckpointedProcess zombie = set(set).processes().get(3);
    assertThat(zombie.exitCode()).isEqualTo(3 << 8);
    assertThat(zombie.ids()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void plainTree_hasOnlyItsIpcNamespace(String set) throws IOException {
    assertThat(set(set).mounts()).isEmpty();
    assertThat(set(set).networkNamespaces()).isEmpty();
    assertThat(set(set).cgroups()).isEmpty();
    KernelObjectIds criu = set(set).inventory().rootIds().orElseThrow();
    KernelObjectIds root = set(set).processes().get(0).ids().orElseThrow();
    assertThat(root.mountNamespace()).isEqualTo(criu.mountNamespace());
    assertThat(root.ipcNamespace()).isPresent().isNotEqualTo(criu.ipcNamespace());
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void sharedFile_hasAUserInEveryProcess(String set) throws IOException {
    List<ExternalFile> files = set(set).externalFiles();
    assertThat(files).hasSize(1);
    assertThat(files.get(0).name().toStringUtf8()).matches("file\\[[0-9a-f]+:[0-9a-f]+]");
    List<Integer> pids =
        set(set).processes().stream().limit(3).map(CheckpointedProcess::pid).toList();
    assertThat(files.get(0).users())
        .containsExactlyInAnyOrderElementsOf(
            pids.stream()
                .flatMap(
                    pid ->
                        Stream.of(
                            new ExternalFile.Descriptor(pid, 1),
                            new ExternalFile.Descriptor(pid, 2)))
                .toList());
  }

  @ParameterizedTest
  @MethodSource("containers")
  void containerPids_areThoseOfItsNamespace(String set) throws IOException {
    List<CheckpointedProcess> processes = set(set).processes();
    assertThat(processes).hasSize(3).allMatch(process -> process.state() == TaskState.ALIVE);
    assertThat(processes.get(0).pid()).isEqualTo(1);
    assertThat(processes.subList(1, 3)).allMatch(process -> process.parentPid() == 1);
    assertThat(processes).allMatch(process -> process.command().toStringUtf8().equals("workload"));
  }

  @ParameterizedTest
  @MethodSource("containers")
  void externalMounts_haveTheKeysOfTheCommand(String set) throws IOException {
    Set<ByteString> keys =
        set(set).mounts().stream()
            .flatMap(mount -> mount.externalKey().stream())
            .collect(Collectors.toSet());
    assertThat(keys)
        .contains(ByteString.copyFromUtf8("/volume"), ByteString.copyFromUtf8("/late"), ODD_PATH)
        .filteredOn(key -> !key.startsWith(ByteString.copyFromUtf8("/sys/fs/cgroup/")))
        .hasSize(3);
    assertThat(set(set).mounts()).noneMatch(Mount::withPlugin);
  }

  @ParameterizedTest
  @MethodSource("containers")
  void mounts_areThoseOfTheContainer(String set) throws IOException {
    List<Mount> mounts = set(set).mounts();
    Map<ByteString, Mount> byPlace =
        mounts.stream().collect(Collectors.toMap(Mount::mountPoint, Function.identity()));
    Mount root = byPlace.get(ByteString.copyFromUtf8("/"));
    assertThat(root.fileSystemType()).isEqualTo("overlay");
    assertThat(root.deviceMajor()).isZero();
    assertThat(root.deviceMinor()).isPositive();
    assertThat(root.source().toStringUtf8()).isEqualTo("overlay");
    Mount proc = byPlace.get(ByteString.copyFromUtf8("/proc"));
    assertThat(proc.fileSystemType()).isEqualTo("proc");
    assertThat(proc.parentId()).isEqualTo(root.mountId());
    assertThat(proc.externalKey()).isEmpty();
    assertThat(byPlace.get(ByteString.copyFromUtf8("/dev/mqueue")).fileSystemType())
        .isEqualTo("mqueue");
    Mount odd = byPlace.get(ODD_PATH);
    assertThat(odd.externalKey()).contains(ODD_PATH);
    assertThat(odd.root().toStringUtf8()).endsWith("/container/late");
    long namespace = set(set).processes().get(0).ids().orElseThrow().mountNamespace().orElseThrow();
    assertThat(mounts).allMatch(mount -> mount.namespaceId() == namespace);
  }

  @ParameterizedTest
  @MethodSource("containers")
  void networkNamespace_isExternal(String set) throws IOException {
    long id = set(set).processes().get(0).ids().orElseThrow().networkNamespace().orElseThrow();
    assertThat(set(set).networkNamespaces())
        .containsExactly(new NetworkNamespace(id, Optional.of(ByteString.copyFromUtf8("network"))));
  }

  @ParameterizedTest
  @MethodSource("containers")
  void cgroups_areTheContainersInEachHierarchy(String set) throws IOException {
    List<CgroupHierarchy> hierarchies = set(set).cgroups();
    assertThat(hierarchies)
        .flatExtracting(CgroupHierarchy::controllers)
        .contains("", "memory", "pids", "name=systemd");
    assertThat(hierarchies)
        .allSatisfy(
            hierarchy ->
                assertThat(hierarchy.directories())
                    .isNotEmpty()
                    .allMatch(path -> path.toStringUtf8().startsWith("/criu-bridge-")));
  }

  @ParameterizedTest
  @MethodSource("containers")
  void namespaces_areDumpedButForThoseOfTheHost(String set) throws IOException {
    assertThat(set(set).namespaces())
        .allSatisfy(namespace -> assertThat(namespace.pids()).containsExactly(1, 6, 7))
        .filteredOn(Namespace::dumped)
        .extracting(Namespace::kind)
        .contains(
            Namespace.Kind.PID,
            Namespace.Kind.NETWORK,
            Namespace.Kind.IPC,
            Namespace.Kind.UTS,
            Namespace.Kind.MOUNT)
        .doesNotContain(Namespace.Kind.USER);
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void filesOfASet_areReadOnce(String name) throws IOException {
    ImageSet set = set(name);
    assertThat(set.entries("files.img")).isNotEmpty().isSameAs(set.entries("files.img"));
    assertThat(set.entries("inetsk.img")).isEmpty();
  }

  private static ImageSet set(String name) {
    return new ImageSet(Fixtures.images(name));
  }
}
