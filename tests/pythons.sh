#!/usr/bin/env bash
# The part of the fast lane that needs no torch, with each of the named Pythons that is installed here: what the grader
# and notebook_checks promise (requires-python). torch is left out as its builds for each Python are half a gigabyte.
set -euo pipefail
cd "$(dirname "$0")/.."
made=build/pythons # kept between calls; `make clean` removes it
failed=0
ignored=(--ignore=tests/scalelab --ignore=tests/attacks --ignore=tests/data --ignore=tests/test_setup.py)
for module in questions/test_cifar questions/test_networks_judged questions/test_reading_and_testing judge/test_values \
  notebook_checks/test_checking notebook_checks/test_handing_in verify/test_many_seeds verify/test_public_checks \
  verify/test_search; do
  ignored+=(--ignore="tests/$module.py") # it, or a question that it loads, imports torch or scalelab
done

python_of() { # the newest of that version: on the path, or pyenv's
  local found
  found=$(ls -d "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python 2>/dev/null | sort -V | tail -1)
  for candidate in "python$1" "$found"; do
    if [ -n "$candidate" ] && "$candidate" -c 'import ssl, venv' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
}

for version in "$@"; do
  python=$(python_of "$version")
  if [ -z "$python" ]; then
    echo "Python $version: is not installed here, skipped"
    continue
  fi
  venv=$made/$version
  if [ constraints.txt -nt "$venv/installed" ] || [ pyproject.toml -nt "$venv/installed" ]; then
    test -x "$venv/bin/python" || "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -c constraints.txt -e ./notebook_checks -e '.[dev]'
    touch "$venv/installed"
  fi
  echo "Python $("$venv/bin/python" -c 'import platform; print(platform.python_version())'):"
  "$venv/bin/pytest" -n 2 -m "not room and not tool and not proof" "${ignored[@]}" tests || failed=1
done
exit $failed
