// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.images.proto.criu_notify;
import io.criubridge.images.proto.criu_req;
import io.criubridge.images.proto.criu_req_type;
import io.criubridge.images.proto.criu_resp;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * What is said once CRIU has its request: it notifies, waits for an answer each time, and answers
 * the request at last.
 */
final class Conversation {

  /**
   * CRIU goes on whatever the answer is, or once it has been answered well. Source: {@code
   * criu/action-scripts.c} and its callers.
   */
  private static final Set<String> NO_RETURN_BEFORE =
      Set.of("network-unlock", "pre-resume", "post-resume");

  private static final Set<String> NO_RETURN_AFTER = Set.of("post-dump");

  private final SwrkProcess process;
  private final Interruption interruption;
  private boolean answered;

  /**
   * Begins with the request said.
   *
   * @param process with which to converse
   * @param interruption when the user has the run given up
   */
  Conversation(SwrkProcess process, Interruption interruption) {
    this.process = process;
    this.interruption = interruption;
  }

  /** What is to happen when CRIU notifies. */
  @FunctionalInterface
  interface Notified {
    void by(criu_notify notify) throws IOException;
  }

  /**
   * How it ended.
   *
   * @param answer CRIU's; empty if it has ended without
   * @param failure why a notification was answered badly
   */
  record End(Optional<criu_resp> answer, Optional<IOException> failure) {

    boolean isSuccess() {
      return answer.map(criu_resp::getSuccess).orElse(false);
    }

    /** CRIU's own words for what is wrong. */
    String error() {
      return answer.map(criu_resp::getCrErrmsg).orElse("");
    }
  }

  /**
   * Answers CRIU's notifications until it has done what it was asked. After one that fails it is
   * heard to its end too, which is when the tasks run again and their network is open.
   */
  End hold(Notified notified) throws IOException {
    Optional<IOException> failure = Optional.empty();
    interruption.whenSlow(this::hurry);
    while (true) {
      Optional<criu_resp> message = process.receive();
      if (message.isEmpty() || message.get().getType() != criu_req_type.NOTIFY) {
        boolean givenUp = message.isEmpty() && interruption.isAsked();
        return new End(message, givenUp ? Optional.of(new InterruptedRun()) : failure);
      }
      boolean done = true;
      if (failure.isEmpty()) {
        failure = failureOf(message.get().getNotify(), notified);
        done = failure.isEmpty();
      }
      answer(done);
    }
  }

  /**
   * What is to be done if CRIU does not come to its next notification soon. It looks at nothing
   * else meanwhile, so it can only be killed. Until its first notification is answered it has
   * touched nothing. Later the tasks are frozen and their network is locked, or they are restored
   * in part, and CRIU alone can undo that: whether it works or hangs is for a person to say.
   *
   * @return what to tell that person
   */
  private synchronized Optional<String> hurry() throws IOException {
    if (!process.isRunning()) {
      return Optional.empty();
    }
    if (!answered) {
      process.kill();
      return Optional.of("criu has touched nothing yet and was killed");
    }
    return Optional.of(
        "criu (pid "
            + process.criu().pid()
            + ") is busy and gives up when it is done with that; killed, it would leave processes"
            + " frozen and their network locked");
  }

  private Optional<IOException> failureOf(criu_notify notify, Notified notified) {
    try {
      if (NO_RETURN_BEFORE.contains(notify.getScript())) {
        interruption.tooLate();
      }
      interruption.requireNone();
      notified.by(notify);
      interruption.requireNone();
      if (NO_RETURN_AFTER.contains(notify.getScript())) {
        interruption.tooLate();
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }

  private synchronized void answer(boolean success) {
    answered = true;
    try {
      process.send(
          criu_req.newBuilder().setType(criu_req_type.NOTIFY).setNotifySuccess(success).build());
    } catch (IOException e) {
      // CRIU has ended, which is heard next.
      return;
    }
  }
}
