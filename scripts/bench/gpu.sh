#!/usr/bin/env bash
# Everything that wants a GPU, in under 8 minutes whatever happens: tests, kernels, sweep, a short book with each size of
# model, the package beside them.
# Each part writes a JSON and a log into $OUT (else bench-out/) and none stops the next; a part without its needs says so.
#   scripts/bench/gpu.sh [--tiny]      --tiny rehearses all of it on any machine
set -uo pipefail
cd "$(dirname "$0")/../.."
out=${OUT:-bench-out}
python=${PYTHON:-python3}
tiny=${1:-}
weights=${WEIGHTS:-${TMPDIR:-/tmp}/narrator-weights}
mkdir -p "$out" "$weights"
export PYTHONUNBUFFERED=1 PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"

part() { # NAME SECONDS COMMAND…: standard output is the JSON
  local name=$1 most_s=$2 began=$SECONDS
  shift 2
  timeout --kill-after=5 "$most_s" "$@" >"$out/$name.json" 2>"$out/$name.log"
  echo "$name: exit $?, $((SECONDS - began)) s"
}

has() { "$python" -c "import importlib.util as u, sys; sys.exit(any(u.find_spec(n) is None for n in sys.argv[1:]))" "$@"; }

if [ -z "$tiny" ] && [ -f tests/engines/qwen3/test_cuda.py ]; then
  part test_cuda 80 "$python" -W ignore -m pytest -q -W ignore -m gpu -p no:cacheprovider tests/engines/qwen3/test_cuda.py
fi
[ ! -f scripts/bench/kernels.py ] || part kernels 50 "$python" -m scripts.bench.kernels
part engine_sweep 130 "$python" -m scripts.bench.engine_sweep --weights "$weights" --seconds 80 ${tiny:+"$tiny"}
if has av soundfile soxr pydantic babel nltk num2words ebooklib; then
  for size in 1.7b 0.6b; do
    part "gpu_book_$size" 80 "$python" -m scripts.bench.gpu_book --weights "$weights" --size "$size" --hours 3 \
      --seconds 30 ${tiny:+"$tiny"}
    [ -z "$tiny" ] || break
  done
else
  echo "gpu_book: left out, its docstring lists what it needs"
fi
if has qwen_tts transformers librosa; then
  part package_baseline 50 "$python" -W ignore -m scripts.bench.package_baseline --weights "$weights" --batches 16 64 \
    ${tiny:+"$tiny"}
else
  echo "package_baseline: left out, its docstring lists what it needs"
fi
