// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import java.util.Arrays;
import java.util.Optional;

/** What a process was doing when it was dumped. Source: compel/include/uapi/task-state.h. */
public enum TaskState {
  /** Running or asleep. */
  ALIVE(1),
  /** Ended, its exit code not yet collected. */
  DEAD(2),
  /** Stopped by a signal. */
  STOPPED(3),
  /** Ended; the name CRIU has for it while it dumps. */
  ZOMBIE(6);

  private final int number;

  TaskState(int number) {
    this.number = number;
  }

  static Optional<TaskState> of(int number) {
    return Arrays.stream(values()).filter(state -> state.number == number).findFirst();
  }
}
