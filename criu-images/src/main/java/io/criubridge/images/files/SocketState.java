// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import java.util.Arrays;
import java.util.Optional;

/**
 * The state of a connection. Unix sockets and those without connections use some of them too.
 * Source: include/net/tcp_states.h of Linux.
 */
public enum SocketState {
  /** Both sides may send. */
  ESTABLISHED(1),
  /** Has asked to connect. */
  SYN_SENT(2),
  /** Was asked to connect. */
  SYN_RECV(3),
  /** Has ended its side, not yet acknowledged. */
  FIN_WAIT1(4),
  /** Has ended its side. */
  FIN_WAIT2(5),
  /** Both sides have ended. */
  TIME_WAIT(6),
  /** Not connected. */
  CLOSE(7),
  /** The other side has ended. */
  CLOSE_WAIT(8),
  /** The other side has ended, and this one after it. */
  LAST_ACK(9),
  /** Waits for connections. */
  LISTEN(10),
  /** Both sides have ended at once. */
  CLOSING(11);

  private final int number;

  SocketState(int number) {
    this.number = number;
  }

  /** The kernel's number. */
  public int number() {
    return number;
  }

  /** The state of a number; none if the kernel has no such state. */
  public static Optional<SocketState> of(int number) {
    return Arrays.stream(values()).filter(state -> state.number == number).findFirst();
  }
}
