package org.workr.binding;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds values of a type in a bound record, and puts others in their place. */
public final class Parts {
  private Parts() {}

  /**
   * All values of {@code type} in {@code root}, by their paths, in the order of the components.
   * What is in a found value is not searched.
   *
   * @param root a record that {@link Binder} can bind
   * @param path where it stands, such as {@code cluster}
   * @param type what is looked for
   * @param <T> what is looked for
   */
  public static <T> Map<String, T> of(Record root, String path, Class<T> type) {
    Map<String, T> found = new LinkedHashMap<>();
    collect(root, path, type, found);
    return found;
  }

  /**
   * A copy of {@code root} with {@code part} as the component of its type.
   *
   * @param root a record of which exactly one component is declared as {@code part}'s class, or may
   *     be there and is of that class
   * @param part what stands there in the copy
   * @param <R> the record
   * @throws IllegalArgumentException when no component, or more than one, has that class
   */
  public static <R extends Record> R with(R root, Record part) {
    RecordComponent[] components = root.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    int replaced = 0;
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      Object before = component(root, components[i]);
      boolean maybe =
          before instanceof Optional<?> o && o.filter(part.getClass()::isInstance).isPresent();
      boolean here = maybe || types[i] == part.getClass();
      values[i] = here ? (maybe ? Optional.of(part) : part) : before;
      replaced += here ? 1 : 0;
    }
    if (replaced != 1) {
      throw new IllegalArgumentException(
          root.getClass() + " has " + replaced + " components of " + part.getClass());
    }
    try {
      @SuppressWarnings("unchecked") // the class of an R makes nothing but Rs
      Class<R> type = (Class<R>) root.getClass();
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(root.getClass() + " cannot be copied", e);
    }
  }

  private static <T> void collect(Object value, String path, Class<T> type, Map<String, T> found) {
    if (type.isInstance(value)) {
      found.put(path, type.cast(value));
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(inner -> collect(inner, path, type, found));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(list.get(i), path + "[" + i + "]", type, found);
      }
    } else if (value instanceof Record section) {
      for (RecordComponent component : section.getClass().getRecordComponents()) {
        Doc doc = component.getAnnotation(Doc.class);
        // Without one it is a part of a value that is written as text, so it stands where that
        // does.
        String inner =
            doc == null
                ? path
                : path + "." + (doc.element().isEmpty() ? component.getName() : doc.element());
        collect(component(section, component), inner, type, found);
      }
    }
  }

  private static Object component(Record section, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(section.getClass() + "." + component.getName(), e);
    }
  }
}
