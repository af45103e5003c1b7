/**
 * What CRIU says ({@link io.criubridge.hooks.PhaseContext}), and the way from there to the handler
 * of a phase ({@link io.criubridge.hooks.PhaseDispatcher}). Depends on core and criu-images.
 */
@NullMarked
package io.criubridge.hooks;

import org.jspecify.annotations.NullMarked;
