#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a bare Debian 12 checkout to an executed notebook: installs what is missing, builds, installs the kernelspec for
# this user, runs notebooks/quickstart.ipynb on real data and writes build/demo/quickstart.{ipynb,html}.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
out=$root/build/demo

say() { printf '\n== %s\n' "$*"; }

install_packages() {
  local missing=()
  while read -r package; do
    [ -z "$package" ] || dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done < notebooks/debian-12.txt
  [ ${#missing[@]} -eq 0 ] && return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

install_packages

say "building"
cmake --preset release > /dev/null
cmake --build build/release > "$root/build/release/build.log" || { tail -n 40 "$root/build/release/build.log"; exit 1; }
kernel=$root/build/release/velo-kernel

say "installing the kernelspec for this user"
"$kernel" install --user

say "running notebooks/quickstart.ipynb"
mkdir -p "$out"
# The virtual clock lets the recorded stream of the last cell play at once, and makes the output the same everywhere.
VELO_CLOCK=virtual /usr/bin/jupyter nbconvert --execute --to notebook --ExecutePreprocessor.kernel_name=velostream \
  --ExecutePreprocessor.timeout=120 --output-dir "$out" --output quickstart.ipynb notebooks/quickstart.ipynb
/usr/bin/jupyter nbconvert --to html --template velo \
  --TemplateExporter.extra_template_basedirs="$root/notebooks/nbconvert" --output-dir "$out" "$out/quickstart.ipynb"

say "done"
echo "executed notebook  build/demo/quickstart.ipynb"
echo "page               build/demo/quickstart.html"
if command -v jupyter-lab > /dev/null; then
  echo "open it live       jupyter lab notebooks/quickstart.ipynb"
else
  echo "open it live       python3 -m venv ~/velo-lab && ~/velo-lab/bin/pip install jupyterlab"
  echo "                   ~/velo-lab/bin/jupyter lab notebooks/quickstart.ipynb"
fi
