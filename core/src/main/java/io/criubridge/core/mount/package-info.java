/**
 * Decides which mounts of a container CRIU can dump by itself and which belong to the host. There
 * are two policies: {@link io.criubridge.core.mount.MinimalMountPolicy} for a restore where nothing
 * has been prepared, and {@link io.criubridge.core.mount.PlaceholderMountPolicy}, after {@link
 * io.criubridge.core.mount.MountClassifier}, for one into a container that somebody has prepared.
 * The policies are pure. Depends on sys, proc and, for the OCI spec, container.
 */
@NullMarked
package io.criubridge.core.mount;

import org.jspecify.annotations.NullMarked;
