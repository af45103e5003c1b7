// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.Message;

/**
 * One message of an image.
 *
 * @param offset of the entry's size field, in bytes from the file's beginning
 * @param message the message, with all fields this version does not know
 */
public record ImageEntry(long offset, Message message) {}
