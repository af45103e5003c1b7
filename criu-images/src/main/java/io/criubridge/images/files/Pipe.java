// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.fd_types;
import java.util.Optional;

/**
 * An end of a pipe, with or without a name. Source: images/pipe.proto, images/fifo.proto.
 *
 * @param kind {@code PIPE} or {@code FIFO}
 * @param pipeId the pipe, the same for all its ends
 * @param path where a fifo is
 */
public record Pipe(long id, fd_types kind, long pipeId, Optional<ByteString> path)
    implements OpenFile {}
