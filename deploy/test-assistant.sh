#!/usr/bin/env bash
# The assistant's own tests, in its own runtime: components and connector, data, dialogues.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv-assistant/bin
log=$(mktemp)
results=$(mktemp -d)
trap 'rm -rf "$log" "$results"' EXIT
export OMP_NUM_THREADS=1 SQLALCHEMY_SILENCE_UBER_WARNING=1 PYTHONWARNINGS=ignore::DeprecationWarning

run() { # run WHAT COMMAND…: one line when it passes, all of its output when it does not
  local what=$1 begun=$SECONDS
  shift
  # Rasa prints progress bars with carriage returns; they drown what matters.
  if "$@" >"$log" 2>&1; then
    echo "ok: $what ($((SECONDS - begun)) s)"
  else
    tr '\r' '\n' <"$log" | tail -n 200
    echo "failed: $what" >&2
    return 1
  fi
}

"$bin/python" -m pytest -c tests/bot/pytest.ini tests/bot
run "rasa data validate" "$bin/rasa" data validate --fail-on-warnings --config config.yml \
  --domain bot/domain --data nlu_data bot/dialogue
run "rasa test core" "$bin/rasa" test core --fail-on-prediction-errors --model models/kefu.tar.gz \
  --stories tests/dialogue --out "$results"
