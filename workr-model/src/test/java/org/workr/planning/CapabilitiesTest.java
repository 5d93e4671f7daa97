package org.workr.planning;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.workr.capability.Capability;

/** What is easily forgotten of a new capability. */
class CapabilitiesTest {

  @Test
  void theListHasEveryCapability() {
    List<String> written =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.workr.capability")
                .stream()
                .filter(type -> !type.isInterface() && type.isAssignableTo(Capability.class))
                .map(JavaClass::getName)
                .toList();
    assertThat(written).isNotEmpty();
    assertThat(Capabilities.ALL)
        .extracting(use -> use.capability().getClass().getName())
        .containsExactlyInAnyOrderElementsOf(written);
  }

  @Test
  void eachHasGoldenCasesUnderItsName() {
    assertThat(Capabilities.ALL)
        .allSatisfy(
            use ->
                assertThat(Path.of("src/test/resources/golden/capability", use.capability().name()))
                    .matches(Files::isDirectory, "is a folder of golden cases"));
  }
}
