/**
 * What a thing that workr can do looks like to the rest: facts to ask for, and changes to propose.
 */
@NullMarked
package org.workr.capability;

import org.jspecify.annotations.NullMarked;
