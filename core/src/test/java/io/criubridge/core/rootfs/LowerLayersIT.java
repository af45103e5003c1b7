// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.TestMount;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LowerLayersIT {

  @TempDir private Path temp;

  /** Every path of any layer, and some below files and links, asked of both. */
  @Test
  void has_isWhatAnOverlayOfTheLayersShows() throws Exception {
    Shell.in(
        temp,
        """
        mkdir -p bottom/{plain,opaque/sub,gone/sub,hidden,linked,xattr} middle top merged
        touch bottom/{root,plain/a,plain/deleted,opaque/old,opaque/sub/old,gone/sub/f,hidden/f}
        touch bottom/linked/f bottom/xattr/{deleted,stays} bottom/deleted-and-back
        mkdir -p middle/{plain,opaque,gone,new/dir,xattr}
        mknod middle/plain/deleted c 0 0; touch middle/plain/b
        touch middle/opaque/new; setfattr -n trusted.overlay.opaque -v y middle/opaque
        rmdir middle/gone; mknod middle/gone c 0 0
        touch middle/new/dir/f; echo a file > middle/hidden; ln -s plain middle/linked
        setfattr -n trusted.overlay.opaque -v x middle/xattr; touch middle/xattr/deleted
        setfattr -n trusted.overlay.whiteout -v y middle/xattr/deleted
        mknod middle/deleted-and-back c 0 0
        mkdir -p top/gone/sub top/opaque/sub; touch top/gone/again top/deleted-and-back
        touch top/opaque/sub/newest
        """);
    List<Path> layers =
        List.of(temp.resolve("top"), temp.resolve("middle"), temp.resolve("bottom"));
    String options = "lowerdir=" + String.join(":", layers.stream().map(Path::toString).toList());
    List<String> paths =
        Shell.in(
                temp,
                """
                for layer in top middle bottom; do (cd $layer; find . -mindepth 1 -printf '/%P\\n'); done
                printf '/%s\\n' none root/below linked/a linked/f new/dir/none opaque/sub/sub/none
                """)
            .lines()
            .distinct()
            .toList();
    try (LowerLayers lower = LowerLayers.open(layers);
        TestMount overlay = TestMount.overlay(temp.resolve("merged"), options)) {
      for (String path : paths) {
        assertThat(lower.has(BytePath.of(path)))
            .as(path)
            .isEqualTo(shows(overlay.path(), path.substring(1)));
      }
      assertThat(lower.has(BytePath.ROOT)).isTrue();
    }
  }

  /** An overlay shows nothing below a link: whoever goes there is somewhere else. */
  private static boolean shows(Path overlay, String path) {
    Path at = overlay;
    for (Path name : Path.of(path)) {
      if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      at = at.resolve(name);
    }
    return Files.exists(at, LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void has_withoutLayers_isNothing() throws Exception {
    try (LowerLayers none = LowerLayers.open(List.of())) {
      assertThat(none.has(BytePath.ROOT)).isFalse();
      assertThat(none.has(BytePath.of("/etc"))).isFalse();
    }
  }
}
