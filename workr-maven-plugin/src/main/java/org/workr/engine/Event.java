package org.workr.engine;

import org.workr.value.Hostname;

/**
 * Something that happened to a host during a run.
 *
 * @param host its declared name
 * @param kind what happened
 * @param subject the change's id where there is one, otherwise empty
 * @param text for a person; never a secret
 */
public record Event(Hostname host, Kind kind, String subject, String text) {

  /** What can happen. */
  public enum Kind {
    /** Work on it begins: it is looked for, and then looked at. */
    BEGUN,
    /** It answers, with an expected host key, and its facts are known. */
    PROBED,
    /** Its plan is made. */
    PLANNED,
    /** A change begins. */
    CHANGE_BEGUN,
    /** A step of a change begins; the text is its position in the change, from 1. */
    STEP_BEGUN,
    /** A step of a change has ended well; the text is its position in the change, from 1. */
    STEP_ENDED,
    /** A change is done. */
    CHANGE_DONE,
    /** A change failed; the text says why. */
    CHANGE_FAILED,
    /** What is under way takes long; the text says what and since when. */
    BUSY,
    /** Work that goes on by itself on the host is further on; the text says how far. */
    PROGRESS,
    /** The controller waits for the host; the text says for what. */
    WAITING,
    /** The host is not worked on any more; the text says why. */
    STOPPED,
    /** The host is left as it is for now, with nothing wrong; the text says why. */
    LEFT,
    /** The host is as declared. */
    DONE
  }
}
