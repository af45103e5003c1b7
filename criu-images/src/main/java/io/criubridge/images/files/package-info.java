/**
 * The open files of a checkpoint: regular files, pipes, sockets, and the rest, and which process
 * has them. Start at {@link io.criubridge.images.files.OpenFiles}. Depends on {@code
 * io.criubridge.images}.
 */
@NullMarked
package io.criubridge.images.files;

import org.jspecify.annotations.NullMarked;
