// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.core.sys.BytePath;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container's id as its runtime has it; safe as a file name.
 *
 * <p>Source: {@code validateID()} in runc's libcontainer/factory_linux.go
 *
 * @param value the id
 */
public record ContainerId(String value) {
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_+.-]{1,1024}");
  private static final Pattern SCHEME = Pattern.compile("^(?:containerd|cri-o|crio)://");

  /**
   * What engines put around the id: cgroupfs names have a prefix only, systemd's a suffix too. The
   * monitor beside a container ({@code conmon}) has a cgroup of its own.
   */
  private static final Pattern CGROUP_NAME =
      Pattern.compile(
          "(?<engine>(?:cri-containerd|crio|docker|libpod-payload|libpod|nerdctl|runc|youki)-)?+"
              + "(?!conmon-)(?<id>.+?)(?:\\.scope)?");

  /**
   * Takes an id as it is.
   *
   * @throws IllegalArgumentException if runc would refuse it
   */
  public ContainerId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a container id: '" + value + "'");
    }
  }

  /**
   * The ids that a cgroup may stand for, from the innermost component outward: a process may have
   * been moved to a cgroup below its container's, and what looks like an engine's prefix may be
   * part of the id. The caller has to check which one it is.
   */
  public static List<ContainerId> candidates(BytePath cgroup) {
    Set<ContainerId> ids = new LinkedHashSet<>();
    List<byte[]> names = cgroup.components();
    for (int i = names.size() - 1; i >= 0; i--) {
      String name = new String(names.get(i), ISO_8859_1);
      fromCgroupName(name).ifPresent(ids::add);
      if (isValid(name) && !isSystemdUnit(name)) {
        ids.add(new ContainerId(name));
      }
    }
    return List.copyOf(ids);
  }

  /**
   * The id in one component of a cgroup path: {@code ID}, {@code crio-ID}, {@code
   * cri-containerd-ID.scope}, {@code docker-ID.scope}, {@code libpod-ID.scope} and the like. Empty
   * for slices, services and other scopes.
   */
  public static Optional<ContainerId> fromCgroupName(String name) {
    Matcher matcher = CGROUP_NAME.matcher(name);
    if (!matcher.matches() || !isValid(matcher.group("id"))) {
      return Optional.empty();
    }
    return isSystemdUnit(name) && matcher.group("engine") == null
        ? Optional.empty()
        : Optional.of(new ContainerId(matcher.group("id")));
  }

  /**
   * Takes {@code containerd://}, {@code cri-o://} or {@code crio://} off the id that Kubernetes
   * shows. What has another scheme, or none, stays as it is.
   *
   * <p>Seed: StripCRIScheme
   */
  public static String stripScheme(String reference) {
    return SCHEME.matcher(reference).replaceFirst("");
  }

  static boolean isValid(String value) {
    return VALID.matcher(value).matches() && !value.equals(".") && !value.equals("..");
  }

  private static boolean isSystemdUnit(String name) {
    return name.endsWith(".scope") || name.endsWith(".slice") || name.endsWith(".service");
  }

  @Override
  public String toString() {
    return value;
  }
}
