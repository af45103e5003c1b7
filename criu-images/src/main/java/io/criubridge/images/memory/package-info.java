/**
 * The memory of checkpointed processes: which areas there are, which of their pages the images
 * hold, and the bytes. Start at {@link io.criubridge.images.memory.ProcessMemory}. Depends on
 * {@code io.criubridge.images} and its {@code files}.
 */
@NullMarked
package io.criubridge.images.memory;

import org.jspecify.annotations.NullMarked;
