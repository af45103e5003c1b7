// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.core.sys.PublishedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which PID each process of a checkpoint has since its restore, kept in {@code pids.json}.
 *
 * @param processes the processes, the root task first
 */
public record PidMap(List<Entry> processes) {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /**
   * A process.
   *
   * @param pid in the container's PID namespace, before and after
   * @param command its command name
   * @param dumpHostPid its host PID at dump
   * @param hostPid its host PID after the restore
   */
  public record Entry(int pid, String command, int dumpHostPid, int hostPid) {}

  /** Copies the list. */
  public PidMap {
    processes = List.copyOf(processes);
  }

  /** Publishes the map. */
  public void write(Path file) throws IOException {
    JsonArray entries = new JsonArray();
    for (Entry process : processes) {
      JsonObject entry = new JsonObject();
      entry.addProperty("pid", process.pid());
      entry.addProperty("command", process.command());
      entry.addProperty("dumpHostPid", process.dumpHostPid());
      entry.addProperty("hostPid", process.hostPid());
      entries.add(entry);
    }
    JsonObject document = new JsonObject();
    document.add("processes", entries);
    PublishedFile.write(file, (GSON.toJson(document) + "\n").getBytes(UTF_8), 0600);
  }

  /**
   * Reads the map.
   *
   * @return empty if there is none
   * @throws IOException naming the file, if it is something else
   */
  public static Optional<PidMap> find(Path file) throws IOException {
    try {
      List<Entry> processes = new ArrayList<>();
      JsonObject document = JsonParser.parseString(Files.readString(file, UTF_8)).getAsJsonObject();
      for (JsonElement element : document.getAsJsonArray("processes")) {
        JsonObject entry = element.getAsJsonObject();
        processes.add(
            new Entry(
                entry.get("pid").getAsInt(),
                entry.get("command").getAsString(),
                entry.get("dumpHostPid").getAsInt(),
                entry.get("hostPid").getAsInt()));
      }
      return Optional.of(new PidMap(processes));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      // The library answers JSON of another shape with half a dozen of these.
      throw new IOException(file + ": not a PID map of criu-bridge: " + e, e);
    }
  }
}
