// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at the fixture workload, dumped or restored, from the host. */
record RestoredContainer(int pid) {

  /** A file in the container. */
  Path file(String path) {
    return Path.of("/proc/" + pid + "/root" + path);
  }

  long counter() {
    return Long.parseLong(Lab.text(file("/data/count")).strip());
  }

  boolean isAlive() {
    return Files.exists(Path.of("/proc/" + pid));
  }

  /** Waits until the counter goes on. */
  void awaitCounting() {
    long before = counter();
    Lab.await("the workload goes on counting", () -> counter() > before + 1);
  }

  /** Files, deletions and mounts are as the workload has left them. */
  void assertComplete() {
    assertThat(file("/app/state")).hasContent("v2");
    assertThat(file("/app/removed")).doesNotExist();
    assertThat(file("/app/cfg").toFile().list()).containsExactly("new");
    assertThat(file("/app/kept")).hasContent("base");
    assertThat(file("/volume/file")).hasContent("volume");
    assertThat(file("/late/file")).hasContent("late");
    assertThat(Lab.text(file("/proc/keys"))).as("masked").isEmpty();
  }
}
