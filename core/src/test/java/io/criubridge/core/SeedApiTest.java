// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of docs/seed-api.md is true and complete. */
class SeedApiTest {

  /** The names that the Go snapshot agent's runtime package exports and that core follows. */
  private static final Set<String> SEED =
      Set.of(
          "ApplyDeletedFiles",
          "ApplyRootfsDiff",
          "BuildMountPolicy",
          "CaptureDeletedFiles",
          "CaptureRootfsDiff",
          "ClassifyMounts",
          "GetNetNSInode",
          "GetOverlayUpperDir",
          "GetRootFS",
          "HostCgroupPath",
          "HostProcPath",
          "ParseProcExitCode",
          "ProcessTreePIDs",
          "ReadMountInfo",
          "ReadProcessDetails",
          "ReadProcessDetailsOrDefault",
          "ReadProcessFilesystemIDs",
          "ReadProcessTable",
          "RemountProcSys",
          "RemoveControlSentinel",
          "ResolveCgroupRootFromHostPID",
          "ResolveManifestPIDsToObservedPIDs",
          "SendSignalToPID",
          "StripCRIScheme",
          "ValidateProcessState",
          "WriteControlSentinel",
          // The container runtimes.
          "ContainerdRuntime",
          "ContainerdSocket",
          "CRIORuntime",
          "CRIOSocket",
          "New",
          "ResolveContainer",
          "ResolveContainerByPod",
          "ResolveContainerIDByPod",
          "Runtime",
          "RuntimeContainerd",
          "RuntimeCRIO");

  private static final Pattern TAG = Pattern.compile("Seed:\\s[\\s*]*(\\w+(?:, \\w+)*)");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (\\w+) \\| (\\w+)\\.(\\w+) \\| (\\w+)\\.(\\w+) \\|");

  private static final Map<String, String> SOURCES = new HashMap<>();
  private static List<MatchResult> rows = List.of();

  @BeforeAll
  static void read() throws IOException {
    Path project = Fixtures.path("proc").getParent().getParent();
    try (Stream<Path> files = Files.walk(project.resolve("core/src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString();
        SOURCES.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
      }
    }
    String table = Files.readString(project.resolve("docs/seed-api.md"));
    rows = ROW.matcher(table).results().toList();
  }

  @Test
  void tags_coverTheSeed() {
    Set<String> tags = new TreeSet<>();
    SOURCES.forEach(
        (name, source) -> {
          if (!name.endsWith("Test") && !name.endsWith("IT")) {
            TAG.matcher(source)
                .results()
                .flatMap(tag -> Stream.of(tag.group(1).split(", ")))
                .forEach(tags::add);
          }
        });
    assertThat(tags).isEqualTo(new TreeSet<>(SEED));
  }

  @Test
  void table_hasEveryNameOnce() {
    assertThat(rows).extracting(row -> row.group(1)).containsExactlyInAnyOrderElementsOf(SEED);
  }

  @Test
  void table_namesPlacesThatAreTaggedSo() {
    for (MatchResult row : rows) {
      String source = SOURCES.getOrDefault(row.group(2), "");
      assertThat(source)
          .as(row.group())
          .containsPattern("Seed:\\s[\\s*]*(?:\\w+, )*" + row.group(1) + "\\b")
          .containsPattern("\\b" + row.group(3) + "\\b");
    }
  }

  @Test
  void table_namesTestsThatAreThere() {
    for (MatchResult row : rows) {
      assertThat(SOURCES.getOrDefault(row.group(4), ""))
          .as(row.group())
          .containsPattern("void " + row.group(5) + "\\(");
    }
  }

  @Test
  void hostProcPath_isTheConventionOfPods() {
    assertThat(ProcFs.HOST_PROC_PATH).isEqualTo(Path.of("/host/proc"));
  }
}
