// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever a workload does to an overlay, apply of capture gives the same tree. */
class GeneratedTreeIT {

  private static final String IMAGE =
      """
      mkdir -p a/b b/c c; for d in a b c a/b b/c; do for f in a b c d; do
        [ -e $d/$f ] || echo $d$f > $d/$f; done; done
      ln a/c a/hard; ln -s a/c link
      """;

  /** user::rwx, user:N:rwx, group::r-x, mask::rwx, other::r-x. */
  private static final String LIST =
      "0x0200000001000700ffffffff02000700%3$04x0000"
          + "04000500ffffffff10000700ffffffff20000500ffffffff";

  /** A name as long as a name may be, of bytes that are no text. */
  private static final String LONG_NAME = "export L=$(printf '\\377%.0s' $(seq 255)); ";

  /**
   * Each is one line of bash; one that fails is one that could not be done, as in life. Writing
   * never waits for a reader of a fifo, and the device is one that no kernel has.
   */
  @Provide
  Arbitrary<List<String>> operations() {
    Arbitrary<String> name = Arbitraries.of("a", "b", "c", "d", ".wh.a", "n\\ew", "e f", "é", "$L");
    Arbitrary<String> path =
        name.list().ofMinSize(1).ofMaxSize(3).map(names -> '"' + String.join("/", names) + '"');
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 511);
    Arbitrary<String> form =
        Arbitraries.of(
            "echo %3$d | dd of=%1$s oflag=nonblock status=none",
            "echo %3$d | dd of=%1$s oflag=append,nonblock conv=notrunc status=none",
            "truncate -s %3$dK %1$s",
            "printf x | dd of=%1$s bs=1k seek=%3$d oflag=nonblock conv=notrunc status=none",
            "chmod %3$o %1$s",
            "chmod 6755 %1$s",
            "chown -h %3$d:4000000%3$03d %1$s",
            "setfattr -n user.k -v 0x00%3$04x %1$s",
            "setfattr -h -n trusted.t -v v%3$d %1$s",
            "setfattr -x user.k %1$s",
            "setfattr -n user.overlay.opaque -v y %1$s",
            "setfattr -n trusted.overlay.whiteout -v 0x%3$04x %1$s",
            "setfattr -n security.capability -v 0x01000002%3$04x0000" + "0".repeat(24) + " %1$s",
            "setfattr -n system.posix_acl_access -v " + LIST + " %1$s",
            "setfattr -n system.posix_acl_default -v " + LIST + " %1$s",
            "mkdir -p %1$s && for i in $(seq 25); do echo $i.%3$d > %1$s/m$i; done",
            "ln %1$s %2$s",
            "ln -s %1$s %2$s",
            "mkfifo %1$s",
            "mknod %1$s c 120 %3$d",
            "mv -T %1$s %2$s",
            "rm -r %1$s",
            "mkdir -p %1$s",
            "rm -r %1$s && mkdir %1$s && : > %1$s/new",
            "rm -r %1$s && echo file > %1$s",
            "touch -h -d '@%3$d.123456789' %1$s");
    return Combinators.combine(form, path, path, number)
        .as((text, one, other, count) -> String.format(text, one, other, count))
        .list()
        .ofMinSize(100)
        .ofMaxSize(300);
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void apply_givesTheTreeThatWasCaptured(
      @ForAll("operations") List<String> operations, @ForAll("options") String options)
      throws Exception {
    Path temp = Files.createTempDirectory("generated-tree");
    try {
      Path lower = Files.createDirectory(temp.resolve("lower"));
      Shell.in(lower, IMAGE);
      try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), options);
          TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), options)) {
        run(Files.write(temp.resolve("script"), operations), source);
        Path archive = temp.resolve("rootfs-diff.tar");
        Capture capture = source.capture(archive, CaptureOptions.everything());
        TreeSnapshot expected = TreeSnapshot.of(source.merged());
        target.restore(archive, capture);
        assertThat(TreeSnapshot.of(target.merged()).entries()).isEqualTo(expected.entries());
        target.restore(archive, capture);
        assertThat(TreeSnapshot.of(target.merged()).entries()).isEqualTo(expected.entries());
      }
    } finally {
      Shell.in(Path.of("/"), "rm -rf --one-file-system " + temp);
    }
  }

  /** The first half of what happens is before the first pass, the second after it. */
  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void twoPasses_giveTheTreeThatOneGives(
      @ForAll("operations") List<String> operations, @ForAll("options") String options)
      throws Exception {
    Path temp = Files.createTempDirectory("generated-tree");
    try {
      Path lower = Files.createDirectory(temp.resolve("lower"));
      Shell.in(lower, IMAGE);
      TwoPasses passes = new TwoPasses(temp, lower);
      try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), options)) {
        int half = operations.size() / 2;
        Path before = Files.write(temp.resolve("before"), operations.subList(0, half));
        Path after =
            Files.write(temp.resolve("after"), operations.subList(half, operations.size()));
        run(before, source);
        Capture capture = passes.capture(source, () -> run(after, source));
        passes.requireLikeOnePass(source, capture, operations);
      }
    } finally {
      Shell.in(Path.of("/"), "rm -rf --one-file-system " + temp);
    }
  }

  private static void run(Path script, TestOverlay overlay) throws Exception {
    Shell.in(overlay.merged(), LONG_NAME + "bash " + script + " >/dev/null 2>&1 || true");
  }

  @Provide
  Arbitrary<String> options() {
    return Arbitraries.of(
        "",
        ",redirect_dir=on",
        ",metacopy=on,redirect_dir=on",
        ",index=on,redirect_dir=on",
        ",userxattr");
  }
}
