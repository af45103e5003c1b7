// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.NetworkRecord;
import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.proc.NamespaceKind;
import io.criubridge.core.proc.ProcNamespaces;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.plan.Directive;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is decided before a dump about everything that belongs to the host.
 *
 * @param mounts every mount of the container but its root, with what becomes of it
 * @param streams standard streams that are files of the host
 * @param network the network namespace, if it is to be left out
 */
public record DumpPlan(
    List<MountDecision> mounts, List<StreamRecord> streams, Optional<NetworkRecord> network) {

  /** Copies the lists. */
  public DumpPlan {
    mounts = List.copyOf(mounts);
    streams = List.copyOf(streams);
  }

  static DumpPlan of(CriuRun run, DumpTarget target) throws IOException {
    return new DumpPlan(
        MountDecisions.of(run, target),
        StandardStreams.find(run.proc(), target),
        network(run, target));
  }

  static Optional<NetworkRecord> network(CriuRun run, DumpTarget target) throws IOException {
    Optional<String> name = run.configuration().externalNetns();
    if (name.isEmpty() || !target.ownMounts()) {
      return Optional.empty();
    }
    long inode = new ProcNamespaces(run.proc()).inode(target.init().pid(), NamespaceKind.NET);
    return Optional.of(new NetworkRecord(inode, name.get()));
  }

  static Directive directive(NetworkRecord network) {
    return new Directive.External("net[" + network.inode() + "]:" + network.name());
  }

  /** What the plugin is to tell CRIU, each thing once. */
  List<Directive> directives() throws PhaseFailure {
    List<Directive> directives = new ArrayList<>();
    for (MountDecision decision : mounts) {
      directive(decision).filter(d -> !directives.contains(d)).ifPresent(directives::add);
    }
    streams.forEach(stream -> directives.add(new Directive.External(stream.key())));
    network.map(DumpPlan::directive).ifPresent(directives::add);
    return directives;
  }

  static Optional<Directive> directive(MountDecision decision) throws PhaseFailure {
    String place = decision.mount().mountPoint().text();
    return switch (decision.action()) {
      case EXTERNALIZE -> Optional.of(external(decision, place));
      case MASK -> Optional.of(external(decision, "/dev/null"));
      case SKIP -> Optional.of(new Directive.SkipMount(place));
      case NATIVE, LEAVE_TO_CALLER -> Optional.empty();
    };
  }

  /** CRIU takes what follows the first {@code ]:} for the value, of another mount's key even. */
  private static Directive external(MountDecision decision, String key) throws PhaseFailure {
    String place = decision.mount().mountPoint().text();
    if (place.contains("]:")) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG,
          decision.mount().mountPoint()
              + ": CRIU cannot be told of a mount whose path holds ']:'; unmount it");
    }
    return new Directive.External("mnt[" + place + "]:" + key);
  }
}
