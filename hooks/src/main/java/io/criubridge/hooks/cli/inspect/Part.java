// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.inspect;

import com.google.gson.JsonElement;
import io.criubridge.hooks.cli.images.Output;
import java.io.IOException;

/** Something of a checkpoint that is looked at. */
interface Part {

  /** Prints it for people. */
  void print(Output output) throws IOException;

  /** Gives it for programs. */
  JsonElement json() throws IOException;
}
