/**
 * What the kernel says about processes and mounts, read from a proc file system: the host's, one
 * bound elsewhere, or a recorded tree. Depends on sys. Start at {@link
 * io.criubridge.core.proc.ProcFs}.
 */
@NullMarked
package io.criubridge.core.proc;

import org.jspecify.annotations.NullMarked;
