// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.criubridge.hooks.phase.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of one phase.
 *
 * @param phase which
 * @param result how it ended
 * @param reason why it failed; empty otherwise
 * @param startedAt when
 * @param duration how long it took
 * @param parts how long each of its parts took, in their order
 * @param peakBytes the most memory that the worker has held so far; 0 if unknown
 */
public record PhaseStatus(
    Phase phase,
    RunStatus.Result result,
    String reason,
    Instant startedAt,
    Duration duration,
    Map<String, Duration> parts,
    long peakBytes) {

  private static final double NANOS_PER_MILLI = 1e6;

  /** Copies the parts. */
  public PhaseStatus {
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  static PhaseStatus ofJson(Phase phase, JsonObject json) {
    Map<String, Duration> parts = new LinkedHashMap<>();
    if (json.has("parts")) {
      for (Map.Entry<String, JsonElement> part : json.getAsJsonObject("parts").entrySet()) {
        parts.put(part.getKey(), duration(part.getValue()));
      }
    }
    return new PhaseStatus(
        phase,
        RunStatus.result(json),
        RunStatus.reason(json),
        Instant.parse(json.get("startedAt").getAsString()),
        duration(json.get("milliseconds")),
        parts,
        json.has("peakBytes") ? json.get("peakBytes").getAsLong() : 0);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("phase", phase.action());
    json.addProperty("result", RunStatus.name(result));
    if (!reason.isEmpty()) {
      json.addProperty("reason", reason);
    }
    json.addProperty("startedAt", startedAt.toString());
    json.addProperty("milliseconds", milliseconds(duration));
    if (!parts.isEmpty()) {
      JsonObject each = new JsonObject();
      parts.forEach((name, part) -> each.addProperty(name, milliseconds(part)));
      json.add("parts", each);
    }
    if (peakBytes > 0) {
      json.addProperty("peakBytes", peakBytes);
    }
    return json;
  }

  private static double milliseconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLI;
  }

  private static Duration duration(JsonElement milliseconds) {
    return Duration.ofNanos(Math.round(milliseconds.getAsDouble() * NANOS_PER_MILLI));
  }
}
