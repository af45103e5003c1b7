// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.plan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The plugin's side of the format is tested in PlanIT. */
class PlanTest {

  private static String encode(Directive... directives) {
    return new String(new Plan(List.of(directives)).encode(), ISO_8859_1);
  }

  @Test
  void encode_everyDirective() {
    assertThat(
            encode(
                new Directive.External("mnt[/a]:/a"),
                new Directive.SkipMount("/b"),
                new Directive.InheritFd("extNetNs", "/run/netns/x"),
                new Directive.InheritFile("file[1b:20c]", "/log", 02001, OptionalLong.empty()),
                new Directive.InheritFile("file[1b:20d]", "/in", 0, OptionalLong.of(1L << 40)),
                new Directive.RestoreMount(7, "/srv")))
        .isEqualTo(
            """
            criu-bridge-plan 1
            external mnt[/a]:/a
            skip-mount /b
            inherit-fd extNetNs /run/netns/x
            inherit-file ile[1b:20c] /log 1025 end
            inherit-file ile[1b:20d] /in 0 1099511627776
            restore-mount 7 /srv
            end
            """);
  }

  @Test
  void encode_nothing_isStillWhole() {
    assertThat(encode()).isEqualTo("criu-bridge-plan 1\nend\n");
  }

  @Test
  void encode_escapesWhatSeparates() {
    assertThat(encode(new Directive.SkipMount("/a b\t\n\\\u007f\u0001~")))
        .contains("skip-mount /a\\040b\\011\\012\\134\\177\\001~\n");
  }

  @Test
  void encode_bytesOfAPath_areKeptWhetherTextOrNot() {
    String place = BytePath.ofLatin1("/\u00ff\u00c3\u00a9").text();
    assertThat(place).isEqualTo("/\udcff\u00e9");
    assertThat(encode(new Directive.SkipMount(place))).contains("skip-mount /\u00ff\u00c3\u00a9\n");
  }

  @Test
  void encode_nameThatLooksLikeALine_staysAnArgument() {
    assertThat(encode(new Directive.SkipMount("/x\nend\nexternal mnt[/]:/")).lines()).hasSize(3);
  }
}
