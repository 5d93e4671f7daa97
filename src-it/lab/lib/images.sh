# shellcheck shell=bash
# Images with R, made of Debian's packages: no registry outside is needed. All are in one OCI layout, images-HASH:
#   r         R and the packages that a worker needs; no SSH server
#   r-later   the same with one more file, so that its digest differs
#   broken    Rscript fails
#   page      with what stands for RStudio Server
#   foreign   a list of manifests that has none for this architecture

readonly IMAGE_KINDS="r r-later broken page foreign" IMAGE_SUITE=bookworm
readonly IMAGE_PACKAGES=r-base-core,r-cran-future,r-cran-furrr,r-cran-parallelly
readonly IMAGE_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

images_path() { # sets IMAGES to the layout's path
  IMAGES=$LAB_HOME/images-$({ echo "$MIRROR $SECURITY_MIRROR" && cat "$LIB/images.sh" "$LIB/rserver" && declare -f make_tree; } | cache_key)
}

make_images() {
  registry_tree
  images_path
  [[ ! -d $IMAGES ]] || return 0
  local new=$IMAGES.new work=$IMAGES.work.new
  delete_tree "$new"
  delete_tree "$work"
  mkdir -p "$work"
  in_tree "$REGISTRY_TREE" umoci init --layout "$new"
  make_r_layer "$work"
  in_tree "$REGISTRY_TREE" umoci new --image "$new:r"
  add_layer "$new" r r "$work/r.tar"
  in_tree "$REGISTRY_TREE" umoci config --image "$new:r" --config.cmd R --config.env "PATH=$IMAGE_PATH"
  mkdir -p "$work/later/etc" "$work/broken/usr/bin"
  echo later >"$work/later/etc/later"
  printf '#!/bin/sh\necho "R is broken" >&2\nexit 1\n' >"$work/broken/usr/bin/Rscript"
  chmod 755 "$work/broken/usr/bin/Rscript"
  pack "$work/later"
  add_layer "$new" r r-later "$work/later.tar"
  pack "$work/broken"
  add_layer "$new" r broken "$work/broken.tar"
  make_page "$work/page"
  pack "$work/page"
  add_layer "$new" r page "$work/page.tar"
  make_foreign "$work/foreign" "$work/later.tar"
  in_tree "$REGISTRY_TREE" skopeo --insecure-policy copy -q --all "oci:$work/foreign" "oci:$new:foreign"
  delete_tree "$work"
  mv "$new" "$IMAGES"
}

make_r_layer() { # WORK: makes WORK/r.tar
  local tree=${1##*/}/r root=$1/r
  make_tree "$IMAGE_SUITE" "$IMAGE_PACKAGES" "$tree"
  { clock_quirks && echo 'Acquire::Languages "none";'; } >"$root/etc/apt/apt.conf.d/90lab"
  rm -rf "$root"/dev/* "$root"/var/log/* "$root"/var/cache/*/* "$root"/usr/share/{doc,man,locale,info}
  pack "$root"
}

make_page() { # FOLDER
  local programs=$1/usr/lib/rstudio-server/bin
  mkdir -p "$programs"
  cp "$LIB/rserver" "$programs/rserver"
  printf '#!/bin/sh\nRscript -e "cat(R.version.string)" >~/session && while sleep 5; do :; done\n' >"$programs/rsession"
  chmod 755 "$programs"/*
}

pack() { # FOLDER: into FOLDER.tar
  tar -C "$1" --sort=name --numeric-owner --owner=+0 --group=+0 -cf "$1.tar" .
}

add_layer() { # LAYOUT TAG NEW-TAG TAR
  in_tree "$REGISTRY_TREE" umoci raw add-layer --image "$1:$2" --tag "$3" "$4"
}

# By hand: the tools only make images, not lists of them.
make_foreign() { # LAYOUT TAR
  local layout=$1 type=application/vnd.oci.image layer config manifest list
  mkdir -p "$layout/blobs/sha256"
  layer=$(gzip -n <"$2" | blob "$layout" "$type.layer.v1.tar+gzip")
  config=$(printf '{"architecture": "arm64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}' \
    "$(sha256sum <"$2" | cut -d' ' -f1)" | blob "$layout" "$type.config.v1+json")
  manifest=$(printf '{"schemaVersion": 2, "mediaType": "%s", "config": {%s}, "layers": [{%s}]}' "$type.manifest.v1+json" "$config" "$layer" |
    blob "$layout" "$type.manifest.v1+json")
  list=$(printf '{"schemaVersion": 2, "mediaType": "%s", "manifests": [{%s, "platform": {"architecture": "arm64", "os": "linux"}}]}' \
    "$type.index.v1+json" "$manifest" | blob "$layout" "$type.index.v1+json")
  echo '{"imageLayoutVersion": "1.0.0"}' >"$layout/oci-layout"
  echo "{\"schemaVersion\": 2, \"manifests\": [{$list}]}" >"$layout/index.json"
}

blob() { # LAYOUT TYPE: keeps what is on stdin, and prints the inside of its descriptor
  local file=$1/blob digest
  cat >"$file"
  digest=$(sha256sum <"$file" | cut -d' ' -f1)
  printf '"mediaType": "%s", "digest": "sha256:%s", "size": %s' "$2" "$digest" "$(stat -c %s "$file")"
  mv "$file" "$1/blobs/sha256/$digest"
}

image_size() { # KIND: MB of its layers, as they are moved
  local architecture=amd64
  [[ $1 != foreign ]] || architecture=arm64
  in_tree "$REGISTRY_TREE" skopeo --override-arch "$architecture" inspect --format '{{range .LayersData}}{{println .Size}}{{end}}' "oci:$IMAGES:$1" |
    awk '{ bytes += $1 } END { printf "%.1f", bytes / 1000000 }'
}
