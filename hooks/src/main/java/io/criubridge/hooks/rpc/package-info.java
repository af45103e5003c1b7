// SPDX-License-Identifier: Apache-2.0
/**
 * Drives {@code criu swrk} over its protobuf RPC: carries out the plan, as the plugin does
 * otherwise, by putting it into the request, and answers CRIU's notifications with the handlers of
 * the phases. Entry: {@link io.criubridge.hooks.rpc.RpcDump}, {@link
 * io.criubridge.hooks.rpc.RpcRestore}. May use the phases, {@code core} and {@code criu-images}.
 */
@NullMarked
package io.criubridge.hooks.rpc;

import org.jspecify.annotations.NullMarked;
