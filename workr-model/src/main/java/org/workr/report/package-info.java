/** What became of a plan: outcomes as values, and the table at the end of a run. */
@NullMarked
package org.workr.report;

import org.jspecify.annotations.NullMarked;
