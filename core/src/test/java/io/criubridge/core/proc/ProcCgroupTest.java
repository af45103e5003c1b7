// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcCgroupTest {

  @Test
  void read_crioContainer_version2() throws IOException {
    ProcCgroup cgroup = ProcCgroup.read(RecordedProc.of("crio-container"), 20116);
    assertThat(cgroup.hierarchies()).hasSize(10);
    CgroupHierarchy selected = cgroup.selected().orElseThrow();
    assertThat(selected.label()).isEqualTo("v2");
    assertThat(selected.path().parent()).isEqualTo(BytePath.of("/crio-test"));
    assertThat(selected.directory(CgroupHierarchy.HOST_CGROUP_PATH).getParent())
        .isEqualTo(Path.of("/sys/fs/cgroup/crio-test"));
  }

  @ParameterizedTest
  @CsvSource({
    "'0::/x\n', v2, /x",
    "'0::/\n', v2, /",
    "'0::/..x/y..\n', v2, /..x/y..",
    "'1:name=systemd:/s\n0::/\n', name=systemd, /s",
    "'4:cpu,cpuacct:/c\n1:name=systemd:/s\n', name=systemd, /s",
    "'4:cpu,cpuacct:/c:d\n3:pids:/p\n', 'cpu,cpuacct', /c:d",
  })
  void selected_tellsWhichHierarchy(String content, String label, String path) throws IOException {
    CgroupHierarchy selected = parse(content).selected().orElseThrow();
    assertThat(selected.label()).isEqualTo(label);
    assertThat(selected.path()).isEqualTo(BytePath.of(path));
  }

  @Test
  void selected_kernelWithoutCgroups_isEmpty() throws IOException {
    assertThat(parse("").selected()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/..", "/../../kubepods/pod1"})
  void path_outsideOfNamespace_isRefusedByName(String path) throws IOException {
    CgroupHierarchy selected = parse("0::" + path + "\n").selected().orElseThrow();
    assertThatExceptionOfType(CgroupOutsideException.class)
        .isThrownBy(selected::path)
        .withMessageContaining("'" + path + "' of hierarchy v2");
    assertThatExceptionOfType(CgroupOutsideException.class)
        .isThrownBy(() -> selected.directory(Path.of("/sys/fs/cgroup")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0:/x", "x::/", "0::x", "0::/a/../b", "0::/../a/..", "0::/a\0"})
  void parse_malformed_isNamed(String line) {
    assertThatExceptionOfType(ProcFormatException.class)
        .isThrownBy(() -> parse(line + "\n"))
        .withMessageStartingWith("cgroup line 1");
  }

  private static ProcCgroup parse(String content) throws IOException {
    return ProcCgroup.parse(content.getBytes(ISO_8859_1));
  }
}
