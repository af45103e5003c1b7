/**
 * Which container a process is, and what its runtime wrote about it. Nothing here asks a runtime;
 * it reads the files they leave on the host, and believes one only if it names the very process.
 * Depends on {@code proc}. Start at {@link io.criubridge.core.container.BundleLookup}.
 */
@NullMarked
package io.criubridge.core.container;

import org.jspecify.annotations.NullMarked;
