// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CriuProgramTest {
  @TempDir private Path place;
  private ScratchNode node;

  @BeforeEach
  void makeNode() throws IOException {
    node = new ScratchNode(place);
  }

  private Path program(String name, String content) throws IOException {
    Path file = node.write(name, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private Optional<CriuProgram> find(Optional<Path> named) throws IOException {
    return CriuProgram.find(node.root, named, Map.of("CRIU", "/bin/sh", "PATH", "/bin"));
  }

  @Test
  void ofAnotherRoot_isFoundThere_andSaysWhereItsPluginsAre() throws IOException {
    program(
        "usr/sbin/criu",
        "\0  -L|--libdir           path to a plugin directory (by default /usr/local/lib/criu/)\n\0");
    assertThat(find(Optional.empty()).orElseThrow().pluginDirectory())
        .isEqualTo(Path.of("/usr/local/lib/criu"));
  }

  @Test
  void thatDoesNotSay_takesThemFromTheUsualPlace() throws IOException {
    program("usr/bin/criu", "\0");
    assertThat(find(Optional.empty()).orElseThrow().pluginDirectory())
        .isEqualTo(Path.of("/usr/lib/criu"));
  }

  @Test
  void named_isTheOneThatIsTaken() throws IOException {
    program("usr/sbin/criu", "");
    Path other = program("opt/criu", "");
    assertThat(find(Optional.of(Path.of("/opt/criu"))).orElseThrow().file()).isEqualTo(other);
    assertThatThrownBy(() -> find(Optional.of(Path.of("/opt/none"))))
        .isInstanceOf(InstallException.class);
  }

  @Test
  void absent_isNone() throws IOException {
    assertThat(find(Optional.empty())).isEmpty();
  }

  @Test
  void jvm_exportsWhatItDefines_andNotWhatItNeeds() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "lib/server/libjvm.so");
    assertThat(ElfSymbols.defined(java, Files.readAllBytes(java)))
        .contains("JNI_CreateJavaVM")
        .doesNotContain("malloc");
  }

  @Test
  void noElfFile_isSaidSo() throws IOException {
    byte[] elf = Files.readAllBytes(Path.of(System.getProperty("java.home"), "bin/java"));
    Path file = Path.of("/x/criu");
    for (int length : new int[] {0, 3, 20, 100}) {
      byte[] cut = Arrays.copyOf(elf, length);
      assertThatThrownBy(() -> ElfSymbols.defined(file, cut)).hasMessageContaining("/x/criu");
    }
    byte[] hostile = elf.clone();
    for (int i = 40; i < 48; i++) {
      hostile[i] = (byte) 0x7f;
    }
    assertThatThrownBy(() -> ElfSymbols.defined(file, hostile)).hasMessageContaining("/x/criu");
  }
}
