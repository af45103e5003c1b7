/**
 * What the plugin is to tell CRIU. Depends on nothing. Start at {@link
 * io.criubridge.hooks.plan.Plan}.
 */
@NullMarked
package io.criubridge.hooks.plan;

import org.jspecify.annotations.NullMarked;
