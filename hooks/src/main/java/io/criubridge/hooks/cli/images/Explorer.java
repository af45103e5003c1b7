// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonElement;
import io.criubridge.images.ImageSet;
import java.io.IOException;

/** A look at a set of images. */
public interface Explorer {

  /** Prints it for people. */
  void print(ImageSet set, Output output) throws IOException;

  /** Gives it for programs. */
  JsonElement json(ImageSet set) throws IOException;
}
