/** The phases of a dump. Start at {@link io.criubridge.hooks.dump.PreDump}. */
@NullMarked
package io.criubridge.hooks.dump;

import org.jspecify.annotations.NullMarked;
