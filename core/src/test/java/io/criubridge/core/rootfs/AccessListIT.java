// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access control lists: inherited ones, and those that an archive has as text. */
class AccessListIT {

  /** user::rwx, user:1:rwx, group::r-x, mask::rwx, other::r-x. */
  private static final String LIST =
      "0x0200000001000700ffffffff02000700010000"
          + "0004000500ffffffff10000700ffffffff20000500ffffffff";

  @TempDir Path temp;
  private Path target;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectory(temp.resolve("target"));
  }

  private void apply(TarBytes archive) throws IOException {
    try (ScopedRoot root = ScopedRoot.open(target)) {
      RootfsDiff.apply(archive.write(temp), root, Existing.REPLACE);
    }
  }

  private void assertRefused(TarBytes archive, String... messageParts) {
    assertThatIOException()
        .isThrownBy(() -> apply(archive))
        .satisfies(e -> assertThat(e.getMessage()).contains(messageParts));
  }

  @Test
  void apply_dropsAccessListsThatTheTargetsDirectoryPassesOn() throws Exception {
    Path parent = Files.createDirectory(target.resolve("parent"));
    Shell.in(parent, "setfattr -n system.posix_acl_default -v " + LIST + " .");
    apply(new TarBytes().file("parent/plain", ""));
    assertThat(Shell.in(parent, "getfattr -m - plain")).isEmpty();
    assertThat(Files.getAttribute(parent.resolve("plain"), "unix:mode")).isEqualTo(0100755);
  }

  /** As {@code tar --acls} writes them, and star. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "user::rwx\nuser:1:rwx\ngroup::r-x\nmask::rwx\nother::r-x\n",
        "other::r-x,user::rwx,user:daemon:rwx:1,mask::rwx,group::r-x #effective:r-x"
      })
  void apply_setsAccessListsThatAreText(String text) throws Exception {
    apply(
        new TarBytes()
            .pax("SCHILY.acl.default", text)
            .directory("d")
            .pax("SCHILY.acl.access", text)
            .file("f", ""));
    assertThat(Shell.in(target, "getfattr -d -m - -e hex d f"))
        .contains("d\nsystem.posix_acl_default=" + LIST, "f\nsystem.posix_acl_access=" + LIST);
  }

  @Test
  void apply_refusesAccessListsThatItCannotSet() {
    String named = "user::rwx,user:lisa:rwx,group::r-x,mask::rwx,other::r-x";
    assertRefused(new TarBytes().pax("SCHILY.acl.access", named).file("f", ""), "'f'", "lisa");
    assertRefused(new TarBytes().pax("SCHILY.acl.ace", "owner@:r").file("f", ""), "'f'", "ace");
    for (String text : List.of("x", "user::rwz", "mask:1:rwx", "user:4294967295:rwx", ":::")) {
      assertRefused(new TarBytes().pax("SCHILY.acl.access", text).file("f", ""), "'f'", text);
    }
    assertRefused(
        new TarBytes().pax("SCHILY.acl.access", "user:1:rwx").file("f", ""), "/f", "EINVAL");
    assertThat(target).isEmptyDirectory();
  }
}
