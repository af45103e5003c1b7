// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.phase;

import java.util.Arrays;
import java.util.Optional;

/**
 * A moment of a CRIU run at which criu-bridge has work to do. Source: {@code
 * criu/action-scripts.c}; {@link #PLAN_RESTORE} is the plugin's own, and {@link #ABORT} the
 * launcher's.
 */
public enum Phase {
  /** Tasks still run, the image directory is empty. */
  PRE_DUMP("pre-dump", Operation.DUMP),
  /** Tasks are frozen, nothing is dumped yet; not in a dump without a network namespace. */
  NETWORK_LOCK("network-lock", Operation.DUMP),
  /** Tasks are frozen, the images are complete but for stats-dump. */
  POST_DUMP("post-dump", Operation.DUMP),
  /** Before CRIU has read the images. */
  PLAN_RESTORE("plan-restore", Operation.RESTORE),
  /** Before the first process exists. */
  PRE_RESTORE("pre-restore", Operation.RESTORE),
  /** All processes exist and do not run yet. */
  POST_RESTORE("post-restore", Operation.RESTORE),
  /** The processes run; the image directory is closed and a failure changes nothing. */
  POST_RESUME("post-resume", Operation.RESTORE),
  /** A worker hung and was killed: remove what it left behind. */
  ABORT("abort", Operation.EITHER);

  /** What CRIU is doing. */
  public enum Operation {
    /** {@code criu dump}. */
    DUMP,
    /** {@code criu restore}. */
    RESTORE,
    /** Not known from the phase alone. */
    EITHER
  }

  private final String action;
  private final Operation operation;

  Phase(String action, Operation operation) {
    this.action = action;
    this.operation = operation;
  }

  /** The value of {@code CRTOOLS_SCRIPT_ACTION}. */
  public String action() {
    return action;
  }

  /** What CRIU is doing when this phase comes. */
  public Operation operation() {
    return operation;
  }

  /** Whether CRIU waits for the phase's end; else the launcher only passes on that it has come. */
  public boolean isAwaited() {
    return this != NETWORK_LOCK;
  }

  /** Whether a run may begin with this phase. */
  public boolean isFirst() {
    return this == PRE_DUMP || this == PLAN_RESTORE || this == PRE_RESTORE;
  }

  /** Finds the phase of an action's name; empty for those that need no work. */
  public static Optional<Phase> ofAction(String action) {
    return Arrays.stream(values()).filter(phase -> phase.action.equals(action)).findFirst();
  }

  @Override
  public String toString() {
    return action;
  }
}
