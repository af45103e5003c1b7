// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** An overlay mounted by relative paths, as containers/storage does when options grow long. */
class RelativeLayersIT {

  @Test
  void relativeUpperdir_isFoundWhenItIsNamedAndElseAskedForBeforeTheFreeze() throws IOException {
    try (Lab lab = new Lab(Path.of("/opt/criu4/bin/criu"))) {
      lab.environment("CONTAINER_RELATIVE_LAYERS", "yes");
      int pid = lab.startContainer("source");
      Lab.Result unnamed = lab.dump(pid, lab.images("unnamed")).failed();
      assertThat(unnamed.bridgeLines()).contains("pre-dump:", "CRIU_BRIDGE_UPPERDIR");
      new RestoredContainer(pid).awaitCounting();

      lab.environment("CRIU_BRIDGE_UPPERDIR", lab.path("source/upper").toString());
      Path images = lab.images("images");
      lab.dump(pid, images).ok();
      lab.stopContainer("source");
      lab.restore(images, lab.freshRoot("target", "source")).ok();
      new RestoredContainer(lab.restoredPid()).assertComplete();
    }
  }
}
