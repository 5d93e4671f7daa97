package org.workr.capability.container;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.plan.Step;
import org.workr.render.Placeholders;
import org.workr.render.Shell;
import org.workr.value.Host;
import org.workr.value.ImageReference;

/** Makes the image on one host, tries it there, and pushes it where there is a registry. */
final class ImageBuild {
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** A package that is compiled may say nothing for long. */
  private static final Duration SILENT = Duration.ofHours(1);

  /** With the digest by which the registry knows it. */
  private static final String PULL =
      """
      if BEGUN; then exit 0; fi
      if ! said=$(docker pull BASE 2>&1); then
        echo "the image BASE cannot be pulled: $(printf '%s' "$said" | tail -n 1)"
        exit 1
      fi
      printf '%s\\n' "$said" | sed -n 's/^Digest: //p' | tail -n 1 >FOLDER/digest
      has=$(docker image inspect -f '{{.Architecture}}' BASE)
      [ "$has" = ARCHITECTURE ] || { echo "the image BASE is for $has, and this host is ARCHITECTURE"; exit 1; }
      docker tag BASE LOCAL_BASE
      """;

  /** It may take hours where R packages are made from source: a lost connection does not end it. */
  private static final String BUILD =
      """
      #!/bin/sh
      # Written by workr.
      docker build --pull=false --force-rm FRESHLY-t IMAGE LABELS PROXY FOLDER >FOLDER/log 2>&1 </dev/null && touch FOLDER/made
      """;

  /** What an interrupted run has begun goes on, and is this one's when it makes the same. */
  private static final String BEGIN =
      """
      if BEGUN; then exit 0; fi
      systemctl stop BUILDING 2>/dev/null || :
      rm -f FOLDER/made FOLDER/log
      echo 'MAKING' >FOLDER/name
      systemd-run --quiet --collect --unit=BUILDING --setenv=HOME=/root sh FOLDER/build
      """;

  private static final String UNDER_WAY =
      """
      case $(systemctl is-active BUILDING) in
        active|activating|deactivating) echo "running $(tail -n 5 FOLDER/log 2>/dev/null | sed 's/\\x1b\\[[0-9;]*[A-Za-z]//g' | tr -cd '[:print:]\\n' | grep . | tail -n 1 | cut -c1-100)" ;;
        *) echo done ;;
      esac""";

  private static final String MADE =
      """
      if [ ! -e FOLDER/made ]; then
        tail -n 25 FOLDER/log
        grep -o 'workr: .*' FOLDER/log | sort -u | sed 's/^workr: /the image cannot be made: /'
        if grep -qi 'no space left on device\\|enough free space' FOLDER/log; then echo 'the image cannot be made: no space left on the host'; fi
        exit 1
      fi
      rscript=$(docker run --rm --network none --entrypoint /bin/sh IMAGE -c 'command -v Rscript')
      """;

  private static final String TRY =
      """
      set +e
      trial - "$rscript" || { echo "the image that was made does not work: $why"; exit 1; }
      set -e
      printf '%s\\n' "$rscript" >FOLDER/rscript
      printf '%s\\n' "$found" >FOLDER/version
      rm -f FOLDER/pushed
      """;

  private static final String PUSH =
      """
      docker tag IMAGE REPOSITORY:TAG
      if ! said=$(docker push REPOSITORY:TAG 2>&1); then
        echo "the image was made and cannot be pushed to REPOSITORY: $(printf '%s' "$said" | tail -n 1)"
        exit 1
      fi
      digest=$(printf '%s\\n' "$said" | sed -n 's/.* digest: \\(sha256:[0-9a-f]*\\) .*/\\1/p' | tail -n 1)
      [ -n "$digest" ] || { echo 'the image was pushed, and the registry did not say its digest'; exit 1; }
      echo "REPOSITORY@$digest" >FOLDER/pushed
      """;

  private static final String TOLD =
      """
      echo "base NAME@$(cat FOLDER/digest)"
      echo "image ARCHITECTURE $(docker image inspect -f '{{.Id}}' IMAGE) $(cat FOLDER/pushed 2>/dev/null)"
      echo "r $(cat FOLDER/version)"
      echo "rscript $(cat FOLDER/rscript)"
      """;

