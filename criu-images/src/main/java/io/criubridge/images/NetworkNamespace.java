// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.ByteString;
import java.util.Optional;

/**
 * A dumped network namespace. Source: images/netdev.proto, netns_entry.
 *
 * @param id the namespace's number, as in {@link KernelObjectIds#networkNamespace()}
 * @param externalKey the name under which the namespace has to be given to CRIU at restore; none if
 *     CRIU makes it itself
 */
public record NetworkNamespace(long id, Optional<ByteString> externalKey) {}
