/** What a pom declares: the cluster as records, checked as a whole before anything is done. */
@NullMarked
package org.workr.spec;

import org.jspecify.annotations.NullMarked;
