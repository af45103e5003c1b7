/**
 * Which processes belong to a container, and which of them is which after a restore. Depends on
 * {@code proc}. Start at {@link io.criubridge.core.process.ProcessTree} (who is dumped) and {@link
 * io.criubridge.core.process.PidRemap} (who was restored).
 */
@NullMarked
package io.criubridge.core.process;

import org.jspecify.annotations.NullMarked;
