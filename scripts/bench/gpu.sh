#!/usr/bin/env bash
# Everything that wants a GPU, in under 8 minutes whatever happens, the dearest first: what the machine is, tests, kernels,
# sweeps plain and with the kernels that were equal and faster there, a short book with these, the package beside them.
# Each part writes a JSON and a log into $OUT (else bench-out/) and none stops the next; a part without its needs says so.
# A part that is stopped leaves what it found in its log.
#   scripts/bench/gpu.sh [--tiny]      --tiny rehearses all of it on any machine
#   PARTS="kernels engine_sweep_fused_1.7b" scripts/bench/gpu.sh      only these; their kernels.json may be of last time
set -uo pipefail
cd "$(dirname "$0")/../.."
out=${OUT:-bench-out}
python=${PYTHON:-python3}
tiny=${1:-}
weights=${WEIGHTS:-${TMPDIR:-/tmp}/narrator-weights}
most_s=${SECONDS_IN_ALL:-470}
mkdir -p "$out" "$weights"
export PYTHONUNBUFFERED=1 PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"

wanted() { [ -z "${PARTS:-}" ] || [[ " $PARTS " == *" $1 "* ]]; }

part() { # NAME SECONDS COMMAND…: standard output is the JSON
  local name=$1 limit=$2 began=$SECONDS left=$((most_s - SECONDS - 5))
  shift 2
  wanted "$name" || return 0
  [ "$left" -ge 15 ] || { echo "$name: left out, the time is up"; return 0; }
  timeout --kill-after=5 "$((limit < left ? limit : left))" "$@" >"$out/$name.json" 2>"$out/$name.log"
  echo "$name: exit $?, $((SECONDS - began)) s"
}

has() { "$python" -c "import importlib.util as u, sys; sys.exit(any(u.find_spec(n) is None for n in sys.argv[1:]))" "$@"; }

sweep() { # NAME SECONDS ARGUMENTS…
  local name=$1 limit=$2
  shift 2
  part "$name" "$limit" "$python" -m scripts.bench.engine_sweep --weights "$weights" --seconds "$((limit / 2))" \
    --lines-a-slot 3 --buckets 256 768 "$@" ${tiny:+"$tiny"}
}

book() { # SIZE SECONDS
  has av soundfile soxr pydantic babel nltk num2words ebooklib || { echo "gpu_book: its docstring lists what it needs"; return; }
  part "gpu_book_$1" "$2" "$python" -m scripts.bench.gpu_book --weights "$weights" --size "$1" --hours 3 --seconds 30 \
    --kernels $fused ${tiny:+"$tiny"}
}

# Triton builds its launchers with a C compiler and Python's headers.
part machine 15 "$python" -m scripts.bench.machine
if [ -z "$tiny" ]; then
  if has pytest; then
    part test_cuda 80 "$python" -W ignore -m pytest -q -W ignore -m gpu -p no:cacheprovider tests/engines/qwen3/test_cuda.py
  else
    echo "test_cuda: pytest is not here"
  fi
fi
part kernels 60 "$python" -m scripts.bench.kernels --seconds 40 --slots 128 64 --sizes 1.7b 0.6b
fused=$out/kernels.json
"$python" -m json.tool "$fused" >/dev/null 2>&1 || fused=""
sweep engine_sweep_1.7b 60 --sizes 1.7b --slots 128 64
[ -z "$fused" ] || sweep engine_sweep_fused_1.7b 60 --sizes 1.7b --slots 128 256 --kernels "$fused"
book 1.7b 80
if [ -z "$tiny" ]; then
  sweep engine_sweep_fused_0.6b 45 --sizes 0.6b --slots 128 --kernels $fused
  book 0.6b 70
fi
if has qwen_tts transformers librosa; then
  part package_baseline 50 "$python" -W ignore -m scripts.bench.package_baseline --weights "$weights" --batches 16 64 \
    ${tiny:+"$tiny"}
else
  echo "package_baseline: left out, its docstring lists what it needs"
fi
