// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.hooks.CriuCommandLine;
import java.util.HashSet;
import java.util.Set;

/** The external mounts that the caller of CRIU has given a source: {@code mnt[key]:/path}. */
final class DeclaredKeys {

  private static final String PREFIX = "mnt[";

  private DeclaredKeys() {}

  static Set<String> of(CriuCommandLine commandLine) {
    Set<String> keys = new HashSet<>();
    for (String external : commandLine.externals()) {
      int end = external.indexOf("]:");
      if (external.startsWith(PREFIX) && end > 0) {
        keys.add(external.substring(PREFIX.length(), end));
      }
    }
    return keys;
  }
}
