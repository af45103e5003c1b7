// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.config.Configuration;
import java.nio.file.Path;

/**
 * The run of CRIU that is served: what stays the same from phase to phase.
 *
 * @param criu the criu process
 * @param program its program, a path by which this very file can be run
 * @param commandLine its options, as far as they can be seen
 * @param imageDirectory where the images are, a path that stays valid when CRIU has closed it
 * @param workDirectory CRIU's work directory, where its log and statistics go
 * @param directory the worker's own, in {@code /run/criu-bridge}
 * @param configuration the settings
 * @param proc the host's /proc
 */
public record CriuRun(
    ProcessIdentity criu,
    Path program,
    CriuCommandLine commandLine,
    Path imageDirectory,
    Path workDirectory,
    RunDirectory directory,
    Configuration configuration,
    ProcFs proc) {}
