package org.workr.maven;

import org.workr.planning.Planner;

/**
 * What a goal does to hosts.
 *
 * @param planner what they are planned for
 * @param replacesPassphrases whether those of their disks may be replaced, so that they must be in
 *     the keystore
 */
record Work(Planner planner, boolean replacesPassphrases) {}
