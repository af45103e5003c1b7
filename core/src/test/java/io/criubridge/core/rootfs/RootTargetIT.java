// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restoring to {@code /}, as a process in the container to be sees it: in a mount namespace of its
 * own, its root an overlay of the test, and what it needs to run mounted there.
 */
class RootTargetIT {

  private static final String IMAGE =
      """
      mkdir -p etc app/cfg old/sub usr proc tmp vol over/vol over/dir checkpoint jar java etc
      echo base > etc/conf; echo hosts > etc/hosts; echo state-1 > app/state; echo a > app/cfg/a
      echo gone > app/removed; echo x > old/sub/x; echo below > vol/kept; echo y > over/dir/y
      echo top > removed-at-the-top; chmod 1777 tmp
      for name in bin sbin lib lib32 lib64; do
        [ ! -L /$name ] || ln -s usr/$name $name
      done
      for dir in /etc/java*; do mkdir -p .$dir; done
      """;

  private static final String CHANGES =
      """
      echo state-2 > app/state; rm app/removed removed-at-the-top; rm -r app/cfg; mkdir app/cfg
      echo new > app/cfg/new; mv old new; echo more > added; ln added linked
      setfattr -n user.x -v y .; touch -d '2006-06-06 06:06:06.6 UTC' . app
      """;

  /** Its argument: the place of the root. */
  private static final String ENTER =
      """
      mount --make-rprivate /
      cd "$1"; shift
      mount --bind -o ro /usr usr; mount -t proc proc proc; mount -t tmpfs tmp tmp
      for dir in /etc/java*; do mount --bind -o ro $dir .$dir; done
      mount --bind -o ro "$1" java; mount --bind -o ro "$2" checkpoint; shift 2
      mount -t tmpfs vol vol; echo kept > vol/kept
      mount -t tmpfs vol over/vol; echo kept > over/vol/kept
      while [ "$1" != -- ]; do
        if [ -d "$1" ]; then mkdir "jar/${1##*/}.$#"; else : > "jar/${1##*/}.$#"; fi
        mount --bind -o ro "$1" "jar/${1##*/}.$#"
        CLASSPATH=$CLASSPATH:/jar/${1##*/}.$#; shift
      done
      shift
      pivot_root . .; umount -l .; cd /
      "$@" 2>&1
      echo "$(<vol/kept) $(<over/vol/kept)"
      """;

  @TempDir Path temp;

  @Test
  void restoreAtRoot_deletesNeitherTheRootNorWhatIsMounted() throws Exception {
    Path lower = Files.createDirectory(temp.resolve("lower"));
    Path checkpoint = Files.createDirectory(temp.resolve("checkpoint"));
    Shell.in(lower, IMAGE);
    TreeMap<String, String> expected;
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "")) {
      Shell.in(source.merged(), CHANGES);
      Path archive = checkpoint.resolve("rootfs-diff.tar");
      Capture capture = source.capture(archive, CaptureOptions.everything());
      write(checkpoint, capture);
      expected = new TreeMap<>(TreeSnapshot.of(source.merged()).entries());
    }
    try (TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), "")) {
      String output = run(target.merged(), checkpoint);

      assertThat(output.lines().map(line -> line.replaceAll("(EXDEV|holds the root).*", "$1")))
          .containsExactly(
              "delete /: the list of deleted files holds the root",
              "clear /: the list of opaque directories holds the root",
              "delete /vol: delete /vol, after 0 paths: openat2(2) /vol: EXDEV",
              "delete /vol/kept: delete /vol/kept, after 0 paths: openat2(2) /vol: EXDEV",
              "delete /over/vol: delete /over/vol, after 0 paths: openat2(2) /over/vol: EXDEV",
              "delete /over: delete /over, after 0 paths: unlinkat(2) /over, mounts [/over/vol]: EXDEV",
              "delete /proc/self/status: delete /proc/self/status, after 0 paths: openat2(2) /proc/self: EXDEV",
              "clear /vol: clear /vol, after 0 paths: openat2(2) /vol: EXDEV",
              "clear /over: done",
              "delete /absent/x: done",
              "kept kept");
      TreeMap<String, String> restored = new TreeMap<>(TreeSnapshot.of(target.merged()).entries());
      // What was cleared last, and what the script has made to mount on.
      expected.keySet().removeIf(path -> path.matches("/over|/over/dir.*|/jar.*"));
      restored.keySet().removeIf(path -> path.matches("/over|/jar.*"));
      assertThat(restored).isEqualTo(expected);
      assertThat(target.path("vol/kept")).hasContent("below");
    }
  }

  private static void write(Path checkpoint, Capture capture) throws IOException {
    Files.write(
        checkpoint.resolve("opaque-directories.json"),
        DeletedFiles.toJson(capture.opaque(), DeletedFiles.Form.RELATIVE));
    Files.write(
        checkpoint.resolve("deleted-files.json"),
        DeletedFiles.toJson(capture.deleted(), DeletedFiles.Form.ABSOLUTE));
  }

  private static String run(Path root, Path checkpoint) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("unshare", "-m", "bash", "-euc", ENTER, "enter"));
    command.addAll(
        List.of(root.toString(), System.getProperty("java.home"), checkpoint.toString()));
    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Files.exists(Path.of(entry)))
        .forEach(command::add);
    command.addAll(List.of("--", "/java/bin/java", RestoreAtRoot.class.getName(), "/checkpoint"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CLASSPATH", "");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
