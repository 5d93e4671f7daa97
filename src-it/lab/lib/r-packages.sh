# shellcheck shell=bash
# A repository of R packages as CRAN is one, in the folder that the package proxy serves: http://repository.lab/cran
#   workrprobe    probe() says its version; an older one moves to the archive, as on CRAN
#   workrbroken   its installation fails

r_packages() { # [VERSION]: of workrprobe
  local version=${1:-1.0.0} contrib=$REPOSITORY/cran/src/contrib work=$RUN/r-packages old
  [[ $version =~ ^[0-9]+(\.[0-9]+)+$ ]] || die "registry r-packages: a version as 1.1.0, not '$version'"
  rm -rf "$work"
  mkdir -p "$contrib/Archive/workrprobe"
  for old in "$contrib"/workrprobe_*.tar.gz; do
    [[ ! -e $old ]] || mv "$old" "$contrib/Archive/workrprobe/"
  done
  r_package "$work" workrprobe "$version" 'probe <- function() as.character(utils::packageVersion("workrprobe"))'
  echo 'export(probe)' >"$work/workrprobe/NAMESPACE"
  r_package "$work" workrbroken 1.0.0 'stop("this package cannot be installed")'
  : >"$work/PACKAGES"
  publish "$work" workrprobe "$version" "$contrib"
  publish "$work" workrbroken 1.0.0 "$contrib"
  gzip -n <"$work/PACKAGES" >"$contrib/PACKAGES.gz"
  mv "$work/PACKAGES" "$contrib/PACKAGES"
  rm -rf "$work"
  say "workrprobe $version and workrbroken 1.0.0 are in http://repository.lab/cran, through $PROXY_URL"
}

r_package() { # WORK NAME VERSION CODE: its source, as R CMD build would leave it
  mkdir -p "$1/$2/R"
  cat >"$1/$2/DESCRIPTION" <<DESCRIPTION
Package: $2
Version: $3
Title: A Package to Try Installations With
Description: Does next to nothing.
Author: The lab
Maintainer: The lab <lab@repository.lab>
License: Apache License (>= 2)
NeedsCompilation: no
Packaged: 2020-01-01 00:00:00 UTC; lab
DESCRIPTION
  : >"$1/$2/NAMESPACE"
  echo "$4" >"$1/$2/R/$2.R"
}

publish() { # WORK NAME VERSION CONTRIB
  local file=$4/$2_$3.tar.gz
  tar -C "$1" --sort=name --owner=root:0 --group=root:0 --mtime=2020-01-01 -c "$2" | gzip -n >"$file"
  {
    grep -E '^(Package|Version|License|NeedsCompilation):' "$1/$2/DESCRIPTION"
    echo "MD5sum: $(md5sum <"$file" | cut -d' ' -f1)"
    echo
  } >>"$1/PACKAGES"
}
