#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: it installs what run_autograder needs.
# PYTHON names the interpreter (3.11 or later). TORCH_INDEX is where torch comes from: PyTorch's own index of builds for
# CPUs, as those for GPUs take gigabytes; an empty TORCH_INDEX takes pip's usual index.
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="${AUTOGRADER_ROOT:-/autograder}"
TORCH_INDEX="${TORCH_INDEX-https://download.pytorch.org/whl/cpu}"
export PIP_DISABLE_PIP_VERSION_CHECK=1 DEBIAN_FRONTEND=noninteractive

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  for name in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    if [ -n "$name" ] && command -v "$name" >/dev/null && new_enough "$name"; then echo "$name"; return; fi
  done
  return 1
}

if command -v apt-get >/dev/null && [ -z "${NO_APT:-}" ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends libseccomp2 procps >/dev/null
  find_python >/dev/null || apt-get install -y -qq python3.11 >/dev/null
  version="$("$(find_python)" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  apt-get install -y -qq "python$version-venv" >/dev/null || apt-get install -y -qq python3-venv >/dev/null
fi
python="$(find_python)" || { echo "setup.sh: Python 3.11 or later is needed; choose a newer base image" >&2; exit 1; }

"$python" -m venv "$ROOT/environment"
pip() { "$ROOT/environment/bin/python" -m pip install --quiet -c "$HERE/constraints.txt" "$@"; }
if grep -qi '^torch==' "$HERE/constraints.txt"; then
  pip ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "$(grep -i '^torch==' "$HERE/constraints.txt" | cut -d' ' -f1)"
fi
pip "$HERE"/wheels/*.whl
chmod 700 "$HERE" # no student code may read the tests
