/** Tests of the launcher and the plugin, the native programs. Start at {@link StubWorker}. */
@NullMarked
package io.criubridge.hooks.launcher;

import org.jspecify.annotations.NullMarked;
