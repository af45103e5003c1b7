/**
 * The settings of a run: files, then environment. Start at {@link
 * io.criubridge.hooks.config.ConfigurationReader}.
 */
@NullMarked
package io.criubridge.hooks.config;

import org.jspecify.annotations.NullMarked;
