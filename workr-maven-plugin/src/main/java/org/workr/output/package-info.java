/** What people and programs get to see of a run: lines, journal and reports. */
@NullMarked
package org.workr.output;

import org.jspecify.annotations.NullMarked;
