// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.rootfs.Capture;
import io.criubridge.core.rootfs.ImageLayers;
import io.criubridge.core.rootfs.ImageLayers.Layer;
import io.criubridge.core.rootfs.MemberRange;
import io.criubridge.core.rootfs.StaleMembers;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.Publication;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureListsTest {

  private static final Capture FULL =
      new Capture(
          1,
          1,
          List.of(BytePath.of("/etc/conf")),
          List.of(BytePath.of("/var")),
          List.of(),
          "",
          new StaleMembers(List.of(new MemberRange(0, 512))));

  private static final Capture EMPTY =
      new Capture(1, 1, List.of(), List.of(), List.of(), "", new StaleMembers(List.of()));

  private static final ImageLayers LAYERS =
      new ImageLayers(List.of(new Layer(Path.of("/layer"), 5, new FileStat.Time(7, 8))));

  @TempDir private Path place;

  @Test
  void lists_areThoseThatHaveSomething() throws IOException {
    CaptureLists.of(FULL, LAYERS).publish(place);
    assertThat(place.resolve("deleted-files.json")).hasContent("[\"etc/conf\"]");
    assertThat(place.resolve("deleted.files")).hasContent("[\"/etc/conf\"]");
    assertThat(place.resolve("opaque-directories.json")).hasContent("[\"var\"]");
    assertThat(place.resolve("stale-members.json")).hasContent("[[0,512]]");
    assertThat(place.resolve("image-layers.json"))
        .hasContent("[{\"path\":\"/layer\",\"inode\":5,\"changed\":[7,8]}]");
    CaptureLists.of(EMPTY, ImageLayers.UNKNOWN).publish(place);
    assertThat(place).as("nothing of an earlier capture stays").isEmptyDirectory();
  }

  @Test
  void addTo_describesWhatItPublishesWithOthers() throws IOException {
    try (Publication publication = new Publication(place)) {
      List<Artefact> artefacts = CaptureLists.of(FULL, LAYERS).addTo(publication);
      assertThat(CaptureLists.of(EMPTY, ImageLayers.UNKNOWN).addTo(publication)).isEmpty();
      assertThat(place).isNotEmptyDirectory();
      publication.publish();
      assertThat(artefacts).hasSize(5);
      for (Artefact artefact : artefacts) {
        artefact.verify(place);
      }
    }
  }
}
