// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a JVM of ours loads when it starts, and from where. */
class WorkerStartIT {

  private static final String SHARED = "source: shared objects file";

  private Lab lab;

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of("/opt/criu4/bin/criu"));
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  @Test
  void workerOfADump_loadsNoCommandLineNoGrpcAndNoLoggingFramework() throws IOException {
    Path classes = lab.path("classes");
    Path java =
        lab.script(
            "java",
            "exec " + jvmConf(Lab.DIST).get(0) + " -Xlog:class+load:" + classes + " \"$@\"\n");
    lab.environment("CRIU_BRIDGE_JAVA", java.toString());
    lab.dump(lab.startContainer("source"), lab.images("images")).ok();
    lab.awaitNoWorker();
    assertThat(Lab.text(classes))
        .contains("io.criubridge.hooks.dump.PostDump ", "io.criubridge.core.rootfs.DiffWalk ")
        .doesNotContain("picocli.", "io.grpc.", "io.netty.", "org.slf4j.", "org.apache.logging");
  }

  @Test
  void startCache_isOfTheseJarsOnly() throws IOException {
    Path dist = lab.path("dist");
    lab.run("cp", "-a", Lab.DIST.toString(), dist.toString()).ok();
    prepare(dist);
    List<String> before = caches(dist);
    assertThat(before).hasSize(4);
    assertThat(classesOfTheCommand(dist)).contains("io.criubridge.hooks.cli.CriuBridge " + SHARED);

    // One file more in the jar: what is in the cache may be of other code.
    try (Stream<Path> jars = Files.list(dist.resolve("lib/java"))) {
      Path hooks =
          jars.filter(jar -> jar.getFileName().toString().startsWith("hooks-"))
              .findFirst()
              .orElseThrow();
      Path more = Files.writeString(lab.path("more"), "more");
      lab.run("jar", "uf", hooks.toString(), "-C", more.getParent().toString(), "more").ok();
    }
    assertThat(classesOfTheCommand(dist))
        .contains("io.criubridge.hooks.cli.CriuBridge source: file:")
        .doesNotContain("io.criubridge.hooks.cli.CriuBridge " + SHARED);

    prepare(dist);
    assertThat(caches(dist)).hasSize(4).doesNotContainAnyElementsOf(before);
    assertThat(classesOfTheCommand(dist)).contains("io.criubridge.hooks.cli.CriuBridge " + SHARED);
  }

  private void prepare(Path dist) {
    lab.run(dist.resolve("lib/java/prepare").toString()).ok();
  }

  private static List<String> caches(Path dist) throws IOException {
    try (Stream<Path> files = Files.list(dist.resolve("lib/java"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".cache"))
          .toList();
    }
  }

  /** Has the command line print its version, and the JVM where it has its classes from. */
  private String classesOfTheCommand(Path dist) throws IOException {
    List<String> command = new ArrayList<>();
    for (String line : jvmConf(dist)) {
      String argument = line.replaceFirst("^(own|cli): ", "").replace("@dist@", dist.toString());
      if (!argument.matches("(dump|restore|transcoding): .*|-Xlog:.*=off")) {
        command.add(argument);
      }
    }
    command.set(command.size() - 1, "io.criubridge.hooks.cli.Main");
    command.add(1, "-Xlog:class+load");
    command.add("--version");
    return lab.run(command.toArray(String[]::new)).ok().output();
  }

  private static List<String> jvmConf(Path dist) throws IOException {
    try (Stream<String> lines = Files.lines(dist.resolve("lib/java/jvm.conf"))) {
      return lines.filter(line -> !line.startsWith("#")).toList();
    }
  }
}
