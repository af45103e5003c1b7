# shellcheck shell=bash
# For the benches to source: samples taken in pairs, and a table of them.

samples=$(mktemp -d /tmp/criu-bridge-samples.XXXXXX)

# Milliseconds since some moment in the past.
now_ms() {
  local t=${EPOCHREALTIME//[.,]/}
  echo "$((t / 1000)).$(printf '%03d' $((t % 1000)))"
}

# Appends one sample: sample NAME MILLISECONDS
sample() {
  echo "$2" >>"$samples/$1"
}

# Runs a command and samples its wall time: timed NAME COMMAND...
timed() {
  local name=$1 start=${EPOCHREALTIME//[.,]/} end
  shift
  "$@" || return
  end=${EPOCHREALTIME//[.,]/}
  sample "$name" "$(awk -v us=$((end - start)) 'BEGIN {printf "%.3f", us / 1000}')"
}

# min, median and p90 of a name's samples.
summary() {
  sort -n "$samples/$1" | awk '{v[NR] = $1} END {
    if (NR == 0) exit 1
    m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
    p = int(0.9 * NR + 0.999999); printf "%.2f %.2f %.2f %d\n", v[1], m, v[p], NR}'
}

median() {
  summary "$1" | cut -d' ' -f2
}

# The median of the ratios, pair by pair: noise that lasts hits both of a pair.
ratio() {
  paste "$samples/$1" "$samples/$2" | awk '{print $1 / $2}' | sort -n | awk '{v[NR] = $1} END {
    printf "%.2f\n", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}

# Prints a line of the table: row TEXT OURS OTHER [GOAL]; as JSON if json is set.
row() {
  local ours other quotient
  ours=$(summary "$2") other=$(summary "$3") quotient=$(ratio "$2" "$3")
  if [ -n "${json-}" ]; then
    printf '{"case": "%s", "ours": [%s], "other": [%s], "ratio": %s, "goal": %s}\n' "$1" \
      "$(cut -d' ' -f1-3 <<<"$ours" | tr ' ' ',')" "$(cut -d' ' -f1-3 <<<"$other" | tr ' ' ',')" "$quotient" "${4:-null}"
  else
    printf '%-46s | %29s | %29s | %6s | %s\n' "$1" \
      "$(fields "$ours")" "$(fields "$other")" "$quotient" "${4:+<= $4}"
  fi
}

fields() {
  awk '{printf "%9s %9s %9s", $1, $2, $3}' <<<"$1"
}

heading() {
  [ -z "${json-}" ] || return 0
  printf '%-46s | %29s | %29s | %6s | %s\n' "milliseconds: min, median, p90" "$1" "$2" "ratio" "goal"
}
