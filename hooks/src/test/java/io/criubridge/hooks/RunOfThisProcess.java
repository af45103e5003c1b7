// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A run directory and environment as if this JVM were the criu process. */
public record RunOfThisProcess(RunDirectory directory, Path images) {

  public static RunOfThisProcess in(Path temp) throws IOException {
    ProcessIdentity self = ProcessIdentity.of(ProcFs.HOST, (int) ProcessHandle.current().pid());
    Path run = temp.resolve(self.pid() + "-" + self.startTimeTicks());
    return new RunOfThisProcess(
        RunDirectory.of(Files.createDirectory(run)), Files.createDirectory(temp.resolve("images")));
  }

  /** What CRIU sets for a phase. */
  public Map<String, String> environment(String action) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CRTOOLS_SCRIPT_ACTION", action);
    environment.put("CRTOOLS_IMAGE_DIR", images.toString());
    environment.put("CRTOOLS_INIT_PID", Integer.toString(directory.criu().pid()));
    return environment;
  }
}
