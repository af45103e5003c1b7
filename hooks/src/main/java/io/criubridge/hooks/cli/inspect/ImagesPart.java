// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.inspect;

import com.google.gson.JsonElement;
import io.criubridge.hooks.cli.images.Explore;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.images.ImageSet;
import java.io.IOException;

/** What CRIU's images tell. */
record ImagesPart(ImageSet images, Explore.What what) implements Part {

  @Override
  public void print(Output output) throws IOException {
    what.explorer().print(images, output);
  }

  @Override
  public JsonElement json() throws IOException {
    return what.explorer().json(images);
  }
}
