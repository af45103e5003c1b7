// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.rootfs.MountedPlaces;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Publication;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What makes a directory of CRIU images a checkpoint: who was dumped, what belongs to it, and what
 * a restore needs. {@code manifest.yaml} has the keys of the Go snapshot agent's manifest, so that
 * its tools read it, and ours under {@code criuBridge}.
 *
 * @param checkpointId unique among checkpoints
 * @param createdAt when the dump was complete
 * @param machine what it was made on
 * @param container who was dumped
 * @param exclusions paths that the rootfs diff left out
 * @param mounts every mount of the container but its root
 * @param streams standard streams on files of the host
 * @param network an external network namespace
 * @param processes every process
 * @param artefacts our files in the directory, but for the manifest itself
 */
public record CheckpointManifest(
    String checkpointId,
    Instant createdAt,
    Machine machine,
    ContainerRecord container,
    List<BytePath> exclusions,
    List<MountRecord> mounts,
    List<StreamRecord> streams,
    Optional<NetworkRecord> network,
    List<ProcessRecord> processes,
    List<Artefact> artefacts) {

  /** The version of what is under {@code criuBridge}. */
  public static final int FORMAT_VERSION = 1;

  /** Copies the lists. */
  public CheckpointManifest {
    exclusions = List.copyOf(exclusions);
    mounts = List.copyOf(mounts);
    streams = List.copyOf(streams);
    processes = List.copyOf(processes);
    artefacts = List.copyOf(artefacts);
  }

  /** Finds an artefact by its file name. */
  public Optional<Artefact> artefact(String name) {
    return artefacts.stream().filter(artefact -> artefact.name().equals(name)).findFirst();
  }

  /**
   * Proves that the artefacts in the directory are those described, and that none is there that
   * only seems to be one.
   *
   * @throws ManifestException naming the file
   */
  public void verify(CheckpointLayout layout) throws IOException {
    for (Artefact artefact : artefacts) {
      artefact.verify(layout.directory());
    }
    requireNoStrangers(layout);
  }

  /**
   * Proves that no list of stale members is there which the manifest does not vouch for: it would
   * leave out some of the files.
   *
   * @throws ManifestException naming the list
   */
  public void requireNoStrangers(CheckpointLayout layout) throws ManifestException {
    if (artefact(CheckpointLayout.STALE_MEMBERS).isEmpty()
        && Files.exists(layout.staleMembers(), LinkOption.NOFOLLOW_LINKS)) {
      throw new ManifestException(
          layout.staleMembers() + " is no part of the checkpoint by its manifest; remove it");
    }
  }

  /**
   * Publishes the manifest; from then on the directory is a checkpoint.
   *
   * @throws IOException naming the file, if it cannot be written
   */
  public void publish(CheckpointLayout layout) throws IOException {
    PublishedFile.write(layout.manifest(), toYaml().getBytes(UTF_8), 0600);
  }

  /** Has the manifest published together with the artefacts that it names, and after them. */
  public void addTo(Publication publication) throws IOException {
    publication.add(CheckpointLayout.MANIFEST, toYaml().getBytes(UTF_8), 0600);
  }

  /**
   * Reads the manifest of a checkpoint; the artefacts are not looked at.
   *
   * @throws ManifestException if there is none, or it is damaged or of a later version
   */
  public static CheckpointManifest read(CheckpointLayout layout) throws IOException {
    try {
      return ofYaml(layout.manifest().toString(), SmallFile.text(layout.manifest()));
    } catch (NoSuchFileException e) {
      throw new ManifestException(
          layout.manifest() + ": missing: this directory is not a complete checkpoint", e);
    }
  }

  /**
   * The same checkpoint with other keys of external mounts in its images.
   *
   * @param keys new ones by old ones
   */
  public CheckpointManifest withMountKeys(Map<String, String> keys) {
    return with(mounts.stream().map(mount -> mount.withKey(keys)).toList(), artefacts);
  }

  /** Where the container had mounts. */
  public MountedPlaces mountedPlaces() {
    return MountedPlaces.of(mounts.stream().map(MountRecord::mountPoint).toList());
  }

  /** The same checkpoint with other files. */
  public CheckpointManifest withArtefacts(List<Artefact> others) {
    return with(mounts, others);
  }

  private CheckpointManifest with(List<MountRecord> otherMounts, List<Artefact> otherArtefacts) {
    return new CheckpointManifest(
        checkpointId,
        createdAt,
        machine,
        container,
        exclusions,
        otherMounts,
        streams,
        network,
        processes,
        otherArtefacts);
  }

  /** The manifest's text. */
  public String toYaml() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("checkpointId", checkpointId);
    document.put("createdAt", createdAt.toString());
    document.put("criuDump", criuDump());
    document.put("k8s", Map.of("containerId", container.id(), "pid", container.hostPid()));
    document.put("overlay", overlay());
    document.put("criuBridge", criuBridge());
    return ManifestYaml.write(document);
  }

  private Map<String, Object> criuDump() {
    Map<String, Object> externalMounts = new TreeMap<>();
    List<String> skipped = new ArrayList<>();
    for (MountRecord mount : mounts) {
      switch (mount.handling()) {
        case EXTERNAL -> externalMounts.put(mount.mountPoint().text(), mount.key().orElseThrow());
        case SKIPPED -> skipped.add(mount.mountPoint().text());
        case NATIVE, CALLER -> {}
      }
    }
    Map<String, Object> criuDump = new LinkedHashMap<>();
    criuDump.put("extMnt", externalMounts);
    network.ifPresent(
        net -> criuDump.put("external", List.of("net[" + net.inode() + "]:" + net.name())));
    criuDump.put("skipMnt", skipped);
    return criuDump;
  }

  private Map<String, Object> overlay() {
    Map<String, Object> overlay = new LinkedHashMap<>();
    overlay.put(
        "exclusions", Map.of("exclusions", exclusions.stream().map(BytePath::text).toList()));
    container.upperDirectory().ifPresent(upper -> overlay.put("upperDir", upper));
    return overlay;
  }

  private Map<String, Object> criuBridge() {
    Map<String, Object> bridge = new LinkedHashMap<>();
    bridge.put("formatVersion", FORMAT_VERSION);
    bridge.put("machine", machine.toYaml());
    bridge.put("container", container.toYaml());
    bridge.put("exclusions", exclusions.stream().map(BytePath::text).toList());
    bridge.put("mounts", mounts.stream().map(MountRecord::toYaml).toList());
    bridge.put("streams", streams.stream().map(StreamRecord::toYaml).toList());
    network.ifPresent(net -> bridge.put("network", net.toYaml()));
    bridge.put("processes", processes.stream().map(ProcessRecord::toYaml).toList());
    bridge.put("artefacts", artefacts.stream().map(CheckpointManifest::artefactYaml).toList());
    return bridge;
  }

  private static Map<String, Object> artefactYaml(Artefact artefact) {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("name", artefact.name());
    yaml.put("size", artefact.sizeBytes());
    yaml.put("sha256", artefact.sha256());
    return yaml;
  }

  /**
   * Reads a manifest's text.
   *
   * @param place the file's name, for messages
   */
  static CheckpointManifest ofYaml(String place, String text) throws ManifestException {
    ManifestNode document = ManifestYaml.read(place, text);
    String id = document.text("checkpointId");
    if (id.isBlank()) {
      throw new ManifestException(place + ".checkpointId: is blank");
    }
    ManifestNode bridge = document.map("criuBridge");
    long version = bridge.number("formatVersion");
    if (version != FORMAT_VERSION) {
      throw new ManifestException(
          bridge.place()
              + ".formatVersion: is "
              + version
              + ", this criu-bridge reads "
              + FORMAT_VERSION);
    }
    Optional<ManifestNode> network = bridge.optionalMap("network");
    return new CheckpointManifest(
        id,
        instant(document),
        Machine.ofYaml(bridge.map("machine")),
        ContainerRecord.ofYaml(bridge.map("container")),
        exclusions(bridge),
        bridge.each("mounts", MountRecord::ofYaml),
        bridge.each("streams", StreamRecord::ofYaml),
        network.isEmpty() ? Optional.empty() : Optional.of(NetworkRecord.ofYaml(network.get())),
        bridge.each("processes", ProcessRecord::ofYaml),
        bridge.each("artefacts", CheckpointManifest::artefact));
  }

  private static Instant instant(ManifestNode document) throws ManifestException {
    String text = document.text("createdAt");
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new ManifestException(
          document.place() + ".createdAt: '" + text + "' is not a time of RFC 3339", e);
    }
  }

  private static List<BytePath> exclusions(ManifestNode bridge) throws ManifestException {
    try {
      return bridge.texts("exclusions").stream().map(BytePath::of).toList();
    } catch (IllegalArgumentException e) {
      throw new ManifestException(bridge.place() + ".exclusions: " + e.getMessage(), e);
    }
  }

  private static Artefact artefact(ManifestNode node) throws ManifestException {
    String name = node.text("name");
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      throw new ManifestException(node.place() + ".name: '" + name + "' is not a file name");
    }
    return new Artefact(name, node.number("size"), node.text("sha256"));
  }
}
