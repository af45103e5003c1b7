// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.criubridge.hooks.dump.DumpPlan;
import io.criubridge.hooks.dump.DumpPreview;
import io.criubridge.hooks.restore.SourcePreview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may depend on whom in hooks, and that core and criu-images do not know each other. */
@AnalyzeClasses(packages = "io.criubridge", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  private static final String HOOKS = "io.criubridge.hooks";

  @ArchTest
  static final ArchRule core_knowsNeitherImagesNorHooks =
      noClasses()
          .that()
          .resideInAPackage("io.criubridge.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.criubridge.images..", HOOKS + "..");

  @ArchTest
  static final ArchRule images_knowNeitherCoreNorHooks =
      noClasses()
          .that()
          .resideInAPackage("io.criubridge.images..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.criubridge.core..", HOOKS + "..");

  @ArchTest
  static final ArchRule dump_knowsNoOtherFrontEnd = unknownTo("dump", "restore", "worker", "cli");

  @ArchTest
  static final ArchRule restore_knowsNoOtherFrontEnd =
      unknownTo("restore", "dump", "worker", "cli");

  @ArchTest static final ArchRule worker_doesNotKnowCli = unknownTo("worker", "cli");

  /** But for the classes that show what a phase would decide. */
  @ArchTest
  static final ArchRule cli_knowsNoPhases =
      noClasses()
          .that()
          .resideInAPackage(HOOKS + ".cli..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(HOOKS + ".dump..", HOOKS + ".restore..", HOOKS + ".worker..")
                  .and(not(belongToAnyOf(DumpPreview.class, DumpPlan.class, SourcePreview.class))));

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().assignedFrom(new PackagesWithCliAsOne()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule picocli_isUsedInCliOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(HOOKS + ".cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule kernel_isCalledInCoreSysOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.criubridge.core.sys")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jnr..", "com.kenai.jffi..");

  @ArchTest
  static final ArchRule names_sayWhatAClassIs =
      classes()
          .that()
          .resideInAPackage(HOOKS + "..")
          .should()
          .haveSimpleNameNotEndingWith("Util")
          .andShould()
          .haveSimpleNameNotEndingWith("Utils")
          .andShould()
          .haveSimpleNameNotEndingWith("Helper")
          .andShould()
          .haveSimpleNameNotEndingWith("Manager");

  @Test
  void criusVariables_areReadInPhaseContextOnly() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      List<String> readers =
          sources
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> read(file).contains("\"CRTOOLS_"))
              .map(file -> file.getFileName().toString())
              .toList();
      assertThat(readers).containsExactly("PhaseContext.java");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ArchRule unknownTo(String knower, String... unknown) {
    String[] packages =
        Stream.of(unknown).map(name -> HOOKS + "." + name + "..").toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(HOOKS + "." + knower + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }

  /** The commands and what they share are one slice, however many packages they are in. */
  private static final class PackagesWithCliAsOne implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String name = type.getPackageName();
      return SliceIdentifier.of(name.startsWith(HOOKS + ".cli.") ? HOOKS + ".cli" : name);
    }

    @Override
    public String getDescription() {
      return "packages, cli as one";
    }
  }
}
