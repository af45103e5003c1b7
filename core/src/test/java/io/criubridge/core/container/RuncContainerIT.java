// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.criubridge.core.container.ContainerLookup.Found;
import io.criubridge.core.container.ContainerLookup.NotFound;
import io.criubridge.core.mount.MountClassifier;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.mount.PlaceholderMountPolicy;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.rootfs.UpperMatch;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root, runc, overlayfs and a static busybox. */
class RuncContainerIT {
  private final String id = "criu-bridge-it-" + ProcessHandle.current().pid();
  @TempDir Path bundle;
  private int init;

  @BeforeEach
  void startContainer() throws Exception {
    Path bin = Files.createDirectories(bundle.resolve("lo:wer/bin"));
    Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
    bin.resolve("busybox").toFile().setExecutable(true);
    for (String directory :
        List.of(
            "up,per",
            "work",
            "rootfs",
            "rr",
            "data",
            "lo:wer/proc",
            "lo:wer/dev",
            "lo:wer/var",
            "lo:wer/run/x")) {
      Files.createDirectories(bundle.resolve(directory));
    }
    // As most images have it.
    Files.createSymbolicLink(bundle.resolve("lo:wer/var/run"), Path.of("/run"));
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion": "1.0.2", "root": {"path": "rootfs"}, "hostname": "it",
         "process": {"args": ["/bin/busybox", "sleep", "600"], "cwd": "/", "user": {"uid": 0}},
         "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                    {"destination": "/var/run/x", "source": "data", "options": ["bind"]}],
         "linux": {"cgroupsPath": "/%s", "maskedPaths": ["/proc/keys", "/proc/fs", "/proc/nothing"],
                   "readonlyPaths": ["/proc/sys"],
                   "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "uts"}]}}
        """
            .formatted(id));
    run(
        "mount",
        "-t",
        "overlay",
        "overlay",
        "-o",
        "lowerdir=lo\\:wer,upperdir=up\\,per,workdir=work",
        "rootfs");
    run("runc", "--root", bundle + "/rr", "run", "--detach", "--pid-file", "pid", id);
    init = Integer.parseInt(Files.readString(bundle.resolve("pid")).trim());
  }

  @AfterEach
  void stopContainer() throws Exception {
    attempt("runc", "--root", bundle + "/rr", "delete", "--force", id);
    attempt("umount", "rootfs");
  }

  @Test
  void find_containerOfItsInitOnly() throws IOException {
    BundleLookup lookup =
        new BundleLookup(ProcFs.HOST, Path.of("/"), List.of(bundle.resolve("rr")));
    assertThat(lookup.find(init))
        .isInstanceOfSatisfying(
            Found.class,
            found -> {
              assertThat(found.id()).hasToString(id);
              assertThat(found.bundle()).hasValue(bundle);
              assertThat(found.spec().hostname()).isEqualTo("it");
            });
    assertThat(lookup.find((int) ProcessHandle.current().pid())).isInstanceOf(NotFound.class);
  }

  @Test
  void placeholderPolicy_ofTheBundlesSpec_decidesByWhatIsMounted() throws IOException {
    try (ScopedRoot root = ScopedRoot.open(OverlayRootFs.mergedRoot(ProcFs.HOST, init))) {
      assertThat(
              PlaceholderMountPolicy.decide(
                  MountClassifier.classify(
                      MountTable.read(ProcFs.HOST, init),
                      OciSpec.read(bundle.resolve("config.json")),
                      root)))
          .extracting(
              decision -> decision.mount().mountPoint().toString(),
              MountDecision::action,
              decision -> decision.reason().replaceFirst(" of the OCI spec.*", ""))
          .containsExactlyInAnyOrder(
              tuple("/proc", Action.EXTERNALIZE, "a mount"),
              tuple("/run/x", Action.EXTERNALIZE, "a mount"),
              tuple("/proc/keys", Action.MASK, "a masked path"),
              tuple("/proc/fs", Action.EXTERNALIZE, "a masked directory"),
              tuple("/proc/sys", Action.EXTERNALIZE, "a read-only path"));
    }
  }

  @Test
  void overlayRootFs_relativeLayersWithOddNames_provenThroughTheContainer() throws Exception {
    run("runc", "--root", bundle + "/rr", "exec", id, "/bin/busybox", "touch", "/proof");
    MountTable mounts = MountTable.read(ProcFs.HOST, init);
    OverlayRootFs layers =
        OverlayRootFs.find(
                mounts,
                List.of(Path.of("/var/lib"), bundle),
                upper -> match(upper, OverlayRootFs.mergedRoot(ProcFs.HOST, init)))
            .orElseThrow();
    assertThat(layers.upperDir()).isEqualTo(bundle.resolve("up,per"));
    assertThat(layers.lowerDirs()).containsExactly(bundle.resolve("lo:wer"));
    assertThat(OverlayRootFs.mergedRoot(ProcFs.HOST, init).resolve("proof")).exists();
    assertThat(mounts.owning(BytePath.of("/proc/1")).orElseThrow().fsType()).isEqualTo("proc");
  }

  private static UpperMatch match(Path upper, Path root) {
    try (ScopedRoot candidate = ScopedRoot.open(upper);
        ScopedRoot merged = ScopedRoot.open(root)) {
      return UpperMatch.of(
          candidate.stat(BytePath.ROOT).orElseThrow(), merged.stat(BytePath.ROOT).orElseThrow());
    } catch (IOException e) {
      return UpperMatch.NONE;
    }
  }

  private void run(String... command) throws Exception {
    int status = attempt(command);
    String output = Files.readString(bundle.resolve("output"));
    assertThat(status).as(String.join(" ", command) + ": " + output).isZero();
  }

  /** Output goes to a file: the container keeps a pipe open as long as it runs. */
  private int attempt(String... command) throws Exception {
    return new ProcessBuilder(command)
        .directory(bundle.toFile())
        .redirectErrorStream(true)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(bundle.resolve("output").toFile())
        .start()
        .waitFor();
  }
}
