// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.RunDirectory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/** Makes the directory of a run. */
final class RpcRunDirectory {

  private static final String BASE = "/run/criu-bridge";

  private static final FileAttribute<Set<PosixFilePermission>> FOR_ROOT_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private RpcRunDirectory() {}

  static RunDirectory create(Map<String, String> environment, ProcessIdentity criu, ProcFs proc)
      throws IOException {
    String given = environment.getOrDefault("CRIU_BRIDGE_RUN_DIR", "");
    Path base = Path.of(given.isEmpty() ? BASE : given);
    make(base);
    RunDirectory run = RunDirectory.overRpc(base, criu);
    Files.createDirectory(run.path(), FOR_ROOT_ALONE);
    try {
      run.removeStaleSiblings(proc);
    } catch (IOException e) {
      run.remove();
      throw e;
    }
    return run;
  }

  private static void make(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, FOR_ROOT_ALONE);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }
}
