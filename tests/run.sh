#!/usr/bin/env bash
# Runs the tests, after installing what they need where it is missing. The last line is "N passed, N failed, N skipped".
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: tests/run.sh [--no-aot] [PROJECT…] [-- OPTION…]

  PROJECT    a folder of tests/, for example OpAgent.Core.Tests; without one: all of them, the scripted agents and the native builds
  OPTION     passed on to the test programs, for example --filter-class '*Journal*'
  --no-aot   leaves the native builds (NativeAOT) of runtime and agents out
  --aot      makes them also where projects are named
TEXT
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
exec </dev/null
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

passed=0 failed=0 skipped=0
time_limit=40m

say() { printf '== %s\n' "$*"; }
fail() { printf 'failed %s\n' "$*"; failed=$((failed + 1)); }

# ---- What was asked for

aot= projects=() options=()
while (($#)); do
  case $1 in
    --aot) aot=yes ;;
    --no-aot) aot=no ;;
    -h | --help) usage; exit 0 ;;
    --) shift; options=("$@"); break ;;
    -*) usage >&2; exit 2 ;;
    *) projects+=("$(basename "$1")") ;;
  esac
  shift
done
((${#projects[@]} > 0)) && everything=no || everything=yes
aot=${aot:-$everything}
for project in ${projects[@]+"${projects[@]}"}; do
  [[ -f tests/$project/$project.csproj ]] || { echo "There is no test project tests/$project." >&2; exit 2; }
done

# ---- The end, however it comes

# Everything the tests start carries this directory in its environment or command line.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/opagent.XXXXXX")

survivors() {
  local directory pid
  for directory in /proc/[0-9]*; do
    pid=${directory#/proc/}
    if [[ $pid != "$$" && $pid != "$BASHPID" ]] && grep -qaF "$scratch" "$directory/environ" "$directory/cmdline" 2>/dev/null; then
      echo "$pid"
    fi
  done
}

finish() {
  local code=$? pid left
  trap - EXIT
  for _ in {1..50}; do
    left=$(survivors)
    [[ -z $left ]] && break
    sleep 0.1
  done
  for pid in $left; do
    fail "process $pid was left behind: $({ tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c1-200; } 2>/dev/null)"
    kill -KILL "$pid" 2>/dev/null || true
  done
  rm -rf "$scratch" || fail "the tests left files that cannot be removed: $scratch"
  if ((code != 0 && failed == 0)); then fail "the run broke off (exit code $code)"; fi
  if ((passed + failed == 0)); then fail "no test ran"; fi
  if ((skipped > 0)); then echo "Tests were skipped: a test that needs something installs it or fails, it never skips."; fi
  echo
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0 && skipped == 0)) || exit 1
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- What the tests need

install_missing() {
  local missing=() need command package
  for need in git:git go:golang hunspell:hunspell ssh:openssh-client sshd:openssh-server clang:clang ld.lld:lld bwrap:bubblewrap sqlite3:sqlite3 systemd-analyze:systemd chromium:chromium; do
    command=${need%%:*} package=${need#*:}
    PATH=$PATH:/usr/sbin:/sbin type -P "$command" >/dev/null || missing+=("$package")
  done
  for need in /usr/include/zlib.h:zlib1g-dev /usr/share/hunspell/en_US.dic:hunspell-en-us; do
    [[ -e ${need%%:*} ]] || missing+=("${need#*:}")
  done
  ((${#missing[@]} == 0)) && return

  local as_root=()
  if ((EUID != 0)); then
    type -P sudo >/dev/null || { echo "The tests need ${missing[*]}: install them, or run this as a user who may use sudo."; exit 1; }
    as_root=(sudo)
  fi
  type -P apt-get >/dev/null || { echo "The tests need ${missing[*]} (Debian's names), and there is no apt-get here: install them with this machine's package manager."; exit 1; }
  say "Installing ${missing[*]}"
  ${as_root[@]+"${as_root[@]}"} apt-get update -qq
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

check_languages() {
  dotnet --version >/dev/null || { echo "The tests need the .NET SDK that global.json names: install .NET 10."; exit 1; }
  type -P python3 >/dev/null || { echo "The tests need python3: install Python 3.9 or later."; exit 1; }
  local node
  node=$(node --version 2>/dev/null || echo none)
  [[ $node =~ ^v([0-9]+) && ${BASH_REMATCH[1]} -ge 20 ]] || { echo "The tests need node 20 or later and found $node: install Node.js 20."; exit 1; }
}

# ---- The parts

build() {
  say "Building the Go fixture"
  (cd tests/Fixtures/agents/go && GO111MODULE=on GOFLAGS=-mod=mod CGO_ENABLED=0 go build -trimpath -buildvcs=false -o agent .)
  # No build servers: they would outlive the run.
  local target
  for target in $([[ $everything == yes ]] && echo OpAgent.sln || printf 'tests/%s\n' "${projects[@]}"); do
    say "Building $target"
    dotnet build "$target" -c Release -v q --nologo --disable-build-servers
  done
}

# Runs a command with a home and data directory of their own; settings and caches of the tools stay where they are.
isolated() {
  mkdir -p "$scratch"/{home,tmp,data}
  env -u XDG_CONFIG_HOME -u XDG_CACHE_HOME -u XDG_DATA_HOME -u XDG_STATE_HOME -u XDG_RUNTIME_DIR \
    DOTNET_CLI_HOME="${DOTNET_CLI_HOME:-$HOME}" NUGET_PACKAGES="${NUGET_PACKAGES:-$HOME/.nuget/packages}" \
    NPM_CONFIG_USERCONFIG="${NPM_CONFIG_USERCONFIG:-$HOME/.npmrc}" NPM_CONFIG_CACHE="${NPM_CONFIG_CACHE:-$HOME/.npm}" \
    HOME="$scratch/home" TMPDIR="$scratch/tmp" OPAGENT_DATA="$scratch/data" "$@"
}

# Adds the numbers of "dotnet test"; a test program that died or ran nothing counts as one failure.
run_tests() {
  local log=$scratch/test.log code=0 name count before=$((passed + failed))
  isolated timeout --kill-after=10 "$time_limit" dotnet test "$@" -c Release --no-build --max-parallel-test-modules 1 ${options[@]+"${options[@]}"} 2>&1 | tee "$log" || code=$?
  while read -r name count; do
    case $name in
      succeeded:) passed=$((passed + count)) ;;
      failed: | error:) failed=$((failed + count)) ;;
      skipped:) skipped=$((skipped + count)) ;;
    esac
  done < <(sed -n '/^Test run summary/,$ { /^  [a-z]*: [0-9]*$/p }' "$log")
  if ((code == 124 || code == 137)); then fail "the tests were not done after $time_limit: the program that was started last hangs";
  elif ((code != 0 && failed == 0)); then fail "dotnet test ended with exit code $code";
  elif ((passed + failed == before)); then fail "no test ran"; fi
}

run_all_tests() {
  say "Running the tests"
  if [[ $everything == yes ]]; then
    run_tests --solution OpAgent.sln
    run_agent_checks
    run_fuzzing
  else
    local project
    for project in "${projects[@]}"; do run_tests --project "tests/$project"; done
  fi
}

run_agent_checks() {
  say "Checking the scripted agents"
  isolated python3 tests/Fixtures/agents/check.py 2>&1 | tee "$scratch/check.log" || true
  local agent
  for agent in node python go; do
    if grep -q "^passed scripted-$agent$" "$scratch/check.log"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  done
}

# A few seconds of mutated input for each parser and the path resolver.
run_fuzzing() {
  say "Fuzzing"
  if isolated tests/OpAgent.Fuzzing/bin/Release/net10.0/OpAgent.Fuzzing --minutes 0.05 --crashes "$scratch/fuzzing"; then
    passed=$((passed + 1))
  else
    fail "the fuzzing found something: run it again with the seed above and --crashes DIRECTORY"
  fi
}

# Each executable that is to publish as native code, without a warning; in a tree of its own, so that the ordinary output stays as it is.
publish_native() {
  local project name
  for project in src/OpAgent.Runtime $(dirname src/Agents/*/agent.json); do
    name=$(basename "$project")
    say "Publishing $name as native code"
    if dotnet publish "$project" -c Release --use-current-runtime -v q --nologo --disable-build-servers \
      -p:UseArtifactsOutput=true -p:ArtifactsPath="$scratch/native" -p:TreatWarningsAsErrors=true; then
      passed=$((passed + 1))
    else
      fail "$name does not publish as native code without warnings"
    fi
  done
}

install_missing
check_languages
build
run_all_tests
if [[ $aot == yes ]]; then publish_native; fi
