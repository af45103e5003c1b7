// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

/**
 * What applying an archive came to.
 *
 * @param entries members put in place
 * @param kept members left out for what was there, see {@link Existing#KEEP}
 * @param hidden members left out as they were under mounts, see {@link MountedPlaces}
 */
public record Applied(long entries, long kept, long hidden) {}
