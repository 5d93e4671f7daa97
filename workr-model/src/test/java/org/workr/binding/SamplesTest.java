package org.workr.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.workr.binding.Shape.Choice;
import org.workr.binding.Shape.Field;
import org.workr.binding.Shape.Maybe;
import org.workr.binding.Shape.Scalar;
import org.workr.binding.Shape.Section;
import org.workr.binding.Shape.Sequence;
import org.workr.spec.ClusterSpec;

/** Examples and defaults in {@link Doc} are what people copy and what stands in: they must bind. */
class SamplesTest {

  @TestFactory
  Stream<DynamicTest> everySampleBinds() {
    return fields(Shapes.section(ClusterSpec.class), "cluster");
  }

  private static Stream<DynamicTest> fields(Section section, String path) {
    return section.fields().stream().flatMap(field -> field(field, path + "." + field.name()));
  }

  private static Stream<DynamicTest> field(Field field, String path) {
    Shape shape = field.shape();
    boolean list = shape instanceof Sequence;
    if (shape instanceof Maybe maybe) {
      shape = maybe.shape();
    } else if (shape instanceof Sequence sequence) {
      shape = sequence.item();
    }
    if (shape instanceof Section section) {
      return fields(section, path);
    }
    if (shape instanceof Choice choice) {
      return choice.forms().values().stream()
          .map(form -> (Scalar) form)
          .map(
              form ->
                  DynamicTest.dynamicTest(
                      path + "." + form.type().getSimpleName(),
                      () ->
                          binds(
                              form, null, form.type().getAnnotation(Doc.class).example(), false)));
    }
    Scalar scalar = (Scalar) shape;
    return Stream.of(
        DynamicTest.dynamicTest(
            path,
            () -> {
              assertThat(field.sample()).as("an example or a default").isNotEmpty();
              binds(scalar, field.range(), field.doc().example(), list);
              binds(scalar, field.range(), field.doc().defaultValue(), list);
            }));
  }

  private static void binds(Scalar scalar, Range range, String text, boolean list) {
    for (String item :
        text.isEmpty() ? new String[0] : list ? text.split(",") : new String[] {text}) {
      assertThatCode(
              () ->
                  Ranges.check(range, scalar.type(), Scalars.parse(scalar.type(), item, ""), item))
          .doesNotThrowAnyException();
    }
  }
}
