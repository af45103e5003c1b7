// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseDispatcher;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.RunOfThisProcess;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhaseThreadTest {

  @TempDir private Path temp;

  private static void hang() throws IOException {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before it was on disk", e);
    }
  }

  @Test
  void begin_nobodyWaits_andTheNextPhaseComesAfter() throws IOException {
    RunOfThisProcess run = RunOfThisProcess.in(temp.toRealPath());
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch mayEnd = new CountDownLatch(1);
    PhaseHandler slow =
        (context, report) -> {
          await(mayEnd);
          order.add("network-lock");
        };
    PhaseDispatcher dispatcher =
        new PhaseDispatcher(
            run.directory(),
            Map.of(
                Phase.NETWORK_LOCK,
                slow,
                Phase.POST_DUMP,
                (context, report) -> order.add("post-dump")));
    try (Interruption interruption = Interruption.watch(notice -> {});
        PhaseThread phases = new PhaseThread(dispatcher, interruption, line -> {})) {
      phases.begin(context(run, "network-lock"));
      assertThat(order).isEmpty();
      mayEnd.countDown();
      assertThat(phases.run(context(run, "post-dump"))).hasValue(0);
    }
    assertThat(order).containsExactly("network-lock", "post-dump");
  }

  @Test
  void close_phaseForWhichNobodyWaits_isInterruptedAtOnce() throws IOException {
    RunOfThisProcess run = RunOfThisProcess.in(temp.toRealPath());
    CountDownLatch started = new CountDownLatch(1);
    PhaseHandler hanging =
        (context, report) -> {
          started.countDown();
          hang();
        };
    PhaseDispatcher dispatcher =
        new PhaseDispatcher(run.directory(), Map.of(Phase.NETWORK_LOCK, hanging));
    try (Interruption interruption = Interruption.watch(notice -> {});
        PhaseThread phases = new PhaseThread(dispatcher, interruption, line -> {})) {
      phases.begin(context(run, "network-lock"));
      await(started);
    }
    assertThat(dispatcher.status())
        .map(RunStatus::reason)
        .hasValue("network-lock: interrupted before it was on disk");
  }

  private PhaseContext context(RunOfThisProcess run, String phase) throws IOException {
    Map<String, String> environment = run.environment(phase);
    environment.put("CRIU_BRIDGE_CONFIG", temp.resolve("none").toString());
    return PhaseContext.of(environment, run.directory(), Optional.empty());
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void close_phaseBeyondItsDeadline_isInterruptedAndItsFailureWritten() throws IOException {
    RunOfThisProcess run = RunOfThisProcess.in(temp.toRealPath());
    Map<String, String> environment = run.environment("post-dump");
    environment.put("CRIU_BRIDGE_DEADLINE", "post-dump=1");
    environment.put("CRIU_BRIDGE_CONFIG", temp.resolve("none").toString());
    PhaseHandler hanging = (context, report) -> hang();
    PhaseDispatcher dispatcher =
        new PhaseDispatcher(run.directory(), Map.of(Phase.POST_DUMP, hanging));
    PhaseContext context = PhaseContext.of(environment, run.directory(), Optional.empty());
    try (Interruption interruption = Interruption.watch(notice -> {});
        PhaseThread phases = new PhaseThread(dispatcher, interruption, line -> {})) {
      assertThatExceptionOfType(PhaseFailure.class)
          .isThrownBy(() -> phases.run(context))
          .withMessage(
              "post-dump did not end within its deadline of 1 s; the setting is deadline,"
                  + " post-dump");
    }
    String reason = "post-dump: interrupted before it was on disk";
    assertThat(dispatcher.status()).map(RunStatus::reason).hasValue(reason);
    assertThat(RunStatus.reasonOfFailedDump(new CheckpointLayout(run.images()).status()))
        .hasValue(reason);
  }
}
