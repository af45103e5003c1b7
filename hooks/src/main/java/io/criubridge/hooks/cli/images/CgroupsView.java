// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonElement;
import com.google.protobuf.ByteString;
import io.criubridge.images.CgroupHierarchy;
import io.criubridge.images.CgroupMembership;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The control groups that CRIU makes at restore, and those that the processes were in. */
final class CgroupsView implements Explorer {

  /** A group; {@code made} if CRIU makes it where it is not there. */
  private record Group(
      List<String> controllers, ByteString path, boolean made, List<Integer> pids) {}

  @Override
  public void print(ImageSet set, Output output) throws IOException {
    Table table = new Table("HIERARCHY", "PATH", "AT RESTORE", "PROCESSES");
    for (Group group : groups(set)) {
      String hierarchy = String.join(",", group.controllers());
      table.row(
          hierarchy.isEmpty() ? "(v2)" : Printable.text(ByteString.copyFromUtf8(hierarchy)),
          Printable.text(group.path()),
          group.made() ? "made" : "",
          group.pids().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }
    table.print(output);
  }

  @Override
  public JsonElement json(ImageSet set) throws IOException {
    List<Json> groups = new ArrayList<>();
    for (Group group : groups(set)) {
      groups.add(
          Json.object()
              .with("controllers", group.controllers())
              .with("path", group.path())
              .with("made", group.made())
              .with("processes", group.pids()));
    }
    return Json.of(groups);
  }

  private static List<Group> groups(ImageSet set) throws IOException {
    List<CgroupMembership> left = new ArrayList<>(set.cgroupMemberships());
    List<Group> groups = new ArrayList<>();
    for (CgroupHierarchy hierarchy : set.cgroups()) {
      for (ByteString path : hierarchy.directories()) {
        List<CgroupMembership> here =
            left.stream()
                .filter(member -> member.path().equals(path))
                .filter(member -> hierarchy.controllers().containsAll(controllers(member)))
                .toList();
        left.removeAll(here);
        List<Integer> pids =
            here.stream().flatMap(member -> member.pids().stream()).distinct().sorted().toList();
        groups.add(new Group(hierarchy.controllers(), path, true, pids));
      }
    }
    for (CgroupMembership member : left) {
      groups.add(new Group(controllers(member), member.path(), false, member.pids()));
    }
    return groups;
  }

  private static List<String> controllers(CgroupMembership member) {
    return List.of(member.hierarchy().split(",", -1));
  }
}
