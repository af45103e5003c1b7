/**
 * {@code criu-bridge rootfs}: captures, applies and shows what a container changed in its files.
 * Start at {@link io.criubridge.hooks.cli.rootfs.Rootfs}.
 */
@NullMarked
package io.criubridge.hooks.cli.rootfs;

import org.jspecify.annotations.NullMarked;
