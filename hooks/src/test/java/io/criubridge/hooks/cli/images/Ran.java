// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** A command {@code images ...} that has run in this JVM, with all that it printed. */
record Ran(int exit, String out, String err) {

  static Ran images(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new Images())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(exit, out.toString(), err.toString());
  }

  List<String> lines() {
    return out.lines().toList();
  }

  JsonElement json() {
    return JsonParser.parseString(out);
  }
}
