// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the command line, with one that prints its arguments in place of the JVM. */
class CommandProgramIT {

  private static final String MAIN = "io.criubridge.hooks.cli.Main";

  @TempDir private static Path shared;

  @TempDir private Path directory;

  private static NativePrograms programs;

  @BeforeAll
  static void compile() throws Exception {
    programs = NativePrograms.build(shared.resolve("dist"));
  }

  @BeforeEach
  void writeConf() throws Exception {
    conf("/bin/echo");
  }

  private static void conf(String program) throws Exception {
    NativePrograms.write(
        programs.conf(),
        "# a comment",
        program,
        "-Xany",
        "own: -Xown",
        "dump: -Xdump",
        "restore: -Xrestore",
        "cli: -Xcli",
        "transcoding: -Xtranscoding",
        "-cp",
        "@dist@/lib/a.jar:@dist@/lib/b.jar",
        "Worker");
  }

  private static Result run(Map<String, String> environment, String... arguments) throws Exception {
    return run(programs.command(), environment, arguments);
  }

  private static Result run(Path program, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return NativePrograms.run(environment, command);
  }

  private static String classPath() throws Exception {
    return "-cp %1$s/lib/a.jar:%1$s/lib/b.jar".formatted(programs.dist().toRealPath());
  }

  @Test
  void commands_haveTheLinesOfTheirKind_andTheirOwnMainClass() throws Exception {
    Result result = run(Map.of(), "verify", "a b", "");
    assertThat(result.output())
        .isEqualTo("-Xany -Xown -Xcli %s %s verify a b \n".formatted(classPath(), MAIN));
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void imagesDecode_hasItsOwnStartCacheAndCompiler() throws Exception {
    assertThat(run(Map.of(), "images", "decode", "x").output())
        .startsWith("-Xany -Xown -Xtranscoding " + classPath() + " -XX:TieredStopAtLevel=1 ")
        .endsWith(" " + MAIN + " images decode x\n");
  }

  /** Their classes are in the other start cache. */
  @Test
  void imagesEncode_forPrograms_orHelp_startsAsOtherCommandsDo() throws Exception {
    for (String option : List.of("--json", "--help", "-h")) {
      assertThat(run(Map.of(), "images", "encode", option).output())
          .startsWith("-Xany -Xown -Xcli " + classPath() + " -XX:TieredStopAtLevel=1 ");
    }
    assertThat(run(Map.of(), "images").output()).startsWith("-Xany -Xown -Xcli ");
  }

  @Test
  void anotherJvm_getsNothingThatWasMadeForTheOne() throws Exception {
    conf("/no/such/java");
    assertThat(run(Map.of("CRIU_BRIDGE_JAVA", "echo"), "status").output())
        .isEqualTo("-Xany %s %s status\n".formatted(classPath(), MAIN));
  }

  @Test
  void symbolicLink_findsItsDirectory() throws Exception {
    Path link = directory.resolve("criu-bridge");
    Files.createSymbolicLink(link, programs.command());
    assertThat(run(link, Map.of(), "status").output()).contains(classPath());
  }

  @Test
  void terminal_isToldToTheJvm() throws Exception {
    String inTerminal = "script --quiet --return --command '%s status' /dev/null";
    Result result =
        NativePrograms.run(Map.of(), List.of("sh", "-c", inTerminal.formatted(programs.command())));
    assertThat(result.output())
        .contains("-Dcriubridge.stdout.terminal=true -Dcriubridge.stderr.terminal=true " + MAIN);
    assertThat(run(Map.of(), "status").output()).doesNotContain("terminal");
  }

  @Test
  void noJvm_isSaid() throws Exception {
    conf("/no/such/java");
    Result result = run(Map.of(), "status");
    assertThat(result.output())
        .isEqualTo(
            "criu-bridge: cannot run /no/such/java: No such file or directory;"
                + " install a Java runtime or set CRIU_BRIDGE_JAVA\n");
    assertThat(result.exitCode()).isEqualTo(127);
  }

  @Test
  void noConfiguration_isSaid() throws Exception {
    Files.delete(programs.conf());
    Result missing = run(Map.of(), "status");
    assertThat(missing.output())
        .startsWith("criu-bridge: cannot read ")
        .endsWith("jvm.conf: No such file or directory; install criu-bridge again\n");
    assertThat(missing.exitCode()).isEqualTo(78);
    NativePrograms.write(programs.conf(), "# nothing");
    assertThat(run(Map.of(), "status").output()).contains("holds no usable command");
  }
}
