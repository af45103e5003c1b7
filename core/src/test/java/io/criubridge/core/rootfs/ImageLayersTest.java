// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageLayersTest {

  @TempDir private Path place;
  private Path top;
  private Path bottom;

  @BeforeEach
  void makeLayers() throws IOException {
    top = Files.createDirectory(place.resolve("top \"quoted\""));
    bottom = Files.createDirectory(place.resolve("bottom"));
  }

  private Path archive() {
    return place.resolve("rootfs-diff.tar");
  }

  private Path list() {
    return place.resolve("image-layers.json");
  }

  @Test
  void of_readsWhatWasWritten() throws IOException {
    ImageLayers layers = ImageLayers.at(List.of(top, bottom));
    Files.write(list(), layers.toJson());
    ImageLayers read = ImageLayers.of(archive());
    assertThat(read).isEqualTo(layers);
    assertThat(read.paths()).containsExactly(top, bottom);
    assertThat(read.missing()).isEmpty();
  }

  @Test
  void of_noList_isUnknown() throws IOException {
    assertThat(ImageLayers.of(archive())).isEqualTo(ImageLayers.UNKNOWN);
  }

  @Test
  void missing_isOneThatIsAnotherOrHasChanged() throws IOException {
    ImageLayers layers = ImageLayers.at(List.of(top, bottom));
    Files.createFile(bottom.resolve("new"));
    assertThat(layers.missing()).contains(bottom);
    layers = ImageLayers.at(List.of(top, bottom));
    Files.move(top, place.resolve("moved"));
    assertThat(layers.missing()).contains(top);
    Files.createDirectory(top);
    assertThat(layers.missing()).contains(top);
  }

  @Test
  void at_withoutOneOfThem_isUnknown() {
    assertThat(ImageLayers.at(List.of(top, place.resolve("gone")))).isEqualTo(ImageLayers.UNKNOWN);
    assertThat(ImageLayers.at(List.of(Path.of("l/ABC"), bottom))).isEqualTo(ImageLayers.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[1]",
        "[{}]",
        "[{\"path\":\"relative\",\"inode\":1,\"changed\":[1,2]}]",
        "[{\"path\":\"/\\u0000\",\"inode\":1,\"changed\":[1,2]}]",
        "[{\"path\":\"/a\",\"inode\":1,\"changed\":[1]}]",
        "[{\"path\":\"/a\",\"inode\":\"one\",\"changed\":[1,2]}]",
        "[][]"
      })
  void of_anythingElse_isRefusedByName(String text) throws IOException {
    Files.writeString(list(), text);
    assertThatThrownBy(() -> ImageLayers.of(archive()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(list().toString());
  }
}
