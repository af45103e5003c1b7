/**
 * Decides which mounts of a container CRIU can dump by itself and which belong to the host. Pure:
 * reads nothing. Depends on sys and proc. Start at {@link
 * io.criubridge.core.mount.MinimalMountPolicy}.
 */
@NullMarked
package io.criubridge.core.mount;

import org.jspecify.annotations.NullMarked;
