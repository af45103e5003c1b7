/**
 * The moments of a CRIU run at which there is work to do. Depends on nothing. Start at {@link
 * io.criubridge.hooks.phase.Phase}.
 */
@NullMarked
package io.criubridge.hooks.phase;

import org.jspecify.annotations.NullMarked;
