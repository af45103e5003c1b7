/**
 * Which container a process is, and which process a container is. Runtimes leave files on the host:
 * start at {@link io.criubridge.core.container.BundleLookup}, which asks nobody and believes a file
 * only if it names the very process. Where they do not suffice, {@link
 * io.criubridge.core.container.ContainerRuntime} asks containerd or CRI-O. Depends on {@code proc}.
 */
@NullMarked
package io.criubridge.core.container;

import org.jspecify.annotations.NullMarked;