  private final RContainer declared;
  private final ContainerSpec spec;
  private final Host host;
  private final String architecture;
  private final String build;

  /**
   * @param architecture of the host
   * @param build the name of what is made
   */
  ImageBuild(RContainer declared, Host host, String architecture, String build) {
    this.declared = declared;
    this.spec = declared.spec();
    this.host = host;
    this.architecture = architecture;
    this.build = build;
  }

  /**
   * The steps.
   *
   * @param base what it is made from
   * @param command the command line of compose
   * @param freshly whether nothing of an earlier one is used
   */
  List<Step> steps(String base, String command, boolean freshly) {
    Recipe recipe = new Recipe(spec);
    Compose compose = new Compose(declared, host, image());
    List<Step> steps = new ArrayList<>();
    steps.add(Step.file(Recipe.FOLDER + "/Dockerfile", Recipe.dockerfile(localBase()), "0644"));
    steps.add(Step.file(Recipe.FOLDER + "/install.sh", recipe.install(), "0644"));
    steps.add(Step.file(ContainerPaths.TRIAL, compose.trial(), "0600"));
    steps.add(RegistryLogin.with(spec.registry(), host, filled(PULL, base)));
    steps.add(
        Step.file(
            Recipe.FOLDER + "/build",
            filled(BUILD.replace("FRESHLY", freshly ? "--no-cache " : ""), base),
            "0644"));
    steps.add(Step.shell(filled(BEGIN, base)));
    steps.add(new Step.Await("the image", filled(UNDER_WAY, base), LOOK, SILENT));
    steps.add(
        Step.shell(
            Trial.folders()
                + Trial.functions(compose, command)
                + filled(MADE, base)
                + filled(TRY, base)));
    if (repository().isPresent()) {
      steps.add(RegistryLogin.with(spec.registry(), host, filled(PUSH, base)));
    }
    steps.add(new Step.KeepInLock("the image", madeOf(recipe) + filled(TOLD, base)));
    steps.add(Step.shell(filled("rm -f FOLDER/name FOLDER/made", base)));
    return steps;
  }

  private String madeOf(Recipe recipe) {
    return "echo "
        + Shell.quote("build " + build)
        + "\n"
        + recipe.declared().entrySet().stream()
            .map(line -> "echo " + Shell.quote(line.getKey() + " " + line.getValue()) + "\n")
            .collect(joining());
  }

  /** Shell that asks whether this image is under way, or made and not yet in the lock. */
  private String begun(String base) {
    return "[ \"$(cat %s 2>/dev/null)\" = '%s' ] && { systemctl is-active --quiet %s || [ -e %s/made ]; }"
        .formatted(
            ContainerPaths.BUILD_NAME,
            new Recipe(spec).begun(build, base),
            ContainerPaths.BUILDING,
            Recipe.FOLDER);
  }

  private Optional<ImageReference> repository() {
    return spec.registry().flatMap(RegistrySpec::repository);
  }

  private String image() {
    return ContainerPaths.image(host.cluster(), build);
  }

  private String localBase() {
    return ContainerPaths.image(host.cluster(), "base");
  }

  private String filled(String script, String base) {
    String labels =
        "--label org.workr.cluster=" + host.cluster() + " --label org.workr.build=" + build;
    // Only for packages of the distribution, as on the host: such a proxy may refuse what is
    // encrypted.
    String proxied =
        declared
            .proxy()
            .map(url -> "--build-arg http_proxy=" + Shell.quote(url.value()))
            .orElse("");
    return Placeholders.fill(
        script,
        Map.ofEntries(
            Map.entry("LOCAL_BASE", localBase()),
            Map.entry("BASE", Shell.quote(base)),
            Map.entry("NAME", spec.image().name()),
            Map.entry("ARCHITECTURE", architecture),
            Map.entry("IMAGE", image()),
            Map.entry("LABELS", labels),
            Map.entry("PROXY", proxied),
            Map.entry("FOLDER", Recipe.FOLDER),
            Map.entry("BUILDING", ContainerPaths.BUILDING),
            Map.entry("BEGUN", begun(base)),
            Map.entry("MAKING", new Recipe(spec).begun(build, base)),
            Map.entry("REPOSITORY", repository().map(ImageReference::name).orElse("")),
            Map.entry("TAG", build)));
  }
}
