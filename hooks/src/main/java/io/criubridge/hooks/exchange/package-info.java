/**
 * Checkpoints in the forms that other tools read and write. Start at {@link
 * io.criubridge.hooks.exchange.CheckpointExport} and {@link
 * io.criubridge.hooks.exchange.CheckpointImport}.
 */
@NullMarked
package io.criubridge.hooks.exchange;

import org.jspecify.annotations.NullMarked;
