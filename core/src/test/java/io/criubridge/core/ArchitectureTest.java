// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may depend on whom in core. */
@AnalyzeClasses(
    packages = "io.criubridge.core",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule packages_dependOnThoseBelowThemOnly =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("sys")
          .definedBy("io.criubridge.core.sys")
          .layer("proc")
          .definedBy("io.criubridge.core.proc")
          .layer("process")
          .definedBy("io.criubridge.core.process")
          .layer("mount")
          .definedBy("io.criubridge.core.mount")
          .layer("rootfs")
          .definedBy("io.criubridge.core.rootfs")
          .layer("container")
          .definedBy("io.criubridge.core.container..")
          .layer("checkpoint")
          .definedBy("io.criubridge.core.checkpoint")
          .ensureAllClassesAreContainedInArchitecture()
          .whereLayer("sys")
          .mayNotAccessAnyLayer()
          .whereLayer("proc")
          .mayOnlyAccessLayers("sys")
          .whereLayer("process")
          .mayOnlyAccessLayers("sys", "proc")
          .whereLayer("mount")
          .mayOnlyAccessLayers("sys", "proc", "container")
          .whereLayer("rootfs")
          .mayOnlyAccessLayers("sys", "proc")
          .whereLayer("container")
          .mayOnlyAccessLayers("sys", "proc")
          .whereLayer("checkpoint")
          .mayOnlyAccessLayers("sys", "rootfs");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.criubridge.core.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule core_doesNotKnowOtherModules =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.criubridge..")
                  .and(resideInAPackage("io.criubridge.core..").negate()));

  @ArchTest
  static final ArchRule kernel_isCalledInSysOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.criubridge.core.sys")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jnr..", "com.kenai.jffi..");

  @ArchTest
  static final ArchRule runtimes_areAskedInContainerOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.criubridge.core.container..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule names_sayWhatAClassIs =
      classes()
          .should()
          .haveSimpleNameNotEndingWith("Util")
          .andShould()
          .haveSimpleNameNotEndingWith("Utils")
          .andShould()
          .haveSimpleNameNotEndingWith("Helper")
          .andShould()
          .haveSimpleNameNotEndingWith("Manager");
}
