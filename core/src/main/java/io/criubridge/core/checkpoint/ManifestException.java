// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import java.io.IOException;

/** A checkpoint directory that is none: a manifest or an artefact is missing or damaged. */
public final class ManifestException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Makes an error that names the file and what is wrong with it. */
  public ManifestException(String message) {
    super(message);
  }

  /** As above, with what caused it. */
  public ManifestException(String message, Throwable cause) {
    super(message, cause);
  }
}
