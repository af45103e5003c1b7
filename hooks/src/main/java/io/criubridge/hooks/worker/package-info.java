/**
 * The JVM's life: started by the launcher, one per CRIU run. Start at {@link
 * io.criubridge.hooks.worker.Main}.
 */
@NullMarked
package io.criubridge.hooks.worker;

import org.jspecify.annotations.NullMarked;
