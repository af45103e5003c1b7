// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CriuCommandLineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "criu restore -r /new -D images",
        "criu restore -r/new",
        "criu restore --root /new",
        "criu restore --root=/new",
        "criu --root=/old restore -dsr /new",
        "criu -v4 -r /old -dRr/new restore",
        "criu restore -D images --root /new --exec-cmd -- sh -r /x --root=/y",
      })
  void root_everySpelling(String words) {
    assertThat(of(words).root()).hasValue(Path.of("/new"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "criu restore",
        "criu restore -o -r/log -vr/x",
        "criu restore -D -r --images-dir --root=/x",
        "criu restore --exec-cmd -- -r /x",
        "criu restore --rootless=/x",
      })
  void root_notGiven_isEmpty(String words) {
    assertThat(of(words).root()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"criu dump -L /lib", "criu dump -L/lib", "criu --libdir=/lib dump -t 1"})
  void libDirectory_everySpelling(String words) {
    assertThat(of(words).libDirectory()).hasValue(Path.of("/lib"));
  }

  @Test
  void externals_areAllOfThem() {
    assertThat(
            of("criu dump --external mnt[/a]:b --external=file[1:2] -M /c:d -M auto"
                    + " --ext-mount-map=/e:f -M/g:h")
                .externals())
        .containsExactly("mnt[/a]:b", "file[1:2]", "mnt[/c]:d", "mnt[/e]:f", "mnt[/g]:h");
  }

  @Test
  void externals_bytesThatAreNoText_areKept() {
    assertThat(of("criu dump --external mnt[/\u00ff]:k").externals())
        .containsExactly("mnt[/\udcff]:k");
  }

  @Test
  void ignoresCgroups_lastValueCounts() {
    assertThat(of("criu restore --manage-cgroups=ignore").ignoresCgroups()).isTrue();
    assertThat(of("criu restore --manage-cgroups=ignore --manage-cgroups=soft").ignoresCgroups())
        .isFalse();
    assertThat(of("criu restore --manage-cgroups ignore").ignoresCgroups())
        .as("the value is optional, so the next word is none")
        .isFalse();
  }

  /** As a criu that runc has started reads in /proc: one word, then zeros. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "criu: dump --rpc -t 4242 -D /var/lib/x --root /y\0",
        "criu: restore --rpc -D /images\0\0\0\0",
      })
  void rpc_isSeenByTheTitleThatCriuGivesItself(String cmdline) {
    CriuCommandLine commandLine = CriuCommandLine.of(cmdline.getBytes(ISO_8859_1));
    assertThat(commandLine.isRpc()).isTrue();
    assertThat(commandLine.root()).isEmpty();
    assertThat(commandLine.externals()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/usr/sbin/criu swrk 3", "criu -v4 service --address /run/x"})
  void rpc_isSeenByTheMode(String words) {
    assertThat(of(words).isRpc()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"criu dump -D service", "criu restore --images-dir swrk", "criu dump -t 1"})
  void rpc_commandLineOfAPerson_isNone(String words) {
    assertThat(of(words).isRpc()).isFalse();
  }

  @Test
  void emptyCmdline_hasNoArguments() {
    assertThat(CriuCommandLine.of(new byte[0]).arguments()).isEmpty();
  }

  private static CriuCommandLine of(String words) {
    return CriuCommandLine.of((words.replace(' ', '\0') + "\0").getBytes(ISO_8859_1));
  }
}
