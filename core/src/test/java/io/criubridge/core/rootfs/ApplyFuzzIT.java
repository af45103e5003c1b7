// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.TestMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whatever the bytes, applying them to a private tree changes nothing beside it. */
class ApplyFuzzIT {

  @FuzzTest(maxDuration = "5m")
  void apply_staysInItsTree(byte[] bytes) throws Exception {
    Path temp = Files.createTempDirectory("apply-fuzz");
    // A file system of 64 MiB and 4096 files bounds what may be written.
    try (TestMount mount = TestMount.tmpfs(temp)) {
      Shell.in(mount.path(), "mount -o remount,size=64m,nr_inodes=4096 .");
      Path target = Files.createDirectory(temp.resolve("target"));
      Path outside = Files.createDirectory(temp.resolve("outside"));
      Files.writeString(outside.resolve("victim"), "safe");
      Files.createSymbolicLink(target.resolve("link"), Path.of("../outside"));
      Path archive = Files.write(temp.resolve("archive"), bytes);
      try (ScopedRoot root = ScopedRoot.open(target)) {
        ApplyOptions usual = ApplyOptions.of(Existing.REPLACE);
        ArchiveLimits limits = new ArchiveLimits(1000, 1 << 22);
        RootfsDiff.apply(
            archive,
            root,
            new ApplyOptions(
                usual.existing(), usual.form(), usual.mounted(), limits, usual.progress()));
      } catch (IOException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
      assertThat(temp.toFile().list()).containsExactlyInAnyOrder("target", "outside", "archive");
      assertThat(outside.toFile().list()).containsExactly("victim");
      assertThat(outside.resolve("victim")).hasContent("safe");
    } finally {
      Files.deleteIfExists(temp);
    }
  }
}
