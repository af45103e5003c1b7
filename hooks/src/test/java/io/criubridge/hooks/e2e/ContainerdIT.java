// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.PrivateContainerd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps by criu itself, of a container whose runtime has to be asked, and of one that has none. */
class ContainerdIT {
  private static final Path CRIU = Path.of("/opt/criu4/bin/criu");
  private static final String ID =
      "4f207d53e54d3f8d52c43422dd3422f1221300a438719c5e5070fa29868fd3c9";

  @TempDir private Path directory;

  @Test
  void dump_containerOnlyContainerdKnows_hasItsIdAndSpec() throws Exception {
    try (PrivateContainerd containerd = PrivateContainerd.start(directory);
        Lab lab = new Lab(CRIU)) {
      containerd.run(ID);
      lab.environment("CRIU_BRIDGE_RUNTIME_SOCKET", containerd.socket().toString());
      lab.environment("CRIU_BRIDGE_POLICY", "placeholder");
      Path images = lab.images("images");
      lab.dump(containerd.pid(ID), images, "--manage-cgroups=ignore").ok();
      assertThat(Files.readString(images.resolve("manifest.yaml")))
          .contains("containerd", ID, "/dev/shm");
    }
  }

  @Test
  void dump_containerOfFiles_loadsNoClassOfGrpc() throws IOException {
    try (Lab lab = new Lab(CRIU)) {
      Path loaded = lab.path("loaded");
      Path java = lab.script("java", "exec java -Xlog:class+load:file=" + loaded + " \"$@\"\n");
      lab.environment("CRIU_BRIDGE_JAVA", java.toString());
      int pid = lab.startContainer("source");
      lab.dump(pid, lab.images("images")).ok();
      assertThat(Files.readString(loaded))
          .contains("io.criubridge.hooks.dump.PostDump")
          .doesNotContain("io.grpc.")
          .doesNotContain("io.criubridge.core.container.UnixGrpcChannel");
    }
  }
}
