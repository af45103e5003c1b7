// SPDX-License-Identifier: Apache-2.0
/**
 * Changes to a checkpoint for its restore elsewhere, always written into a directory of its own.
 * Start at {@link io.criubridge.images.edit.ImageEdit}. Depends on {@code io.criubridge.images} and
 * its {@code files}.
 */
@NullMarked
package io.criubridge.images.edit;

import org.jspecify.annotations.NullMarked;
