// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The private directory of a run: how it is made, and which one is refused. */
@Tag("root")
@Timeout(120)
final class RunDirectoryIT {
  @TempDir static Path shared;
  private static NativePrograms programs;

  @TempDir Path directory;
  private LauncherRun run;

  @BeforeAll
  static void build() throws Exception {
    programs = NativePrograms.build(shared.resolve("dist"));
  }

  @BeforeEach
  void begin() throws Exception {
    run = new LauncherRun(programs, directory);
  }

  @AfterEach
  void end() throws Exception {
    run.close();
  }

  @Test
  void runDirectory_isForRootAlone() throws Exception {
    run.phase("pre-dump");
    assertThat(mode(run.base())).isEqualTo("rwx------");
    assertThat(mode(run.runDirectory())).isEqualTo("rwx------");
    assertThat(mode(run.runDirectory().resolve("worker.log"))).isEqualTo("rw-------");
    assertThat(mode(run.runDirectory().resolve("lock"))).isEqualTo("rw-------");
  }

  @Test
  void nothingOfARun_staysOutsideItsDirectory() throws Exception {
    run.phase("pre-dump");
    try (Stream<Path> entries = Files.list(run.base())) {
      assertThat(entries).containsExactly(run.runDirectory());
    }
  }

  @Test
  void runDirectory_mayBeLongerThanASocketAddress() throws Exception {
    Path deep = Files.createDirectory(directory.resolve("x".repeat(200)));
    run.environment.put("CRIU_BRIDGE_RUN_DIR", deep.resolve("run").toString());
    assertThat(run.phase("pre-dump").exitCode()).isZero();
    assertThat(run.phase("post-dump").output()).contains("worker-post-dump done");
  }

  @Test
  void runDirectory_symbolicLink_isRefused() throws Exception {
    Files.createDirectory(run.base());
    Files.createSymbolicLink(run.runDirectory(), Files.createDirectory(directory.resolve("other")));
    assertRefused("a symbolic link is none");
  }

  @Test
  void runDirectory_ofSomebodyElse_isRefused() throws Exception {
    Files.createDirectory(run.base());
    Files.createDirectory(run.runDirectory());
    Files.setAttribute(run.runDirectory(), "unix:uid", 1000);
    assertRefused("must belong to root");
  }

  @Test
  void runDirectory_openToOthers_isRefused() throws Exception {
    Files.createDirectory(run.base());
    Files.createDirectory(run.runDirectory());
    Files.setPosixFilePermissions(run.runDirectory(), PosixFilePermissions.fromString("rwxr-x---"));
    assertRefused("chmod 0700");
  }

  @Test
  void baseDirectory_writableByOthers_isRefused() throws Exception {
    Files.createDirectory(run.base());
    Files.setPosixFilePermissions(run.base(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertRefused("must belong to root");
  }

  @Test
  void baseDirectory_relative_isRefused() throws Exception {
    run.environment.put("CRIU_BRIDGE_RUN_DIR", "run");
    assertRefused("absolute");
  }

  private void assertRefused(String why) throws Exception {
    Result result = run.phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).startsWith("criu-bridge pre-dump: ").contains(why);
    assertThat(run.log()).isEmpty();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
