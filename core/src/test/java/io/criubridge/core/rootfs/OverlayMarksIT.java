// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.TestMount;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Marks that are attributes, the overlay's own and the workload's, on real overlays. */
class OverlayMarksIT {

  @TempDir Path temp;
  private Path lower;
  private Path archive;

  @BeforeEach
  void makeImage() throws Exception {
    archive = temp.resolve("rootfs-diff.tar");
    lower = Files.createDirectory(temp.resolve("lower"));
    Shell.in(
        lower,
        """
        mkdir -p etc app/cfg old/sub keep bin
        echo hosts > etc/hosts; echo a > app/cfg/a; echo b > app/cfg/b; echo x > old/x
        echo y > old/sub/y; echo gone > app/removed; echo tool > bin/tool
        """);
  }

  /** Of a workload with layers of an overlay in its files: the outer overlay escapes the marks. */
  @ParameterizedTest
  @ValueSource(strings = {"", ",userxattr", ",metacopy=on,redirect_dir=on"})
  void apply_givesTheAttributesThatAreCalledLikeMarks(String options) throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), options);
        TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), options)) {
      Shell.in(
          source.merged(),
          """
          mkdir -p layer/d; : > layer/d/gone; echo x > layer/d/moved; ln -s x layer/link
          setfattr -n trusted.overlay.opaque -v x layer/d; setfattr -n user.overlay.opaque -v y app
          setfattr -n trusted.overlay.whiteout layer/d/gone; chmod 0700 etc/hosts bin/tool
          setfattr -n user.overlay.whiteout -v y layer/d/gone
          setfattr -n trusted.overlay.redirect -v /etc keep
          setfattr -n trusted.overlay.overlay.opaque -v y old; echo new > old/z
          setfattr -n user.overlay.overlay.overlay.x -v y layer/d/moved
          setfattr -n user.overlay.metacopy etc/hosts; setfattr -n trusted.overlay.origin bin/tool
          setfattr -h -n trusted.overlay.redirect -v y layer/link
          """);
      Capture capture = source.capture(archive, CaptureOptions.everything());
      assertThat(capture.opaque()).doesNotContain(BytePath.of("/app"), BytePath.of("/old"));
      assertThat(capture.deleted()).isEmpty();
      target.restore(archive, capture);
      assertThat(TreeSnapshot.of(target.merged()).entries())
          .isEqualTo(TreeSnapshot.of(source.merged()).entries());
      // The marks do their work in an overlay over the restored layer.
      String inner = "lowerdir=" + target.path("layer") + ":" + target.path("app");
      Path nested = Files.createDirectory(temp.resolve("nested"));
      try (TestMount mount = TestMount.overlay(nested, inner)) {
        assertThat(mount.path().resolve("d/gone")).doesNotExist();
        assertThat(mount.path().resolve("d/moved")).hasContent("x");
      }
    }
  }

  /** The workload's own mark of that name must not hide the overlay's. */
  @Test
  void capture_knowsItsOverlaysMarkBesideTheWorkloads() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), ",userxattr");
        TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), ",userxattr")) {
      Shell.in(
          source.merged(),
          """
          rm -r app/cfg; mkdir app/cfg; setfattr -n user.overlay.opaque -v n app/cfg
          setfattr -n trusted.overlay.opaque -v y old
          """);
      Capture capture = source.capture(archive, CaptureOptions.everything());
      assertThat(capture.opaque()).containsExactly(BytePath.of("/app/cfg"));
      target.restore(archive, capture);
      assertThat(TreeSnapshot.of(target.merged()).entries())
          .isEqualTo(TreeSnapshot.of(source.merged()).entries());
    }
  }

  /** As tools make them that may make no device: in the upper directory, and in a layer below. */
  @ParameterizedTest
  @CsvSource({"trusted,''", "user,',userxattr'"})
  void apply_knowsWhiteoutsThatAreAttributesOfARealOverlay(String prefix, String options)
      throws Exception {
    String hide =
        "mkdir -p %2$s; : > %2$s/%3$s; setfattr -n %1$s.overlay.whiteout -v y %2$s/%3$s;"
            + " setfattr -n %1$s.overlay.opaque -v x %2$s\n";
    Path middle = Files.createDirectory(temp.resolve("middle"));
    Shell.in(middle, hide.formatted(prefix, "app/cfg", "a") + hide.formatted(prefix, "old", "sub"));
    Shell.in(middle, "setfattr -n %s.overlay.opaque -v x .".formatted(prefix));
    Path upper = Files.createDirectories(temp.resolve("source/upper"));
    Shell.in(upper, hide.formatted(prefix, "app", "removed"));
    try (TestOverlay source =
            TestOverlay.over(middle + ":" + lower, temp.resolve("source"), options);
        TestOverlay target =
            TestOverlay.over(middle + ":" + lower, temp.resolve("target"), options)) {
      assertThat(Shell.in(source.merged(), "cat app/removed app/cfg/a old/sub/y 2>&1 || true"))
          .doesNotContain("gone", "a\n")
          .contains("app/removed: No such", "app/cfg/a: No such", "old/sub/y: No such");
      Shell.in(source.merged(), "rm app/cfg/b; echo back > app/cfg/a; mkdir old/sub; rm old/x");
      Capture capture = source.capture(archive, CaptureOptions.everything());
      assertThat(capture.deleted())
          .contains(BytePath.of("/app/removed"), BytePath.of("/app/cfg/b"), BytePath.of("/old/x"));
      target.restore(archive, capture);
      String list = "find . -path ./app/removed -o -printf '%p %y %m %U:%G %T@ %s\n' | sort";
      assertThat(Shell.in(target.merged(), list)).isEqualTo(Shell.in(source.merged(), list));
      assertThat(target.path("app/removed")).doesNotExist();
    }
  }
}
