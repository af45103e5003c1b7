// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What happened in a run, kept in {@code bridge-status.json}: one object for the dump, one for the
 * last restore.
 *
 * @param operation dump or restore
 * @param result how it stands
 * @param reason why it failed; empty otherwise
 * @param phases the phases so far
 */
public record RunStatus(
    Phase.Operation operation, Result result, String reason, List<PhaseStatus> phases) {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** How a run stands. */
  public enum Result {
    /** Not finished, or its worker was killed. */
    RUNNING,
    /** All went well. */
    COMPLETE,
    /** It failed. */
    FAILED
  }

  /** Copies the list. */
  public RunStatus {
    phases = List.copyOf(phases);
  }

  /** A run of which nothing is known yet. */
  public static RunStatus started(Phase.Operation operation) {
    return new RunStatus(operation, Result.RUNNING, "", List.of());
  }

  /**
   * How the run stood before a phase: nothing is known before its first one, and before a later
   * one, which a JVM does that has not done the others, what the file tells.
   *
   * @throws IOException naming the file, if it is not a status file
   */
  static RunStatus before(Phase phase, Phase.Operation operation, Path file) throws IOException {
    return phase.isFirst()
        ? started(operation)
        : find(operation, file).orElseGet(() -> started(operation));
  }

  /**
   * Reads how the last run of an operation stands.
   *
   * @param file the status file
   * @return empty if there is no file, or nothing of the operation in it
   * @throws IOException naming the file, if it is not a status file
   */
  public static Optional<RunStatus> find(Phase.Operation operation, Path file) throws IOException {
    try {
      JsonObject json = read(file).getAsJsonObject(name(operation));
      return json == null ? Optional.empty() : Optional.of(ofJson(operation, json));
    } catch (RuntimeException e) {
      // The library answers JSON of another shape with half a dozen of these.
      throw new IOException(file + ": not the status file of criu-bridge: " + e, e);
    }
  }

  private static RunStatus ofJson(Phase.Operation operation, JsonObject json) {
    List<PhaseStatus> phases = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("phases")) {
      JsonObject entry = element.getAsJsonObject();
      Optional<Phase> phase = Phase.ofAction(entry.get("phase").getAsString());
      phase.ifPresent(p -> phases.add(PhaseStatus.ofJson(p, entry)));
    }
    return new RunStatus(operation, result(json), reason(json), phases);
  }

  static Result result(JsonObject json) {
    return Result.valueOf(json.get("result").getAsString().toUpperCase(Locale.ROOT));
  }

  static String reason(JsonObject json) {
    return json.has("reason") ? json.get("reason").getAsString() : "";
  }

  /** This status with one more phase; a phase that failed makes the run a failed one. */
  public RunStatus with(PhaseStatus phase) {
    List<PhaseStatus> all = new ArrayList<>(phases);
    all.add(phase);
    RunStatus next = new RunStatus(operation, result, reason, all);
    return phase.result() == Result.FAILED
        ? next.ended(Result.FAILED, phase.phase() + ": " + phase.reason())
        : next;
  }

  /** This status with its end. */
  public RunStatus ended(Result end, String why) {
    return new RunStatus(operation, end, why, phases);
  }

  /** Whether a phase has come. */
  public boolean has(Phase phase) {
    return phases.stream().anyMatch(status -> status.phase() == phase);
  }

  /** Whether this run has taken the directory over: an earlier checkpoint there is no more. */
  boolean hasTakenOver() {
    return has(Phase.POST_DUMP)
        || phases.stream()
            .filter(status -> status.phase() == Phase.PRE_DUMP)
            .anyMatch(status -> status.result() == Result.COMPLETE);
  }

  /** Whether this is a restore whose last phase has come. */
  public boolean isRestoreOver() {
    return operation == Phase.Operation.RESTORE && has(Phase.POST_RESUME);
  }

  /**
   * Writes the status into its file, beside what is there of the other operation. A file that is
   * damaged is replaced.
   *
   * @throws IOException naming the file
   */
  public void write(Path file) throws IOException {
    JsonObject document;
    try {
      document = read(file);
    } catch (JsonParseException | IllegalStateException e) {
      document = new JsonObject();
    }
    document.add(name(operation), toJson());
    PublishedFile.replace(file, (GSON.toJson(document) + "\n").getBytes(UTF_8), 0600);
  }

  /**
   * Tells why a directory with a manifest is no checkpoint all the same: its dump is known to have
   * failed, and the manifest could not be removed. A status that is damaged says nothing.
   *
   * @param file the status file
   */
  public static Optional<String> reasonOfWithdrawal(Path file) {
    try {
      return find(Phase.Operation.DUMP, file)
          .filter(dump -> dump.result() == Result.FAILED)
          .map(RunStatus::reason);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Tells why the dump in a directory failed.
   *
   * @param file the status file
   * @return empty if there is no status, or the dump is complete
   * @throws IOException naming the file, if it is not a status file
   */
  public static Optional<String> reasonOfFailedDump(Path file) throws IOException {
    return find(Phase.Operation.DUMP, file)
        .filter(dump -> dump.result() != Result.COMPLETE)
        .map(dump -> dump.reason().isEmpty() ? "it did not come to its end" : dump.reason());
  }

  private JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("result", name(result));
    if (!reason.isEmpty()) {
      json.addProperty("reason", reason);
    }
    JsonArray list = new JsonArray();
    for (PhaseStatus phase : phases) {
      list.add(phase.toJson());
    }
    json.add("phases", list);
    return json;
  }

  private static JsonObject read(Path file) throws IOException {
    try {
      // Not readString(), whose answer to bytes that are no text does not name the file.
      String text = new String(Files.readAllBytes(file), UTF_8);
      return JsonParser.parseString(text).getAsJsonObject();
    } catch (NoSuchFileException e) {
      return new JsonObject();
    }
  }

  static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
