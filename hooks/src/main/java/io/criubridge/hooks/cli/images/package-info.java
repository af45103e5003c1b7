// SPDX-License-Identifier: Apache-2.0
/**
 * {@code criu-bridge images}: looks into CRIU's images and turns them into JSON and back. Start at
 * {@link io.criubridge.hooks.cli.images.Images}.
 */
@NullMarked
package io.criubridge.hooks.cli.images;

import org.jspecify.annotations.NullMarked;
