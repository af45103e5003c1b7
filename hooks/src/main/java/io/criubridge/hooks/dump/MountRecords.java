// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.core.mount.CgroupMount;
import io.criubridge.core.mount.HostSource;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Describes the mounts of a container for the manifest, with where on the host they come from. */
final class MountRecords {

  private static final String NULL_DEVICE = "/dev/null";

  private final DeclaredMounts declared;
  private final ScopedRoot container;
  private final ScopedRoot host;
  private final MountTable hostMounts;

  private MountRecords(
      DeclaredMounts declared, ScopedRoot container, ScopedRoot host, MountTable hostMounts) {
    this.declared = declared;
    this.container = container;
    this.host = host;
    this.hostMounts = hostMounts;
  }

  static List<MountRecord> of(
      List<MountDecision> decisions,
      DeclaredMounts declared,
      ScopedRoot container,
      MountTable hostMounts)
      throws IOException {
    List<MountRecord> records = new ArrayList<>();
    try (ScopedRoot host = ScopedRoot.open(Path.of("/"))) {
      MountRecords mounts = new MountRecords(declared, container, host, hostMounts);
      for (MountDecision decision : decisions) {
        records.add(mounts.record(decision));
      }
    }
    return records;
  }

  private MountRecord record(MountDecision decision) throws IOException {
    MountInfo mount = decision.mount();
    Optional<FileStat> stat = container.stat(mount.mountPoint());
    // What CRIU has in its images counts, be it our doing or its caller's.
    Optional<String> key = declared.key(mount.mountPoint());
    boolean masked = key.filter(NULL_DEVICE::equals).isPresent();
    return new MountRecord(
        mount.mountPoint(),
        key.isPresent() ? Handling.EXTERNAL : handling(decision),
        stat.isPresent() && stat.get().type() == FileType.DIRECTORY
            ? MountRecord.Type.DIRECTORY
            : MountRecord.Type.FILE,
        mount.fsType(),
        key,
        masked ? key : key.isPresent() ? source(mount, stat) : Optional.empty(),
        key.isPresent() ? CgroupMount.hierarchy(mount) : Optional.empty(),
        decision.reason());
  }

  private static boolean isSameFile(FileStat one, FileStat other) {
    return one.device().equals(other.device()) && one.ino() == other.ino();
  }

  private static Handling handling(MountDecision decision) {
    return switch (decision.action()) {
      case SKIP -> Handling.SKIPPED;
      case NATIVE -> Handling.NATIVE;
      case EXTERNALIZE, MASK, LEAVE_TO_CALLER -> Handling.CALLER;
    };
  }

  /** The first candidate on the host that is the very file that is mounted in the container. */
  private Optional<String> source(MountInfo mount, Optional<FileStat> inContainer)
      throws IOException {
    if (CgroupMount.hierarchy(mount).isPresent()) {
      return mount.rootState() == MountInfo.RootState.ABOVE_NAMESPACE
          ? Optional.empty()
          : Optional.of(mount.root().text());
    }
    if (inContainer.isEmpty()) {
      return Optional.empty();
    }
    for (BytePath candidate : HostSource.candidates(mount, hostMounts)) {
      Optional<FileStat> onHost = host.stat(candidate);
      if (onHost.isPresent() && isSameFile(onHost.get(), inContainer.get())) {
        return Optional.of(candidate.text());
      }
    }
    return Optional.empty();
  }
}
