// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.sys.BytePath;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OciSpecTest {
  private static final Path RUNC =
      Fixtures.path("proc/runc-container/host/tmp/criu-bridge-record/config.json");
  private static final Path CRIO =
      Fixtures.path(
          "proc/crio-container/host/run/containers/storage/overlay-containers/"
              + "4f207d53e54d3f8d52c43422dd3422f1221300a438719c5e5070fa29868fd3c9"
              + "/userdata/config.json");

  @TempDir Path directory;

  @Test
  void read_runcContainer() throws IOException {
    OciSpec spec = OciSpec.read(RUNC);
    assertThat(spec.rootPath()).isEqualTo("rootfs");
    assertThat(spec.rootfs(Path.of("/bundle"))).isEqualTo(Path.of("/bundle/rootfs"));
    assertThat(spec.rootReadOnly()).isFalse();
    assertThat(spec.hostname()).isEqualTo("demo");
    assertThat(spec.annotations()).containsEntry("org.example.note", "café");
    assertThat(spec.maskedPaths()).contains(BytePath.of("/proc/kcore")).hasSizeGreaterThan(5);
    assertThat(spec.readonlyPaths()).contains(BytePath.of("/proc/sys"));
    assertThat(spec.namespaces()).contains(new OciNamespace("pid", ""));
    OciMount data = mount(spec, "/data");
    assertThat(data.isBind()).isTrue();
    assertThat(data.isReadOnly()).isTrue();
    assertThat(data.type()).isEmpty();
    assertThat(data.source()).isEqualTo("/tmp/criu-bridge-record/volume");
    assertThat(mount(spec, "/proc").isBind()).isFalse();
  }

  @Test
  void read_crioContainer() throws IOException {
    OciSpec spec = OciSpec.read(CRIO);
    assertThat(spec.mounts()).hasSize(11);
    assertThat(spec.rootfs(Path.of("/bundle"))).isAbsolute().endsWithRaw(Path.of("merged"));
    assertThat(mount(spec, "/dev/shm").isBind()).isTrue();
    assertThat(spec.namespaces())
        .filteredOn(OciNamespace::isJoined)
        .extracting(OciNamespace::type)
        .containsExactly("ipc", "uts");
    assertThat(spec.annotations()).containsEntry("io.container.manager", "cri-o");
  }

  @Test
  void read_nullsAndAbsentKeys_areEmpty() throws IOException {
    OciSpec spec = read("{'mounts': null, 'linux': {'maskedPaths': null}, 'root': null, 'x': [1]}");
    assertThat(spec.mounts()).isEmpty();
    assertThat(spec.maskedPaths()).isEmpty();
    assertThat(spec.rootPath()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "{'mounts': [{'destination': '/a'}|{'destination': 5x}]}, $.mounts[1].destination",
    "{'mounts': [{'destination': '/a/../b'}]}, $.mounts[0].destination",
    "{'mounts': {}}, $.mounts",
    "{'root': {'readonly': 'perhaps'}}, $.root.readonly",
    "{'root': {'path': '/x', $.root.",
    "{} {}, $",
    "'', $",
  })
  void read_damaged_namesFileAndPlace(String json, String where) {
    assertThatExceptionOfType(ContainerFileException.class)
        .isThrownBy(() -> read(json.replace('|', ',')))
        .withMessageContaining(directory.resolve("config.json") + " at " + where);
  }

  @Test
  void read_noSuchFile() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> OciSpec.read(directory.resolve("config.json")));
  }

  private OciSpec read(String json) throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
    return OciSpec.read(file);
  }

  private static OciMount mount(OciSpec spec, String destination) {
    List<OciMount> found =
        spec.mounts().stream()
            .filter(m -> m.destination().equals(BytePath.of(destination)))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
