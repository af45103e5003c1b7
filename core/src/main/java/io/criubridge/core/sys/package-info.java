/**
 * The only place that calls the kernel natively. Depends on nothing else of this project. Start at
 * {@link io.criubridge.core.sys.ScopedRoot}.
 */
@NullMarked
package io.criubridge.core.sys;

import org.jspecify.annotations.NullMarked;
