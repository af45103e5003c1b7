// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The plugin's reading of a plan, with the sanitizers watching. */
@Tag("root")
final class PlanIT {
  private static final String HEAD = "criu-bridge-plan 1\n";

  @TempDir static Path shared;
  private static Path reader;

  @TempDir Path run;
  private Path plan;

  @BeforeAll
  static void compile() throws Exception {
    reader =
        NativePrograms.compile(
            shared.resolve("read-plan"),
            "-fsanitize=address,undefined",
            Path.of("src/test/c/read_plan.c").toAbsolutePath().toString(),
            NativePrograms.sources("plan", "file"));
  }

  @BeforeEach
  void locate() {
    plan = run.resolve("plan");
  }

  private Result read() throws Exception {
    return NativePrograms.run(Map.of(), List.of(reader.toString(), run.toString()));
  }

  private Result read(String text) throws Exception {
    Files.writeString(plan, text, ISO_8859_1);
    return read();
  }

  @Test
  void everyDirective_isRead() throws Exception {
    String text =
        """
        criu-bridge-plan 1
        external mnt[/vol1]:/vol1
        external file[1b:20c223]
        skip-mount /sys/kernel/debug
        inherit-fd extNet /run/netns/pod
        inherit-file ile[1b:2] /log 1025 end
        restore-mount 123 /srv/a\\040b\\134\\012\\303\\251
        end
        """;
    assertThat(read(text))
        .isEqualTo(
            new Result(
                0,
                """
                0 <mnt[/vol1]:/vol1>
                0 <file[1b:20c223]>
                1 </sys/kernel/debug>
                2 <extNet> </run/netns/pod>
                3 <ile[1b:2]> </log> <1025> <end>
                4 <123> </srv/a b\\
                \u00c3\u00a9>
                """));
  }

  @Test
  void noDirective_isAPlanToo() throws Exception {
    assertThat(read(HEAD + "end\n")).isEqualTo(new Result(0, ""));
  }

  @Test
  void noFile_isNoPlan() throws Exception {
    assertThat(read().exitCode()).isEqualTo(1);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("", "\"end\" is missing"),
        Arguments.of("criu-bridge-plan 2\nend\n", "line 1: not \"criu-bridge-plan 1\""),
        Arguments.of("\nend\n", "line 1: not"),
        Arguments.of(HEAD, "line 2: torn off, \"end\" is missing"),
        Arguments.of(HEAD + "external a\n", "line 3: torn off, \"end\" is missing"),
        Arguments.of(HEAD + "end", "line 2: torn off, no newline"),
        Arguments.of(HEAD + "end\nexternal a\n", "something follows \"end\""),
        Arguments.of(HEAD + "end\n\n", "something follows \"end\""),
        Arguments.of(HEAD + "\nend\n", "line 2: unknown directive"),
        Arguments.of(HEAD + "inherit-file f /log rw end\nend\n", "line 2: no flags"),
        Arguments.of(HEAD + "inherit-file f /log 1 -1\nend\n", "line 2: no offset"),
        Arguments.of(HEAD + "unmount /\nend\n", "line 2: unknown directive"),
        Arguments.of(HEAD + "External a\nend\n", "unknown directive"),
        Arguments.of(HEAD + " external a\nend\n", "unknown directive"),
        Arguments.of(HEAD + "external\nend\n", "too few arguments"),
        Arguments.of(HEAD + "external \nend\n", "too few arguments"),
        Arguments.of(HEAD + "external  a\nend\n", "too few arguments"),
        Arguments.of(HEAD + "external a b\nend\n", "too many arguments"),
        Arguments.of(HEAD + "external a \nend\n", "too many arguments"),
        Arguments.of(HEAD + "inherit-fd a\nend\n", "too few arguments"),
        Arguments.of(HEAD + "external a\tb\nend\n", "bad byte"),
        Arguments.of(HEAD + "external a\177\nend\n", "bad byte"),
        Arguments.of(HEAD + "external a\r\nend\n", "bad byte"),
        Arguments.of(HEAD + "external a\\\nend\n", "\\ooo"),
        Arguments.of(HEAD + "external a\\04\nend\n", "\\ooo"),
        Arguments.of(HEAD + "external a\\0\nend\n", "\\ooo"),
        Arguments.of(HEAD + "external a\\08z\nend\n", "\\ooo"),
        Arguments.of(HEAD + "external a\\000b\nend\n", "\\ooo"),
        Arguments.of(HEAD + "external a\\400\nend\n", "\\ooo"),
        Arguments.of(HEAD + "external a\0b\nend\n", "NUL byte"),
        Arguments.of(HEAD + "restore-mount x /a\nend\n", "no mount id"),
        Arguments.of(HEAD + "restore-mount -1 /a\nend\n", "no mount id"),
        Arguments.of(HEAD + "restore-mount 99999999999 /a\nend\n", "no mount id"),
        Arguments.of(HEAD + "external " + "a".repeat(8192) + "\nend\n", "line 2: too long"),
        Arguments.of(HEAD + "external a\n".repeat(16385) + "end\n", "too many directives"),
        Arguments.of(HEAD + ("external " + "a".repeat(8000) + "\n").repeat(140), "1 MiB"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void malformedPlan_isRefused(String text, String why) throws Exception {
    Result result = read(text);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains(why);
  }

  @Test
  void plan_asLargeAsAllowed_isRead() throws Exception {
    assertThat(read(HEAD + "external a\n".repeat(16384) + "end\n").exitCode()).isZero();
    String longest = "external " + "a".repeat(8192 - "external ".length()) + "\n";
    assertThat(read(HEAD + longest + "end\n").exitCode()).isZero();
  }

  @Test
  void plan_ofSomebodyElse_isRefused() throws Exception {
    Files.writeString(plan, HEAD + "end\n");
    Files.setAttribute(plan, "unix:uid", 1000);
    assertThat(read()).isEqualTo(new Result(2, OWNER));
  }

  private static final String OWNER = "must be a regular file of root, writable by nobody else\n";

  @Test
  void plan_writableByOthers_isRefused() throws Exception {
    Files.writeString(plan, HEAD + "end\n");
    Files.setPosixFilePermissions(plan, PosixFilePermissions.fromString("rw-rw----"));
    assertThat(read()).isEqualTo(new Result(2, OWNER));
  }

  @Test
  void plan_symbolicLink_isRefused() throws Exception {
    Files.writeString(run.resolve("other"), HEAD + "end\n");
    Files.createSymbolicLink(plan, run.resolve("other"));
    assertThat(read()).isEqualTo(new Result(2, "is a symbolic link\n"));
  }

  @Test
  void plan_fifo_isRefusedWithoutWaiting() throws Exception {
    NativePrograms.mustSucceed(
        NativePrograms.run(Map.of(), List.of("mkfifo", "-m", "600", plan.toString())));
    assertThat(read()).isEqualTo(new Result(2, OWNER));
  }
}
