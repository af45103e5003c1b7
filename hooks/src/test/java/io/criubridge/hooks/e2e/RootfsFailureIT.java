// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code criu-bridge rootfs} where the machine does not let it: what it says, what it leaves. */
class RootfsFailureIT {

  @TempDir Path temp;
  private RootfsScript script;

  @BeforeEach
  void makeScript() {
    script = new RootfsScript(temp);
  }

  static Stream<Arguments> capturesThatFail() {
    String deep = "mkdir -p merged/$(printf 'd/%.0s' $(seq 200)); ";
    String tornDisk =
        """
        mkdir content; head -c 5M /dev/urandom > content/file; truncate -s 8M image
        mkfs.ext4 -q -d content image; umount merged; mount -o loop image merged
        truncate -s 3M image; umount -l upper 2>/dev/null || true; mount --bind merged upper
        """;
    return Stream.of(
        Arguments.of(
            "mount -t tmpfs -o size=4M t out; head -c 20M /dev/urandom > merged/large; capture",
            74,
            "write the archive: ENOSPC (No space left on device): free space"),
        Arguments.of(
            deep + "capture prlimit --nofile=90",
            71,
            "/d/d/d: EMFILE (Too many open files): raise the limit"),
        Arguments.of(
            tornDisk + "capture",
            71,
            "capture /file: pread(2) upper/file: EIO (Input/output error)"),
        Arguments.of(
            "mount -t tmpfs -o ro t out; capture", 74, ".criu-bridge.tmp: Read-only file system"));
  }

  @ParameterizedTest
  @MethodSource("capturesThatFail")
  void capture_saysWhyAndLeavesNothing(String text, int exit, String message) throws Exception {
    RootfsScript.Ran ran =
        script.run("trap 'code=$?; echo left: $(ls -A out); exit $code' EXIT\n" + text);
    assertThat(ran.output()).startsWith("criu-bridge: ").contains(message).endsWith("left:\n");
    assertThat(ran.output().lines()).hasSize(2);
    assertThat(ran.exit()).isEqualTo(exit);
  }

  /** Of an earlier capture, which is as good as it was. */
  @Test
  void captureThatFails_leavesTheArchiveThatWasThere() throws Exception {
    script
        .run(
            """
            mount -t tmpfs -o size=4M t out; echo x > merged/x; capture; ls -A out > before
            cp out/rootfs-diff.tar .; head -c 20M /dev/urandom > merged/large
            ! capture || exit 1
            ls -A out | diff before -; cmp rootfs-diff.tar out/rootfs-diff.tar
            """)
        .ok();
  }

  static Stream<Arguments> appliesThatFail() {
    String privilege = ": it takes root with all capabilities";
    String mount = ": a mount is there, unmount it first";
    return Stream.of(
        Arguments.of(
            "mount -t tmpfs t target; mount -o remount,ro target; apply",
            "apply /, after 0 entries: fchownat(2) target: EROFS (Read-only file system)",
            ": its file system must be mounted writable"),
        Arguments.of(
            "mkdir target/b; mount -t tmpfs t target/b; apply",
            "apply /b, after 1 entries: openat2(2) target/b: EXDEV",
            mount),
        Arguments.of(
            ": > target/c; mount --bind merged/c target/c; apply",
            "apply /c, after 2 entries: openat2(2) target/c: EXDEV",
            mount),
        Arguments.of(
            "apply setpriv --bounding-set=-mknod --inh-caps=-mknod",
            "apply /dev, after 3 entries: mknodat(2) target/dev: EPERM (Operation not permitted)",
            privilege),
        Arguments.of(
            "apply capsh --drop=cap_sys_admin -- -c '\"$@\"' -",
            "apply /x, after 4 entries: setxattr(2) target/x trusted.x: EPERM",
            privilege),
        Arguments.of(
            "mount -t tmpfs -o size=64k t target; apply",
            "apply /z, after 5 entries: pwrite(2) target/z: ENOSPC (No space left on device)",
            ": free space on its file system"));
  }

  @ParameterizedTest
  @MethodSource("appliesThatFail")
  void apply_namesTheEntryAndSaysHowFarItGot(String text, String message, String advice)
      throws Exception {
    script
        .run(
            """
            mkdir merged/b; echo c > merged/c; mknod merged/dev c 1 3; : > merged/x
            setfattr -n trusted.x -v 1 merged/x; head -c 1M /dev/urandom > merged/z; capture
            """)
        .ok();
    RootfsScript.Ran ran = script.run("trap 'code=$?; ls -A target >&2; exit $code' EXIT\n" + text);
    assertThat(ran.output()).startsWith("criu-bridge: " + message).contains(advice);
    assertThat(ran.output()).doesNotContain(".tmp");
    assertThat(ran.exit()).isEqualTo(71);
  }
}
