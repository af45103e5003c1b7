/** The phases of a restore. Start at {@link io.criubridge.hooks.restore.PlanRestore}. */
@NullMarked
package io.criubridge.hooks.restore;

import org.jspecify.annotations.NullMarked;
