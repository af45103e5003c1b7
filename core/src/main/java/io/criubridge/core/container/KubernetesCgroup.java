// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.core.sys.BytePath;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which runtime a control group is named for: the names that containerd's CRI plugin and CRI-O give
 * the groups of Kubernetes' containers. A workload may choose such a name too: it is a reason to
 * ask a runtime, and no proof.
 *
 * <p>Source: {@code getCgroupsPath()} in containerd's pkg/cri/server/helpers.go; {@code
 * internal/config/cgmgr} of CRI-O
 */
final class KubernetesCgroup {
  private static final Pattern NAME =
      Pattern.compile(
          "(?:.+\\.slice:)?(?:(?<engine>cri-containerd|crio)[-:])?[0-9a-f]{64}(?:\\.scope)?");

  private KubernetesCgroup() {}

  /** The runtime of the innermost group with such a name. */
  static Optional<RuntimeType> runtime(BytePath cgroup) {
    List<String> names =
        cgroup.components().stream().map(name -> new String(name, ISO_8859_1)).toList();
    for (int i = names.size() - 1; i >= 0; i--) {
      Matcher matcher = NAME.matcher(names.get(i));
      if (!matcher.matches()) {
        continue;
      }
      if (matcher.group("engine") != null) {
        return Optional.of(
            matcher.group("engine").equals("crio") ? RuntimeType.CRIO : RuntimeType.CONTAINERD);
      }
      // Docker has groups with the bare id as well, but none of Kubernetes above it.
      if (names.subList(0, i).stream().anyMatch(name -> name.startsWith("kubepods"))) {
        return Optional.of(RuntimeType.CONTAINERD);
      }
    }
    return Optional.empty();
  }
}
