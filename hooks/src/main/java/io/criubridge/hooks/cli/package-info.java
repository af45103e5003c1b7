/**
 * The command line for people; nothing else uses picocli. Start at {@link
 * io.criubridge.hooks.cli.Main}.
 */
@NullMarked
package io.criubridge.hooks.cli;

import org.jspecify.annotations.NullMarked;
