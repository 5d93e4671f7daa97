package org.workr.output;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.util.function.Function;
import org.workr.value.Hostname;
import org.workr.value.SecretName;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * How the model's values are written as JSON: records by their components, names as text, times and
 * spans as ISO 8601, words of enumerations in lower case. What is read must fit exactly.
 */
final class Json {
  /** Raised when a file of the old form could be misread. */
  static final int FORMAT = 1;

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(values())
          .changeDefaultVisibility(
              visibility ->
                  visibility
                      .withFieldVisibility(JsonAutoDetect.Visibility.ANY)
                      .withGetterVisibility(JsonAutoDetect.Visibility.NONE)
                      .withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  private static SimpleModule values() {
    SimpleModule module = new SimpleModule();
    text(module, Hostname.class, Hostname::new);
    text(module, SecretName.class, SecretName::new);
    return module;
  }

  private static <T> void text(SimpleModule module, Class<T> type, Function<String, T> parser) {
    module.addSerializer(type, ToStringSerializer.instance);
    module.addDeserializer(type, new TextValue<>(type, parser));
  }

  private static final class TextValue<T> extends FromStringDeserializer<T> {
    private final transient Function<String, T> parser;

    TextValue(Class<T> type, Function<String, T> parser) {
      super(type);
      this.parser = parser;
    }

    @Override
    protected T _deserialize(String value, DeserializationContext context) {
      return parser.apply(value);
    }
  }
}
