// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.inspect;

import com.google.gson.JsonElement;
import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.cli.images.Json;
import io.criubridge.hooks.cli.images.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the checkpoint is whole: every checksum of its manifest, and whether its dump failed. */
final class Checks implements Part {

  private record Check(String name, Optional<String> problem) {}

  private final List<Check> checks = new ArrayList<>();

  private Checks() {}

  static Checks of(CheckpointLayout layout, CheckpointManifest manifest) throws IOException {
    Checks checks = new Checks();
    for (Artefact artefact : manifest.artefacts()) {
      checks.add(artefact.name(), () -> artefact.verify(layout.directory()));
    }
    if (manifest.artefact(CheckpointLayout.STALE_MEMBERS).isEmpty()) {
      checks.add("no " + CheckpointLayout.STALE_MEMBERS, () -> manifest.requireNoStrangers(layout));
    }
    checks.checks.add(
        new Check("the dump succeeded", RunStatus.reasonOfWithdrawal(layout.status())));
    return checks;
  }

  @FunctionalInterface
  private interface Proof {
    void run() throws IOException;
  }

  private void add(String name, Proof proof) throws IOException {
    try {
      proof.run();
      checks.add(new Check(name, Optional.empty()));
    } catch (ManifestException e) {
      checks.add(new Check(name, Optional.of(String.valueOf(e.getMessage()))));
    }
  }

  boolean allHold() {
    return checks.stream().allMatch(check -> check.problem().isEmpty());
  }

  @Override
  public void print(Output output) {
    for (Check check : checks) {
      String result = check.problem().map(PathText::printable).orElse("ok");
      output.line("%-26s %s".formatted(PathText.printable(check.name()), result));
    }
  }

  @Override
  public JsonElement json() {
    return Json.of(
        checks.stream()
            .map(
                check ->
                    Json.object()
                        .with("name", check.name())
                        .with("ok", check.problem().isEmpty())
                        .with("problem", check.problem()))
            .toList());
  }
}
