// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.io.IOException;

/** A file of a container that could not be captured as it was. */
public final class CaptureException extends IOException {
  private static final long serialVersionUID = 1L;

  CaptureException(BytePath path, String reason) {
    super("capture " + path + ": " + reason);
  }

  CaptureException(BytePath path, IOException cause) {
    super("capture " + path + ": " + cause.getMessage(), cause);
  }
}
