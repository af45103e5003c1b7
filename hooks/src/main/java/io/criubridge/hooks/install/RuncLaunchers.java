// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The launchers of criu-bridge that CRIU runs for runc. */
public final class RuncLaunchers {
  /** Where runc has CRIU read its options. */
  public static final Path FILE = InstallRequest.RUNC_CONF;

  private RuncLaunchers() {}

  /** As the node's configuration names them. */
  public static List<String> of(NodeRoot root) throws IOException {
    return RuncConf.launchers(ConfFile.of(root, FILE).text().orElse(""));
  }
}
