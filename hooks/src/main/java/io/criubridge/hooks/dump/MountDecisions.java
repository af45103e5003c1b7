// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.mount.MinimalMountPolicy;
import io.criubridge.core.mount.MountClassifier;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.mount.PlaceholderMountPolicy;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.config.Configuration.Policy;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Asks the policy that is configured what is to happen to each mount. */
final class MountDecisions {

  private MountDecisions() {}

  static List<MountDecision> of(CriuRun run, DumpTarget target) throws IOException {
    if (!target.ownMounts()) {
      return List.of();
    }
    if (run.configuration().policy() == Policy.MINIMAL) {
      return MinimalMountPolicy.decide(
          target.mounts(), target.hostMounts(), declared(run.commandLine().externals()));
    }
    if (target.container() instanceof ContainerLookup.NotFound notFound) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG,
          "policy: placeholder needs the container's OCI spec, and none was found ("
              + String.join("; ", notFound.tried())
              + "); set runtime-roots, or policy: minimal");
    }
    ContainerLookup.Found found = target.found().orElseThrow();
    try (ScopedRoot root =
        ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()))) {
      return PlaceholderMountPolicy.decide(
          MountClassifier.classify(target.mounts(), found.spec(), root));
    }
  }

  /** The mount points among the values of {@code --external}: {@code mnt[/path]:key}. */
  static Set<BytePath> declared(List<String> externals) {
    Set<BytePath> declared = new HashSet<>();
    for (String external : externals) {
      int end = external.indexOf("]:");
      if (external.startsWith("mnt[/") && end > 0) {
        try {
          declared.add(BytePath.of(external.substring("mnt[".length(), end)));
        } catch (IllegalArgumentException e) {
          // A path with "..": CRIU compares the text, and no mount point reads like that.
        }
      }
    }
    return declared;
  }
}
