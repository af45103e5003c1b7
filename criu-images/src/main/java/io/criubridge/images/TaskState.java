// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

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

  /** Whether the process has only an exit code left. */
  public boolean hasEnded() {
    return switch (this) {
      case ALIVE, STOPPED -> false;
      case DEAD, ZOMBIE -> true;
    };
  }

  static Optional<TaskState> of(int number) {
    for (TaskState state : values()) {
      if (state.number == number) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
