// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import io.criubridge.hooks.cli.images.TranscodedSet;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A container's checkpoint whose images went through JSON is one that criu-bridge restores. */
class TranscodedCheckpointIT {

  @ParameterizedTest
  @CsvSource({"/opt/criu4/bin/criu, --pretty", "/opt/criu4.2/bin/criu, --pretty"})
  void container_isRestoredAndCounts(String criu, String form) throws IOException {
    try (Lab lab = new Lab(Path.of(criu))) {
      int pid = lab.startContainer("source");
      new RestoredContainer(pid).awaitCounting();
      Path images = lab.images("images");
      lab.dump(pid, images).ok();
      lab.awaitNoWorker();
      lab.stopContainer("source");

      Path again = lab.path("again");
      TranscodedSet.move(images, again, form);

      lab.restore(again, lab.freshRoot("target", "source")).ok();
      lab.awaitNoWorker();
      RestoredContainer target = new RestoredContainer(lab.restoredPid());
      target.assertComplete();
      target.awaitCounting();
    }
  }
}
