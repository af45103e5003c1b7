/**
 * CRIU's image files: the framing and message of every type, and typed views of what a hook needs
 * to know of a checkpoint. Depends on protobuf only; the messages are generated from {@code
 * src/main/protobuf} into {@code io.criubridge.images.proto}. Start at {@link
 * io.criubridge.images.ImageSet} for a directory, at {@link io.criubridge.images.ImageReader} for
 * one file.
 */
@NullMarked
package io.criubridge.images;

import org.jspecify.annotations.NullMarked;
