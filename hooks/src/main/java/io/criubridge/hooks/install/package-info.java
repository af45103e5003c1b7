/**
 * Puts criu-bridge onto a node and takes it away again: program, plugin, CRIU's configuration. Uses
 * {@code config} for the template of the settings. Start at {@link
 * io.criubridge.hooks.install.Installation}.
 */
@NullMarked
package io.criubridge.hooks.install;

import org.jspecify.annotations.NullMarked;
