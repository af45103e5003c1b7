// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.fixtures.PrivateContainerd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code criu-bridge checkpoint} of a container that a runtime or its files know. */
class NamedContainerIT {
  private static final String COMMAND = Lab.DIST.resolve("bin/criu-bridge").toString();
  private static final String ID =
      "4f207d53e54d3f8d52c43422dd3422f1221300a438719c5e5070fa29868fd3c9";

  @TempDir private static Path directory;
  private static PrivateContainerd containerd;

  private Lab lab;

  @BeforeAll
  static void startContainerd() throws Exception {
    containerd = PrivateContainerd.start(directory);
    containerd.run(
        ID,
        "io.kubernetes.pod.namespace=shop",
        "io.kubernetes.pod.name=web-0",
        "io.kubernetes.container.name=main");
  }

  @AfterAll
  static void stopContainerd() throws IOException {
    if (containerd != null) {
      containerd.close();
    }
  }

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of("/opt/criu4/bin/criu"));
    lab.environment("CRIU", "/opt/criu4/bin/criu");
    lab.environment("CRIU_BRIDGE_RUNTIME_SOCKET", containerd.socket().toString());
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  private Lab.Result checkpoint(String... arguments) {
    return lab.run(
        Stream.concat(
                Stream.of(COMMAND, "checkpoint", "-o", lab.path("images").toString(), "--json"),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  private void assertOfContainerd(Lab.Result result) throws IOException {
    JsonObject json = JsonParser.parseString(result.ok().output()).getAsJsonObject();
    assertThat(json.get("checkpointId").getAsString()).startsWith(ID);
    assertThat(json.get("running").getAsBoolean()).isTrue();
    assertThat(Files.readString(lab.path("images/manifest.yaml"))).contains("containerd", ID);
  }

  @Test
  void id_isAskedOfContainerd() throws IOException {
    assertOfContainerd(checkpoint(ID, "--leave-running", "--", "--manage-cgroups=ignore"));
  }

  @Test
  void pod_isAskedOfContainerd() throws IOException {
    assertOfContainerd(
        checkpoint(
            "pod",
            "shop/web-0/main",
            "--runtime=containerd",
            "--leave-running",
            "--",
            "--manage-cgroups=ignore"));
  }

  @Test
  void unknownPod_saysWhoWasAsked() {
    Lab.Result failed = checkpoint("pod", "shop/web-1/main", "--leave-running");
    assertThat(failed.exitCode()).isEqualTo(69);
    assertThat(failed.output())
        .contains("no such container found", containerd.socket().toString(), "runtime-socket");
    assertThat(lab.path("images")).doesNotExist();
  }

  @Test
  void nameThatIsNone_isAMistakeOfUse() {
    Lab.Result failed = checkpoint("pod", "web-0/main");
    assertThat(failed.exitCode()).isEqualTo(64);
    assertThat(failed.output()).contains("web-0/main is not NAMESPACE/POD/CONTAINER");
  }

  @Test
  void id_isFoundInTheFilesOfRunc() throws IOException {
    int pid = lab.startContainer("source");
    String id = Lab.text(lab.path("source/id")).strip();
    lab.configure("runtime-roots: [" + lab.path("source/runc") + "]\n");
    JsonObject json =
        JsonParser.parseString(checkpoint(id, "--leave-running").ok().output()).getAsJsonObject();
    assertThat(json.get("checkpointId").getAsString()).startsWith(id);
    new RestoredContainer(pid).awaitCounting();
  }
}
