// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code criu-bridge rootfs} as the program that it is: its system calls, its terminal. */
class RootfsProgramIT {

  private static final Path WITHOUT_OPENAT2 =
      Path.of("../test-fixtures/src/main/c/without-openat2.c").toAbsolutePath().normalize();

  private static final Pattern CALL =
      Pattern.compile("(fsync|rename)\\((?:\\d+<|\")([^>\"]*)[>\"](?:, \"([^\"]*)\")?\\) += 0");

  @TempDir Path temp;
  private RootfsScript script;

  @BeforeEach
  void makeScript() {
    script = new RootfsScript(temp);
  }

  /** Of each file: its content, its name, the directory; the archive last. */
  @Test
  void capture_putsOnDiskBeforeItRenamesAndTheDirectoryAfterwards() throws Exception {
    String trace =
        script
            .run(
                """
                echo x > lower/gone; rm merged/gone; echo y > merged/new; echo z > merged/late
                capture strace -f -y -e trace=fsync,fdatasync,rename,renameat,renameat2 -o trace
                cat trace
                """)
            .ok();
    List<String> calls = new ArrayList<>();
    for (Matcher call = CALL.matcher(trace); call.find(); ) {
      String name =
          call.group(2).replace(temp + "/", "").replaceAll("\\.[0-9a-f]+\\.criu", ".criu");
      calls.add(call.group(1) + " " + name + (call.group(3) == null ? "" : " " + call.group(3)));
    }
    List<String> expected = new ArrayList<>();
    for (String file : List.of("deleted-files.json", "deleted.files", "rootfs-diff.tar")) {
      expected.add("fsync out/." + file + ".criu-bridge.tmp");
      expected.add("rename out/." + file + ".criu-bridge.tmp out/" + file);
      expected.add("fsync out");
    }
    assertThat(calls).isEqualTo(expected);
  }

  @Test
  void withoutOpenat2_treesAreTheSameAndNoLinkIsFollowed() throws Exception {
    String output =
        script
            .run(
                """
                gcc -Wall -Werror -o without-openat2 %s
                without() {
                  code=0
                  strace -f -qq -e signal=none -e trace=openat2 -o trace ./without-openat2 "$@" || code=$?
                  cut -d' ' -f 2- trace | sed 's/^ *openat2.* = /openat2 /' | sort -u; return $code
                }
                mkdir -p lower/dir/sub outside; echo safe > outside/victim; echo 1 > lower/dir/sub/gone
                cp -a lower/. target; rm merged/dir/sub/gone; echo new > merged/dir/sub/file
                mkdir -p merged/a/b; ln -s ../../outside merged/a/b/up; ln -s / merged/a/top
                ln -s $PWD/outside merged/out; ln merged/dir/sub/file merged/a/hard
                capture without
                apply without
                list() { (cd $1; find . -printf '%%p %%y %%m %%l %%T@ ' '(' -type d -o -printf '%%n' ')' \\
                  -printf '\\n' | sort); }
                diff <(list merged) <(list target); echo same
                for link in ../outside / $PWD/outside; do
                  rm -r target/dir; ln -s "$link" target/dir
                  ln -s "$link" target/dir2; printf '["/dir2/victim"]' > out/deleted.files
                  cp out/rootfs-diff.tar saved; tar -C merged -cf out/rootfs-diff.tar dir/sub/file
                  ! apply without || exit 1
                  tar -C merged -cf out/rootfs-diff.tar out
                  ! apply without || exit 1
                  mv saved out/rootfs-diff.tar; rm target/dir target/dir2; mkdir target/dir
                done
                ls outside; cat outside/victim
                """
                    .formatted(WITHOUT_OPENAT2))
            .ok();
    assertThat(output)
        .contains("openat2 -1 ENOSYS (Function not implemented)\n", "\nsame\n")
        .doesNotContainPattern("openat2 (?!-1 ENOSYS)")
        .endsWith("\nvictim\nsafe\n");
    assertThat(output.lines().filter(line -> line.contains("ELOOP"))).hasSize(6);
  }

  /** Of so much that it takes longer than it takes to show the first line. */
  @Test
  void progress_isShownOnATerminalAlone() throws Exception {
    script
        .run(
            """
            export -f capture apply; head -c 1536M /dev/zero > merged/big
            export SHELL=$BASH # a plain sh drops the functions
            script -qec capture /dev/null > captured
            script -qec apply /dev/null > applied
            fallocate -d merged/big; capture > captured-piped 2>&1; apply > applied-piped 2>&1
            """)
        .ok();
    String bar =
        "\\r\\033\\[K\\[#+ *] +\\d+ %  \\d+ files  [0-9.]+ [KMG]iB  [0-9.]+ [KMG]iB/s  \\d+:\\d\\d left";
    for (String command : List.of("captured", "applied")) {
      assertThat(Lab.text(temp.resolve(command))).containsPattern(bar).contains("2 entries");
      assertThat(Lab.text(temp.resolve(command + "-piped")))
          .contains("2 entries")
          .doesNotContain("\r", "\033", " % ");
    }
  }
}
