package org.slf4j.impl;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.event.Level;
import org.slf4j.helpers.MarkerIgnoringBase;
import org.slf4j.helpers.MessageFormatter;

/** Remembers what sshj logs, at every level; other libraries are not listened to. */
public final class RememberingLogger extends MarkerIgnoringBase {

  private static final long serialVersionUID = 1L;
  private static final List<Entry> ENTRIES = new CopyOnWriteArrayList<>();

  private final boolean listening;

  /**
   * One thing that was logged.
   *
   * @param text message and exception
   */
  public record Entry(String logger, Level level, String text) {}

  RememberingLogger(String name) {
    this.name = name;
    this.listening = name.startsWith("net.schmizz.") || name.startsWith("com.hierynomus.");
  }

  /** What was logged so far. */
  public static List<Entry> entries() {
    return List.copyOf(ENTRIES);
  }

  private void remember(Level level, String message, Object... arguments) {
    if (listening) {
      String text = MessageFormatter.arrayFormat(message, arguments).getMessage();
      ENTRIES.add(new Entry(name, level, text));
    }
  }

  @Override
  public boolean isTraceEnabled() {
    return listening;
  }

  @Override
  public void trace(String message) {
    remember(Level.TRACE, message);
  }

  @Override
  public void trace(String message, Object argument) {
    remember(Level.TRACE, message, argument);
  }

  @Override
  public void trace(String message, Object first, Object second) {
    remember(Level.TRACE, message, first, second);
  }

  @Override
  public void trace(String message, Object... arguments) {
    remember(Level.TRACE, message, arguments);
  }

  @Override
  public void trace(String message, Throwable thrown) {
    remember(Level.TRACE, message + " {}", thrown.toString());
  }

  @Override
  public boolean isDebugEnabled() {
    return listening;
  }

  @Override
  public void debug(String message) {
    remember(Level.DEBUG, message);
  }

  @Override
  public void debug(String message, Object argument) {
    remember(Level.DEBUG, message, argument);
  }

  @Override
  public void debug(String message, Object first, Object second) {
    remember(Level.DEBUG, message, first, second);
  }

  @Override
  public void debug(String message, Object... arguments) {
    remember(Level.DEBUG, message, arguments);
  }

  @Override
  public void debug(String message, Throwable thrown) {
    remember(Level.DEBUG, message + " {}", thrown.toString());
  }

  @Override
  public boolean isInfoEnabled() {
    return listening;
  }

  @Override
  public void info(String message) {
    remember(Level.INFO, message);
  }

  @Override
  public void info(String message, Object argument) {
    remember(Level.INFO, message, argument);
  }

  @Override
  public void info(String message, Object first, Object second) {
    remember(Level.INFO, message, first, second);
  }

  @Override
  public void info(String message, Object... arguments) {
    remember(Level.INFO, message, arguments);
  }

  @Override
  public void info(String message, Throwable thrown) {
    remember(Level.INFO, message + " {}", thrown.toString());
  }

  @Override
  public boolean isWarnEnabled() {
    return listening;
  }

  @Override
  public void warn(String message) {
    remember(Level.WARN, message);
  }

  @Override
  public void warn(String message, Object argument) {
    remember(Level.WARN, message, argument);
  }

  @Override
  public void warn(String message, Object first, Object second) {
    remember(Level.WARN, message, first, second);
  }

  @Override
  public void warn(String message, Object... arguments) {
    remember(Level.WARN, message, arguments);
  }

  @Override
  public void warn(String message, Throwable thrown) {
    remember(Level.WARN, message + " {}", thrown.toString());
  }

  @Override
  public boolean isErrorEnabled() {
    return listening;
  }

  @Override
  public void error(String message) {
    remember(Level.ERROR, message);
  }

  @Override
  public void error(String message, Object argument) {
    remember(Level.ERROR, message, argument);
  }

  @Override
  public void error(String message, Object first, Object second) {
    remember(Level.ERROR, message, first, second);
  }

  @Override
  public void error(String message, Object... arguments) {
    remember(Level.ERROR, message, arguments);
  }

  @Override
  public void error(String message, Throwable thrown) {
    remember(Level.ERROR, message + " {}", thrown.toString());
  }
}
