// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.core.rootfs.ArchiveFiles;
import io.criubridge.core.sys.BytePath;

/** Takes the files of an engine's archive. */
@FunctionalInterface
interface EngineMembers extends ArchiveFiles.Visitor {

  /** The one link that engines write is that of an increment. */
  @Override
  default void stranger(BytePath path) throws ManifestException {
    String parent = ExchangeLayout.IMAGES + ExchangeLayout.PARENT;
    if (path.text().equals("/" + parent)) {
      throw new ManifestException(parent + ": " + ExchangeLayout.INCREMENT);
    }
  }
}
