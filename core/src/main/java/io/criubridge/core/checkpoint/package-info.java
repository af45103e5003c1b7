/**
 * The files that criu-bridge puts beside CRIU's images. Depends on sys. Start at {@link
 * io.criubridge.core.checkpoint.CheckpointLayout}.
 */
@NullMarked
package io.criubridge.core.checkpoint;

import org.jspecify.annotations.NullMarked;
