// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.time.Duration;

/**
 * How long a runtime may keep its caller waiting.
 *
 * @param connect until the server speaks HTTP/2
 * @param call from then on until one call is answered
 */
public record RpcDeadlines(Duration connect, Duration call) {

  /** 2 s to connect, 10 s for a call. */
  public static final RpcDeadlines DEFAULT =
      new RpcDeadlines(Duration.ofSeconds(2), Duration.ofSeconds(10));

  /** Refuses what would never let a call succeed. */
  public RpcDeadlines {
    if (!isPositive(connect) || !isPositive(call)) {
      throw new IllegalArgumentException(
          "deadlines must be longer than nothing: connect " + connect + ", call " + call);
    }
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isZero() && !duration.isNegative();
  }
}
