/**
 * The file system changes of a container as an archive, both ways, and the files it deleted.
 * Depends on {@code core.sys}. Start at {@link io.criubridge.core.rootfs.RootfsDiff}.
 */
@NullMarked
package io.criubridge.core.rootfs;

import org.jspecify.annotations.NullMarked;
