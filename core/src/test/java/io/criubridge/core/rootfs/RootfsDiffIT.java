// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.TestMount;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Capture from one overlay, apply to a fresh one over the same image, compare every detail. */
class RootfsDiffIT {

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
        mkdir -p etc app/cfg old/sub dir-to-file keep bin
        echo base > etc/conf; echo hosts > etc/hosts; echo state-1 > app/state
        echo a > app/cfg/a; echo b > app/cfg/b; echo x > old/x; echo y > old/sub/y
        echo gone > app/removed; echo z > dir-to-file/z; echo file > file-to-dir
        head -c 20000 /dev/urandom > bin/tool; chmod 0755 bin/tool
        ln etc/conf etc/conf-too; ln -s etc/conf link-to-file
        touch -d '2001-02-03 04:05:06.123456789' old/sub/y etc/conf
        """);
  }

  /** To what the image has. */
  private static final String CHANGES =
      """
      echo state-2 > app/state; rm app/removed; chmod 0640 bin/tool
      rm -r app/cfg; mkdir app/cfg; echo new > app/cfg/new
      mv old old2; echo more > old2/sub/more
      rm -r dir-to-file; echo now-a-file > dir-to-file
      rm file-to-dir; mkdir file-to-dir; echo inside > file-to-dir/f
      rm link-to-file; mkdir link-to-file; chmod g-s keep; chmod 0700 keep
      """;

  private static final String ADDITIONS =
      """
      mkdir -p deep/er/est etc app/cfg
      echo wh > etc/.wh.hosts; : > .wh..wh..opq; : > 'with space'; : > "$(printf 'new\\nline')"
      : > "$(printf 'odd\\377\\200name')"; : > "$(printf '\\377%.0s' $(seq 255))"
      d="$(printf 'd%.0s' $(seq 200))"; mkdir -p "$d/$d/$d"; echo long > "$d/$d/$d/$d"
      ln "$d/$d/$d/$d" "$d/$d/linked"; ln -s "$d/$d" symlinked
      ln -s ../../../outside up; ln -s "$(printf 'to\\377')" odd-link; chown -h 12:34 up
      echo linked > h1; ln h1 h2; ln h1 deep/h3; ln -s x s1; ln s1 s2
      mkfifo -m 0613 pipe; mknod -m 0604 chr c 7 300000; mknod -m 0600 blk b 8 1; ln blk blk2
      chown 3000000:4000000000 pipe; : > suid; chown 1000:1000 suid; chmod 6755 suid
      mkdir -m 3777 sticky
      truncate -s 3M holes; printf data | dd of=holes bs=1 seek=1500000 conv=notrunc status=none
      truncate -s 70000 all-hole; printf tail > tail; truncate -s 1M tail
      truncate -s 2M "$d/$(printf 's%.0s' $(seq 250))"
      head -c 1000000 /dev/urandom > big; : > cap; chown 1000:5 cap; chmod 4751 cap
      setfattr -n security.capability -v 0x0100000200240000000000000000000000000000 cap
      setfattr -n user.odd%=name -v 0x00ff0a3d80 cap; setfattr -n trusted.t -v 0x80 sticky
      : > acl; setfattr -n system.posix_acl_access -v 0x0200000001000600ffffffff02000700e803000004\
      000400ffffffff10000700ffffffff20000000ffffffff acl; mkdir acl-dir
      setfattr -n system.posix_acl_default -v 0x0200000001000700ffffffff02000500e8030000040005\
      00ffffffff10000500ffffffff20000500ffffffff acl-dir; : > acl-dir/inherits; mkdir acl-dir/both
      setfattr -n user.empty cap; setfattr -h -n trusted.link -v 0x01 up
      touch -d '1969-12-31 23:59:58.5 UTC' cap; touch -d '2100-01-01 00:00:00.000000001 UTC' suid
      touch -h -d '2011-11-11 11:11:11.111111111' up; touch -d '2005-05-05 05:05:05.5' app/cfg deep
      touch -d '1950-01-01 UTC' h1; touch -d '2006-06-06 06:06:06.6' .
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",redirect_dir=on",
        ",metacopy=on,redirect_dir=on",
        ",index=on,xino=on",
        ",userxattr",
        ",redirect_dir=nofollow"
      })
  void apply_givesTheVeryTreeThatWasCaptured(String options) throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), options);
        TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), options)) {
      Shell.in(source.merged(), CHANGES + ADDITIONS);
      Capture capture = source.capture(archive, CaptureOptions.everything());
      TreeSnapshot expected = TreeSnapshot.of(source.merged());

      for (int times = 0; times < 2; times++) {
        target.restore(archive, capture);
        assertThat(TreeSnapshot.of(target.merged()).entries()).isEqualTo(expected.entries());
      }
      assertThat(source.deleted()).isEqualTo(capture.deleted());
      assertThat(capture.deleted()).contains(BytePath.of("app/removed"), BytePath.of("old"));
      assertThat(capture.opaque()).contains(BytePath.of("app/cfg"));
      assertThat(capture.bytes()).isEqualTo(Files.size(archive));
      assertThat(Shell.in(temp, "sha256sum < rootfs-diff.tar")).startsWith(capture.sha256());
    }
  }

  @Test
  void capture_isReadByGnuTarExactly() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "")) {
      Shell.in(source.merged(), CHANGES + ADDITIONS);
      source.capture(archive, CaptureOptions.everything());
      Path extracted = Files.createDirectory(temp.resolve("extracted"));
      Shell.in(
          extracted, "tar -xpf ../rootfs-diff.tar --xattrs --xattrs-include='*' --numeric-owner");
      Path again = Files.createDirectory(temp.resolve("again"));
      try (ScopedRoot root = ScopedRoot.open(again)) {
        RootfsDiff.apply(archive, root, Existing.REPLACE);
      }
      assertThat(TreeSnapshot.of(extracted).entries()).isEqualTo(TreeSnapshot.of(again).entries());
    }
  }

  @Test
  void capture_keepsASparseFileOverEightGigabytesSmall() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "");
        TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), "")) {
      Shell.in(
          source.merged(),
          "truncate -s 9G huge; printf end | dd of=huge bs=1 seek=9000000000"
              + " conv=notrunc status=none");
      Capture capture = source.capture(archive, CaptureOptions.everything());
      assertThat(capture.bytes()).isLessThan(30_000);
      assertThat(Shell.in(temp, "tar -tvf rootfs-diff.tar")).contains("9663676416");
      target.restore(archive, capture);
      assertThat(Files.size(target.path("huge"))).isEqualTo(9L << 30);
      assertThat(Shell.in(target.merged(), "dd if=huge bs=1 skip=9000000000 count=3 status=none"))
          .isEqualTo("end");
      assertThat(Shell.in(target.merged(), "stat -c %b huge").strip()).hasSizeLessThan(4);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--format=pax --xattrs --sparse",
        "--format=pax --xattrs --sparse --sparse-version=0.1",
        "--format=gnu --sparse",
        "--format=gnu"
      })
  void apply_readsWhatGnuTarWrites(String flags) throws Exception {
    Path tree = Files.createDirectory(temp.resolve("tree"));
    Shell.in(tree, ADDITIONS);
    Shell.in(temp, "tar -C tree -cf rootfs-diff.tar --numeric-owner " + flags + " .");
    Shell.in(
        Files.createDirectory(temp.resolve("expected")),
        "tar -xpf ../rootfs-diff.tar --xattrs --xattrs-include='*' --numeric-owner");
    Path applied = Files.createDirectory(temp.resolve("applied"));
    try (ScopedRoot root = ScopedRoot.open(applied)) {
      RootfsDiff.apply(archive, root, Existing.REPLACE);
    }
    assertThat(TreeSnapshot.of(applied).entries())
        .isEqualTo(TreeSnapshot.of(temp.resolve("expected")).entries());
  }

  @Test
  void capture_ofNothingHoldsTheRootAlone() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "")) {
      Capture capture = source.capture(archive, CaptureOptions.everything());
      assertThat(capture.entries()).isOne();
      assertThat(capture.deleted()).isEmpty();
      assertThat(capture.opaque()).isEmpty();
      assertThat(Shell.in(temp, "tar -tf rootfs-diff.tar")).isEqualTo("./\n");
    }
  }

  @Test
  void apply_ofNothingChangesNothing() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "");
        TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), "")) {
      Capture capture = source.capture(archive, CaptureOptions.everything());
      // The root's own time is its upper directory's.
      TreeSnapshot expected = TreeSnapshot.of(source.merged());
      assertThat(target.restore(archive, capture)).isEqualTo(new Applied(1, 0, 0));
      assertThat(TreeSnapshot.of(target.merged()).entries()).isEqualTo(expected.entries());
    }
  }

  @Test
  void capture_leavesOutMountsSocketsAndExclusions() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "")) {
      Shell.in(
          source.merged(),
          "mkdir -p vol new/mnt cache/c; : > new/f; : > vol/hidden; : > cached; rm etc/hosts");
      Path socket = source.path("sock");
      try (TestMount mount = TestMount.tmpfs(source.path("new/mnt"));
          ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.writeString(mount.path().resolve("data"), "volume");
        CaptureOptions options =
            new CaptureOptions(
                Set.of(BytePath.of("/vol"), BytePath.ROOT),
                List.of(BytePath.of("/cache"), BytePath.of("/etc/hosts")));
        Capture capture = source.capture(archive, options);
        assertThat(capture.skippedSockets()).containsExactly(BytePath.of("/sock"));
        assertThat(capture.deleted()).containsExactly(BytePath.of("/sock"));
      }
      assertThat(Shell.in(temp, "tar -tf rootfs-diff.tar").lines())
          .containsExactly("./", "./cached", "./etc/", "./new/", "./new/f");
    }
  }

  /** The image's must not come back: CRIU could not even bind the socket over a directory. */
  @Test
  void capture_ofSocketsInPlaceOfOthers_deletesThose() throws Exception {
    Shell.in(lower, "mkdir -p image/dir/sub; : > image/dir/sub/f; : > image/file");
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "");
        TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), "");
        ServerSocketChannel one = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Shell.in(source.merged(), "rm -r image/dir image/file");
      one.bind(UnixDomainSocketAddress.of(source.path("image/dir")));
      other.bind(UnixDomainSocketAddress.of(source.path("image/file")));
      Capture capture = source.capture(archive, CaptureOptions.everything());
      target.restore(archive, capture);
      assertThat(target.path("image")).isEmptyDirectory();
      target.restore(archive, capture);
      assertThat(target.path("image")).isEmptyDirectory();
    }
  }

  @Test
  void capture_takesAnOverlayAttributeOfTheWorkloadForNothing() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "")) {
      Shell.in(
          source.merged(),
          """
          setfattr -n user.overlay.opaque -v y app; : > etc/forged
          setfattr -n user.overlay.whiteout -v y etc/forged
          setfattr -n user.overlay.redirect -v /etc keep
          """);
      Capture capture = source.capture(archive, CaptureOptions.everything());
      assertThat(capture.opaque()).isEmpty();
      assertThat(capture.deleted()).isEmpty();
      assertThat(Shell.in(temp, "tar -tf rootfs-diff.tar").lines()).contains("./etc/forged");
    }
  }

  @Test
  void capture_failsWhereAnUpperFileIsNotInTheMergedTree() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "");
        TestOverlay other = TestOverlay.over(lower, temp.resolve("other"), "");
        ScopedRoot upper = ScopedRoot.open(source.upper());
        ScopedRoot merged = ScopedRoot.open(other.merged())) {
      Shell.in(source.merged(), ": > lost");
      assertThatExceptionOfType(CaptureException.class)
          .isThrownBy(() -> DeletedFiles.capture(upper, merged, CaptureOptions.everything()))
          .withMessageContaining("/lost");
    }
  }

  /** Plain directories stand in for an overlay, to show what no overlay of this kernel would. */
  private Capture captureOf(String upperScript, String mergedScript) throws Exception {
    Path upper = Files.createDirectory(temp.resolve("plain-upper"));
    Path merged = Files.createDirectory(temp.resolve("plain-merged"));
    Shell.in(upper, upperScript);
    Shell.in(merged, mergedScript);
    try (ScopedRoot upperRoot = ScopedRoot.open(upper);
        ScopedRoot mergedRoot = ScopedRoot.open(merged);
        PublishedFile out = PublishedFile.create(archive, 0600)) {
      CaptureOptions options = CaptureOptions.everything();
      Capture capture = RootfsDiff.capture(upperRoot, mergedRoot, options, out.channel());
      out.publish();
      return capture;
    }
  }

  @Test
  void capture_knowsWhiteoutsByDeviceAndByAttribute() throws Exception {
    Capture capture =
        captureOf(
            """
            mknod device c 0 0; : > trusted; setfattr -n trusted.overlay.whiteout trusted
            : > user; setfattr -n user.overlay.whiteout user; mkdir opaque; mknod opaque/d c 0 0
            setfattr -n trusted.overlay.opaque -v y opaque; : > .wh.file
            """,
            "mkdir opaque; : > .wh.file");
    assertThat(capture.deleted())
        .containsExactly(BytePath.of("/device"), BytePath.of("/trusted"), BytePath.of("/user"));
    assertThat(capture.opaque()).containsExactly(BytePath.of("/opaque"));
    assertThat(Shell.in(temp, "tar -tf rootfs-diff.tar").lines())
        .containsExactly("./", "./.wh.file", "./opaque/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "../..", "/etc"})
  void capture_neverEntersALinkInPlaceOfADirectory(String link) throws Exception {
    captureOf("mkdir dir; : > dir/passwd", "ln -s " + link + " dir");
    assertThat(Shell.in(temp, "tar -tf rootfs-diff.tar").lines()).containsExactly("./", "./dir");
  }
}
