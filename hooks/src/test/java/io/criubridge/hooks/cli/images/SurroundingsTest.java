// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.criubridge.fixtures.Fixtures;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the processes live in: namespaces, control groups, and dumps that this one builds on. */
class SurroundingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1", "4.2.1"})
  void namespaces_areTheContainersOrTheHosts(String version) {
    String set = Fixtures.images(version + "/container").toString();
    assertThat(Ran.images("x", set, "ns").lines())
        .anySatisfy(line -> assertThat(line).matches("network +10 +images +network +1 6 7"))
        .anySatisfy(line -> assertThat(line).matches("uts +12 +images +\\S+ +1 6 7"))
        .anySatisfy(line -> assertThat(line).matches("user +7 +criu's own +1 6 7"));
    JsonObject network = first(Ran.images("x", set, "ns", "--json"), "kind", "network");
    assertThat(network.get("externalKey").getAsString()).isEqualTo("network");
    assertThat(network.get("dumped").getAsBoolean()).isTrue();
    assertThat(network.getAsJsonArray("processes")).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1", "4.2.1"})
  void controlGroups_areMadeAndHaveTheirProcesses(String version) {
    String set = Fixtures.images(version + "/container").toString();
    assertThat(Ran.images("x", set, "cgroups").lines())
        .anySatisfy(line -> assertThat(line).matches("pids +/criu-bridge-\\d+ +made +1 6 7"))
        .anySatisfy(line -> assertThat(line).matches("\\(v2\\) +/criu-bridge-\\d+ +made +1 6 7"));
    JsonArray groups = Ran.images("x", set, "cgroups", "--json").json().getAsJsonArray();
    assertThat(groups)
        .hasSize(10)
        .allSatisfy(
            group -> assertThat(group.getAsJsonObject().getAsJsonArray("processes")).hasSize(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1", "4.2.1"})
  void increment_isShownWithWhatItBuildsOn(String version) {
    String set = Fixtures.images(version + "/incremental").toString();
    assertThat(Ran.images("x", set, "rss").lines().get(1)).matches("\\d+ .* 1\\d\\d KiB +0 B .*");
    String pid = Ran.images("x", set, "rss").lines().get(1).split(" +")[0];
    for (int round = 0; round < 3; round++) {
      String page = "private page " + (round == 0 ? 3 : round) + " of round " + round;
      assertThat(Ran.images("memory", set, pid, "--search", page).exit()).as(page).isZero();
    }
    assertThat(Ran.images("memory", set, pid, "--search", "private page 1 of round 0").exit())
        .isEqualTo(1);
    assertThat(Ran.images("x", set, "mems", "--json").out()).contains("\"inherited\": 98304");
  }

  private static JsonObject first(Ran ran, String key, String value) {
    return StreamSupport.stream(ran.json().getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(object -> object.get(key).getAsString().equals(value))
        .findFirst()
        .orElseThrow();
  }
}
