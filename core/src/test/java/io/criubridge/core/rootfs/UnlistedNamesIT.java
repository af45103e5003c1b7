// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hard links of the image that an overlay keeps together. */
class UnlistedNamesIT {

  @TempDir Path temp;
  private Path lower;

  @BeforeEach
  void makeImage() throws Exception {
    lower = Files.createDirectory(temp.resolve("lower"));
    Shell.in(
        lower,
        """
        mkdir -p d e/deep f; echo old > d/a; ln d/a d/b; ln d/a e/c; ln d/a e/deep/d; ln d/a f/x
        ln -s to d/link; ln d/link e/link; mkfifo d/pipe; ln d/pipe e/pipe
        echo other > d/o1; ln d/o1 e/o2; touch -d @1000000000 d e e/deep f
        """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo new > d/a",
        "chmod 600 e/deep/d",
        "echo new >> d/a; rm d/a",
        "echo new >> d/a; rm d/a d/b; rm -r f; mkdir f",
        "echo new > d/a; rm d/a; ln e/c d/z; mv d z",
        "touch -h -d @5 e/link; chown 7 d/pipe; rm d/pipe",
        "echo new > d/a; rm d/a d/b e/c e/deep/d f/x",
        "mv d D; echo new > D/a; chmod 640 e/o2",
        "ln d/a n1; ln n1 n2; rm d/a; echo more >> e/c",
        "setfattr -n user.k -v v f/x; rm -r e; echo 1 > e"
      })
  void apply_givesTheNamesThatAreInNoUpperDirectory(String work) throws Exception {
    String options = ",index=on,redirect_dir=on";
    Path archive = temp.resolve("rootfs-diff.tar");
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), options);
        TestOverlay target = TestOverlay.over(lower, temp.resolve("target-of-one"), "")) {
      Shell.in(source.merged(), work);
      Capture capture = source.capture(archive, CaptureOptions.everything());
      TreeSnapshot expected = TreeSnapshot.of(source.merged());
      for (int times = 0; times < 2; times++) {
        target.restore(archive, capture);
        assertThat(TreeSnapshot.of(target.merged()).entries()).isEqualTo(expected.entries());
      }
    }
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source-of-two"), options);
        TestOverlay target = TestOverlay.over(lower, temp.resolve("target-of-two"), "")) {
      Shell.in(source.merged(), "echo first > e/c; echo new > new");
      TwoPasses passes = new TwoPasses(temp, lower);
      Capture capture = passes.capture(source, () -> Shell.in(source.merged(), work));
      TreeSnapshot expected = TreeSnapshot.of(source.merged());
      target.restore(passes.archive(), capture);
      assertThat(TreeSnapshot.of(target.merged()).entries()).isEqualTo(expected.entries());
    }
  }

  @Test
  void capture_findsNoMoreThanWhatChangedAndIsWanted() throws Exception {
    Path archive = temp.resolve("rootfs-diff.tar");
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), ",index=on")) {
      Shell.in(source.merged(), "echo new > d/a");
      CaptureOptions options =
          new CaptureOptions(Set.of(BytePath.of("/f")), List.of(BytePath.of("/e/deep")));
      source.capture(archive, options);
      assertThat(Shell.in(temp, "tar -tf rootfs-diff.tar").lines())
          .containsExactly("./", "./d/", "./d/a", "./d/", "./d/b", "./e/", "./e/c");
    }
  }

  @Test
  void capture_withoutTheWorkDirectoryIsRefused() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), ",index=on");
        ScopedRoot upper = ScopedRoot.openToRead(source.upper());
        ScopedRoot merged = ScopedRoot.open(source.merged())) {
      for (CaptureOptions options :
          List.of(
              CaptureOptions.everything(),
              CaptureOptions.everything().withWorkDirectory(temp.resolve("elsewhere")))) {
        assertThatExceptionOfType(CaptureException.class)
            .isThrownBy(
                () ->
                    RootfsDiff.capture(
                        upper, merged, options, Channels.newChannel(new ByteArrayOutputStream())))
            .withMessageContaining("index=on");
      }
    }
  }
}
