package org.slf4j.impl;

import org.slf4j.ILoggerFactory;
import org.slf4j.spi.LoggerFactoryBinder;

/** How slf4j 1.7 finds its implementation: in tests, one that remembers. */
public final class StaticLoggerBinder implements LoggerFactoryBinder {

  private static final StaticLoggerBinder SINGLETON = new StaticLoggerBinder();

  private StaticLoggerBinder() {}

  /** The one that slf4j asks for. */
  public static StaticLoggerBinder getSingleton() {
    return SINGLETON;
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return RememberingLogger::new;
  }

  @Override
  public String getLoggerFactoryClassStr() {
    return RememberingLogger.class.getName();
  }
}
