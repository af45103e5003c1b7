/**
 * {@code criu-bridge inspect}: all there is to be known of a checkpoint. Start at {@link
 * io.criubridge.hooks.cli.inspect.Inspect}.
 */
@NullMarked
package io.criubridge.hooks.cli.inspect;

import org.jspecify.annotations.NullMarked;
