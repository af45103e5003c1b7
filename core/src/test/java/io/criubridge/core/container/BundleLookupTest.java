// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.container.ContainerLookup.Found;
import io.criubridge.core.container.ContainerLookup.NotFound;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessGoneException;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.proc.RecordedProc;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleLookupTest {
  private static final Path RECORDED_HOST = Fixtures.path("proc/runc-container/host");

  private static final ContainerId DEMO = new ContainerId("demo");

  private final ProcFs container = RecordedProc.of("runc-container");
  @TempDir Path host;
  private int init;

  @BeforeEach
  void findInit() throws IOException {
    init = RecordedProc.only(container, p -> p.innermostPid() == 1).observedPid();
  }

  @Test
  void find_runcContainer_byItsState() throws IOException {
    ContainerLookup lookup = new BundleLookup(container, RECORDED_HOST, List.of()).find(init);
    assertThat(lookup)
        .isInstanceOfSatisfying(
            Found.class,
            found -> {
              assertThat(found.id()).hasToString("demo");
              assertThat(found.kind()).isEqualTo(RuntimeKind.RUNC);
              assertThat(found.bundle()).hasValue(RECORDED_HOST.resolve("tmp/criu-bridge-record"));
              assertThat(found.spec().hostname()).isEqualTo("demo");
            });
  }

  @Test
  void find_runcContainer_inARootGiven() throws IOException {
    Path root = RECORDED_HOST.resolve("run/runc-record");
    copyRecorded("tmp/criu-bridge-record/config.json");
    assertThat(new BundleLookup(container, host, List.of(root)).find(init))
        .isInstanceOf(Found.class);
    assertThat(new BundleLookup(container, host, List.of()).find(init))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void find_stateOfAnotherProcess_isNotBelieved() throws IOException {
    Path state = copyRecorded("run/runc-record/demo/state.json");
    copyRecorded("tmp/criu-bridge-record/config.json");
    String json = Files.readString(state);
    Files.writeString(
        state, json.replaceFirst("\"init_process_start\": [0-9]+", "\"init_process_start\": 1"));
    assertThat(new BundleLookup(container, host, List.of()).find(init))
        .isInstanceOfSatisfying(
            NotFound.class,
            notFound ->
                assertThat(notFound.tried())
                    .anyMatch(reason -> reason.startsWith(state + ": is of")));
  }

  @ParameterizedTest
  @CsvSource({
    "run/containerd/io.containerd.runtime.v2.task/k8s.io/demo, init.pid, CONTAINERD",
    "run/k3s/containerd/io.containerd.runtime.v2.task/moby/demo, init.pid, CONTAINERD",
    "run/containers/storage/overlay-containers/demo/userdata, pidfile, CRIO",
  })
  void find_bundleWithPidFile(String bundle, String pidFile, RuntimeKind kind) throws IOException {
    Path directory = Files.createDirectories(host.resolve(bundle));
    Files.writeString(directory.resolve("config.json"), "{\"hostname\": \"here\"}");
    BundleLookup lookup = new BundleLookup(container, host, List.of());

    Files.writeString(directory.resolve(pidFile), "1" + init);
    assertThat(lookup.find(init))
        .isInstanceOfSatisfying(
            NotFound.class,
            found -> assertThat(found.tried()).anyMatch(r -> r.contains("names process 1" + init)));

    Files.writeString(directory.resolve(pidFile), init + "\n");
    assertThat(lookup.find(init))
        .isInstanceOfSatisfying(
            Found.class,
            found -> {
              assertThat(found.kind()).isEqualTo(kind);
              assertThat(found.bundle()).hasValue(directory);
              assertThat(found.spec().hostname()).isEqualTo("here");
            });
  }

  @Test
  void find_podmanContainer_bundleApartFromPidFile() throws IOException {
    Path run = host.resolve("run/containers/storage/overlay-containers/demo/userdata");
    Path lib = host.resolve("var/lib/containers/storage/overlay-containers/demo/userdata");
    Files.writeString(Files.createDirectories(run).resolve("pidfile"), init + "");
    Files.writeString(Files.createDirectories(lib).resolve("config.json"), "{}");
    assertThat(new BundleLookup(container, host, List.of()).find(init))
        .isInstanceOfSatisfying(
            Found.class,
            found -> {
              assertThat(found.kind()).isEqualTo(RuntimeKind.PODMAN);
              assertThat(found.bundle()).hasValue(lib);
            });
  }

  @Test
  void find_nothingThere_saysWhatWasTried() throws IOException {
    assertThat(new BundleLookup(container, host, List.of()).find(init))
        .isInstanceOfSatisfying(
            NotFound.class,
            found ->
                assertThat(found.tried())
                    .contains(host.resolve("run/runc/demo/state.json") + ": not there"));
  }

  @Test
  void find_damagedState_isAnError() throws IOException {
    Path state = Files.createDirectories(host.resolve("run/runc/demo")).resolve("state.json");
    Files.writeString(state, "{\"init_process_pid\": \"x\"}");
    assertThatExceptionOfType(ContainerFileException.class)
        .isThrownBy(() -> new BundleLookup(container, host, List.of()).find(init))
        .withMessageContaining(state + " at $.init_process_pid");
  }

  @Test
  void find_cgroupOutsideOfNamespace_isNotFound(@TempDir Path proc) throws IOException {
    Path process = Files.createDirectories(proc.resolve("5"));
    Files.writeString(process.resolve("stat"), "5 (x) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9 0");
    Files.writeString(process.resolve("cgroup"), "0::/../demo\n");
    assertThat(new BundleLookup(new ProcFs(proc), host, List.of()).find(5))
        .isInstanceOfSatisfying(
            NotFound.class,
            found -> assertThat(found.tried()).singleElement().asString().contains("'/../demo'"));
  }

  @Test
  void findInit_runcContainer_byItsState() throws IOException {
    assertThat(new BundleLookup(container, RECORDED_HOST, List.of()).findInit(DEMO))
        .contains(ProcessIdentity.of(container, init));
  }

  @Test
  void findInit_stateOfAnEarlierProcess_isNotBelieved() throws IOException {
    Path state = copyRecorded("run/runc-record/demo/state.json");
    String json = Files.readString(state);
    BundleLookup lookup = new BundleLookup(container, host, List.of());
    assertThat(lookup.findInit(DEMO)).isPresent();
    Files.writeString(
        state, json.replaceFirst("\"init_process_start\": [0-9]+", "\"init_process_start\": 1"));
    assertThat(lookup.findInit(DEMO)).isEmpty();
  }

  @Test
  void findInit_pidFile_isBelievedForTheContainerOfTheProcessesCgroup() throws IOException {
    BundleLookup lookup = new BundleLookup(container, host, List.of());
    for (String id : List.of("demo", "other")) {
      String bundle = "run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id;
      Files.writeString(
          Files.createDirectories(host.resolve(bundle)).resolve("init.pid"), init + "");
    }
    assertThat(lookup.findInit(DEMO)).contains(ProcessIdentity.of(container, init));
    assertThat(lookup.findInit(new ContainerId("other"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "999999"})
  void findInit_pidFileOfNoProcess_isNotBelieved(String noted) throws IOException {
    Path bundle = host.resolve("run/containerd/io.containerd.runtime.v2.task/k8s.io/demo");
    Files.writeString(Files.createDirectories(bundle).resolve("init.pid"), noted);
    assertThat(new BundleLookup(container, host, List.of()).findInit(DEMO)).isEmpty();
  }

  @Test
  void find_noSuchProcess_isGone() {
    assertThatExceptionOfType(ProcessGoneException.class)
        .isThrownBy(() -> new BundleLookup(container, host, List.of()).find(999_999));
  }

  private Path copyRecorded(String file) throws IOException {
    Path copy = host.resolve(file);
    Files.createDirectories(copy.resolveSibling(""));
    return Files.copy(RECORDED_HOST.resolve(file), copy);
  }
}
