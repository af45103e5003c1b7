// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTypeTest {

  @ParameterizedTest
  @CsvSource({
    "inventory.img, INVENTORY",
    "core-1.img, CORE",
    "pagemap-7.img, PAGEMAP",
    "pagemap-shmem-7.img, SHMEM_PAGEMAP",
    "pages-1.img, PAGES",
    "ghost-file-1f.img, GHOST_FILE",
    "stats-dump, STATS",
    "irmap-cache, IRMAP_CACHE",
    "binfmt-misc.img, BINFMT_MISC",
    "binfmt-misc-3.img, BINFMT_MISC_OLD",
    "tmpfs-dev-43.tar.gz.img, TMPFS_DEV",
    "route6-9.img, ROUTE6",
  })
  void fileName_tellsType(String name, ImageType type) {
    assertThat(ImageType.ofFileName(name)).contains(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "core-.img",
        "core-01.img",
        "core-+1.img",
        "core-1.img.tmp",
        "core-x.img",
        "core-18446744073709551616.img",
        "ghost-file-1F.img",
        "stats-",
        "stats-a/b",
        "PROVENANCE.md"
      })
  void otherFileName_hasNoType(String name) {
    assertThat(ImageType.ofFileName(name)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void madeName_isReadBack(ImageType type) {
    FileNamePattern names = type.fileName();
    switch (names.variable()) {
      case NONE -> assertThat(names.matches(names.name())).isTrue();
      case WORD -> assertThat(names.matches(names.name("dump"))).isTrue();
      case DECIMAL, HEXADECIMAL -> {
        assertThat(names.numberIn(names.name(4242))).hasValue(4242);
        assertThat(names.numberIn(names.name(-1))).hasValue(-1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void prototype_isThereExactlyForEntries(ImageType type) {
    if (type.hasEntries()) {
      assertThat(type.prototype().getSerializedSize()).isZero();
    } else {
      assertThatThrownBy(type::prototype).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void magicsOfCrit_areThoseOfTheTypes() throws IOException {
    Map<String, Integer> magics = new TreeMap<>();
    for (String line : Files.readAllLines(Fixtures.path("crit-json/magics"))) {
      String[] parts = line.split(" ");
      magics.put(parts[0], Integer.decode(parts[1]));
    }
    assertThat(magics.remove("IMG_COMMON")).isEqualTo(ImageHead.COMMON.number());
    assertThat(magics.remove("IMG_SERVICE")).isEqualTo(ImageHead.SERVICE.number());
    // Versions of the format and CRIU's cache in /run: no files of an image directory.
    magics.keySet().removeAll(List.of("CRTOOLS_IMAGES_V1_1", "KDAT"));
    Map<String, Integer> ours = new TreeMap<>();
    for (ImageType type : ImageType.values()) {
      if (type.hasEntries()) {
        ours.merge(type.critName(), type.magic(), ImageTypeTest::sameMagic);
      }
    }
    assertThat(ours).isEqualTo(magics);
  }

  private static int sameMagic(int one, int other) {
    assertThat(one).isEqualTo(other);
    return one;
  }

  @Test
  void everyRecordedFile_hasType() throws IOException {
    try (Stream<Path> files = Files.walk(Fixtures.path("images"))) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.equals("PROVENANCE.md") && !name.equals("SHA256SUMS")))
          .isNotEmpty()
          .allMatch(name -> ImageType.ofFileName(name).isPresent());
    }
  }
}
