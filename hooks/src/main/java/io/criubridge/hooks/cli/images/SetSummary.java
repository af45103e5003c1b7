// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.core.sys.Sha256;
import io.criubridge.hooks.cli.ByteCount;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageSet;
import io.criubridge.images.Mount;
import io.criubridge.images.files.InetSocket;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.files.ProcessFiles;
import io.criubridge.images.files.RegularFile;
import io.criubridge.images.files.UnixSocket;
import io.criubridge.images.memory.AreaPages;
import io.criubridge.images.memory.MemoryMap;
import io.criubridge.images.memory.ProcessMemory;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is in a set, each thing by a name that another dump of the same processes gives it too, with
 * a line that is another as soon as the thing is.
 *
 * @param sections processes, files, sockets, mounts, memory
 */
record SetSummary(Map<String, Map<String, String>> sections) {

  static SetSummary of(ImageSet set) throws IOException {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    OpenFiles files = OpenFiles.read(set);
    sections.put("processes", processes(set, files));
    sections.put("files", files(set, files, false));
    sections.put("sockets", files(set, files, true));
    sections.put("mounts", mounts(set));
    sections.put("memory", memory(set, files));
    return new SetSummary(sections);
  }

  private static Map<String, String> processes(ImageSet set, OpenFiles files) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    for (CheckpointedProcess process : set.processes()) {
      Optional<ProcessMemory> memory = ProcessTreeView.memory(process, set, files);
      lines.put(
          Integer.toString(process.pid()),
          "%s %s, parent %d, group %d, session %d, threads %s%s"
              .formatted(
                  Printable.text(process.command()),
                  ProcessTreeView.state(process),
                  process.parentPid(),
                  process.processGroup(),
                  process.session(),
                  process.threads(),
                  memory.isEmpty() ? "" : ProcessTreeView.arguments(memory.get())));
    }
    return lines;
  }

  private static Map<String, String> files(ImageSet set, OpenFiles files, boolean sockets)
      throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    for (CheckpointedProcess process : set.processes()) {
      ProcessFiles open = files.of(process);
      for (ProcessFiles.Descriptor descriptor : open.descriptors()) {
        boolean isSocket =
            descriptor.file() instanceof InetSocket || descriptor.file() instanceof UnixSocket;
        if (isSocket == sockets) {
          String position =
              descriptor.file() instanceof RegularFile file
                  ? " at %d, flags 0%o".formatted(file.position(), file.flags())
                  : "";
          lines.put(
              process.pid() + " fd " + descriptor.number(),
              "%s %s%s"
                  .formatted(
                      FileText.kind(descriptor.file()),
                      FileText.text(descriptor.file()),
                      position));
        }
      }
      if (!sockets) {
        open.workingDirectory()
            .ifPresent(file -> lines.put(process.pid() + " cwd", FileText.text(file)));
        open.root().ifPresent(file -> lines.put(process.pid() + " root", FileText.text(file)));
        open.program().ifPresent(file -> lines.put(process.pid() + " exe", FileText.text(file)));
      }
    }
    return lines;
  }

  private static Map<String, String> mounts(ImageSet set) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    for (Mount mount : set.mounts()) {
      String place = mount.namespaceId() + " " + Printable.text(mount.mountPoint());
      String line =
          "%s %s on %s%s"
              .formatted(
                  MountsView.type(mount),
                  Printable.text(mount.root()),
                  Printable.text(mount.source()),
                  mount.externalKey().map(key -> ", external " + Printable.text(key)).orElse(""));
      // Mounts over each other have one place.
      lines.merge(place, line, (first, second) -> first + "; " + second);
    }
    return lines;
  }

  private static Map<String, String> memory(ImageSet set, OpenFiles files) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    for (CheckpointedProcess process : set.processes()) {
      Optional<ProcessMemory> memory = ProcessTreeView.memory(process, set, files);
      if (memory.isEmpty()) {
        continue;
      }
      for (AreaPages pages : memory.get().pages()) {
        String digest = pages.resident() == 0 ? "" : ", content " + digest(memory.get(), pages);
        lines.put(
            process.pid() + " " + AreaText.range(pages.area()),
            "%s %s, %s resident%s"
                .formatted(
                    pages.area().permissions(),
                    AreaText.text(pages.area()),
                    ByteCount.text(pages.resident()),
                    digest));
      }
    }
    return lines;
  }

  private static String digest(ProcessMemory memory, AreaPages pages) throws IOException {
    MessageDigest digest = Sha256.digest();
    memory.copy(
        new MemoryMap.Range(pages.area().start(), pages.area().end()),
        (address, bytes) -> digest.update(bytes));
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }
}
