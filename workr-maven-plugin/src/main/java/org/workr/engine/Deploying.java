package org.workr.engine;

import java.time.Duration;

/**
 * How containers are deployed.
 *
 * @param update whether the image of the lock is made anew
 * @param drain how long to wait for R processes when none of them ends; zero for not at all
 */
public record Deploying(boolean update, Duration drain) {}
