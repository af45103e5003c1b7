// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fixture workload for engines that start containers of an image. */
record WorkloadImage(Lab lab) {

  /** Makes what its containers mount: {@code volume} from the start, {@code late} later. */
  static WorkloadImage in(Lab lab) throws IOException {
    for (String shared : List.of("volume", "late")) {
      Files.createDirectory(lab.path(shared));
      Files.writeString(lab.path(shared).resolve("file"), shared);
    }
    return new WorkloadImage(lab);
  }

  /** The image's files beside busybox, by their paths; the workload changes some of them. */
  Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    files.put("bin/workload", Files.readAllBytes(lab.path("tools/workload")));
    files.put("app/state", "v1".getBytes(UTF_8));
    for (String base :
        List.of("app/removed", "app/cfg/old", "app/kept", "data/here", "late/here")) {
      files.put(base, "base".getBytes(UTF_8));
    }
    return files;
  }

  /** Waits until the workload has done all that it does at its start, and counts. */
  RestoredContainer begun(int pid) {
    RestoredContainer container = new RestoredContainer(pid);
    Path count = container.file("/data/count");
    Lab.await("the workload counts", () -> Lab.text(count).length() == 21);
    Lab.await("to a number of two digits", () -> container.counter() > 20);
    return container;
  }

  /** Mounts {@code late} on /late from outside. */
  void mountLate(int pid) {
    lab.run(
            lab.path("tools/late-mount").toString(),
            Integer.toString(pid),
            lab.path("late").toString(),
            "/late")
        .ok();
  }
}
