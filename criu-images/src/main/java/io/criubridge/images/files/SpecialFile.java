// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.fd_types;

/**
 * Any other kind of file.
 *
 * @param detail what tells it from others of its kind, for people
 */
public record SpecialFile(long id, fd_types kind, ByteString detail) implements OpenFile {}
