// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.proto.cg_controller_entry;
import io.criubridge.images.proto.cgroup_dir_entry;
import io.criubridge.images.proto.core_entry;
import io.criubridge.images.proto.mnt_entry;
import io.criubridge.images.proto.pstree_entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets that CRIU did not write, made of a recorded container whose pids are 1, 6 and 7. */
class DamagedSetTest {
  @TempDir private Path directory;

  @BeforeEach
  void copyRecordedSet() throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.images("4.2.1/container"))) {
      files.forEach(this::copy);
    }
  }

  /** A set keeps what it has read: one for every look. */
  private ImageSet set() {
    return new ImageSet(directory);
  }

  @Test
  void emptyDirectory_isNoSet(@TempDir Path empty) throws IOException {
    ImageSet none = new ImageSet(empty);
    assertDamaged(none::inventory, "inventory.img", 0);
    assertDamaged(none::processes, "pstree.img", 0);
    assertThat(none.mounts()).isEmpty();
    assertDamaged(none::externalFiles, "pstree.img", 0);
    assertThat(none.networkNamespaces()).isEmpty();
    assertThat(none.cgroups()).isEmpty();
    assertThat(none.stats()).isEmpty();
  }

  @Test
  void missingDirectory_isAnError() {
    ImageSet none = new ImageSet(directory.resolve("none"));
    assertThatExceptionOfType(IOException.class).isThrownBy(none::mounts);
  }

  @Test
  void cycleOfProcesses_isRefused() throws IOException {
    write("pstree.img", node(1, 0), node(6, 7), node(7, 6));
    assertDamaged(() -> set().processes(), "pstree.img", 8 + 4 + node(1, 0).getSerializedSize());
  }

  @Test
  void ownParentSecondRootAndSamePidTwice_areRefused() throws IOException {
    int second = 8 + 4 + node(1, 0).getSerializedSize();
    write("pstree.img", node(1, 1));
    assertDamaged(() -> set().processes(), "pstree.img", 8);
    write("pstree.img", node(1, 0), node(6, 0));
    assertDamaged(() -> set().processes(), "pstree.img", second);
    write("pstree.img", node(1, 0), node(1, 1));
    assertDamaged(() -> set().processes(), "pstree.img", second);
    write("pstree.img", node(-1, 0));
    assertDamaged(() -> set().processes(), "pstree.img", 8);
  }

  @Test
  void processWithoutCore_isRefused() throws IOException {
    Files.delete(directory.resolve("core-6.img"));
    assertDamaged(() -> set().processes(), "core-6.img", 0);
  }

  @Test
  void coreOfAThreadInThePlaceOfAProcess_isRefused() throws IOException {
    core_entry core =
        (core_entry) RecordedImages.parts(directory.resolve("core-6.img")).get(0).entry().message();
    write("core-6.img", core.toBuilder().clearTc().build());
    assertDamaged(() -> set().processes(), "core-6.img", 0);
  }

  @Test
  void damagedOptionalFile_isAnErrorNotAnEmptyOne() throws IOException {
    Files.write(directory.resolve("cgroup.img"), new byte[] {1, 2, 3});
    assertDamaged(() -> set().cgroups(), "cgroup.img", 0);
  }

  @Test
  void oldExternalMount_hasItsKeyInThePlaceOfTheRoot() throws IOException {
    Message mount =
        mnt_entry
            .newBuilder()
            .setFstype(999)
            .setMntId(2)
            .setRootDev(8 << 20 | 1)
            .setParentMntId(1)
            .setFlags(0)
            .setRoot("key")
            .setMountpoint("/mnt")
            .setSource("")
            .setOptions("")
            .setExtMount(true)
            .build();
    Files.delete(directory.resolve("mountpoints-13.img"));
    write("mountpoints-5.img", mount);
    assertThat(set().mounts())
        .singleElement()
        .satisfies(
            read -> {
              assertThat(read.namespaceId()).isEqualTo(5);
              assertThat(read.externalKey()).contains(ByteString.copyFromUtf8("key"));
              assertThat(read.fileSystemType()).isEqualTo("unsupported");
              assertThat(read.deviceMajor()).isEqualTo(8);
              assertThat(read.deviceMinor()).isEqualTo(1);
            });
  }

  @Test
  void cgroupTree_isFlattenedFromTheRoot() {
    cgroup_dir_entry leaf = cgroup_dir_entry.newBuilder().setDirName("leaf").build();
    cgroup_dir_entry middle =
        cgroup_dir_entry.newBuilder().setDirName("middle").addChildren(leaf).build();
    assertThat(directories(cgroup_dir_entry.newBuilder().setDirName("").addChildren(middle)))
        .containsExactly("/", "/middle", "/middle/leaf");
    assertThat(directories(cgroup_dir_entry.newBuilder().setDirName("a/b").addChildren(middle)))
        .containsExactly("/a/b", "/a/b/middle", "/a/b/middle/leaf");
  }

  private static List<String> directories(cgroup_dir_entry.Builder root) {
    return CgroupHierarchy.of(cg_controller_entry.newBuilder().addDirs(root).build())
        .directories()
        .stream()
        .map(ByteString::toStringUtf8)
        .toList();
  }

  private static pstree_entry node(int pid, int parent) {
    return pstree_entry.newBuilder().setPid(pid).setPpid(parent).setPgid(1).setSid(1).build();
  }

  private void write(String name, Message... messages) throws IOException {
    ImageType type = ImageType.ofFileName(name).orElseThrow();
    try (ImageWriter writer =
        new ImageWriter(Files.newOutputStream(directory.resolve(name)), type)) {
      for (Message message : messages) {
        writer.write(message);
      }
    }
  }

  private void assertDamaged(ThrowingCallable read, String file, long offset) {
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(read)
        .satisfies(
            e -> {
              assertThat(e.file().getFileName()).hasToString(file);
              assertThat(e.offset()).isEqualTo(offset);
            });
  }

  private void copy(Path file) {
    try {
      Files.copy(file, directory.resolve(file.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
