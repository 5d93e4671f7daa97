package org.workr.capability.network;

import java.util.List;
import java.util.Set;
import org.workr.facts.Fact;
import org.workr.plan.Step;

/** A program that configures the network from files, and how workr tells it what it wants. */
sealed interface Backend permits Netplan, Ifupdown, Networkd, NmKeyfile {

  /** What the dead-man script calls it. */
  String name();

  /** What a person calls it. */
  String title();

  /** The file in which workr declares the address. */
  String path();

  /** That file. */
  Step.WriteFile file(Wanted wanted);

  /** What else configures the interface in the files of this back end. */
  Fact<? extends State> state(InterfaceProbe probe);

  /** Settings of other files that workr's own replaces, so that nobody has to be told of them. */
  List<String> replaced();

  /** Steps that make the claims give way, one for each. */
  List<Step> makeWay(Claims claims, String networkInterface);

  /** Kinds of resolver that it feeds by itself, so that workr's file is all that is needed. */
  Set<Resolver.Kind> feeds();

  /** What was found in the files of a back end. */
  interface State {
    /** What else configures the interface. */
    Claims claims();
  }
}
