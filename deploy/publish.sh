#!/usr/bin/env bash
# Writes what the systemd units run into one directory: the host with its own .NET, the runtime and the agents as native code.
# Needs the .NET SDK, Node.js, clang and zlib's headers (Debian: clang zlib1g-dev); the machine that runs it needs none of them.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=$(realpath -m "${1:-$root/artifacts/opagent}")
[[ ! -e $target ]] || { echo "$target is there already: remove it, or name another directory." >&2; exit 2; }
mkdir -p "$(dirname "$target")"
stage=$(mktemp -d "$target.XXXXXX")
trap 'rm -rf "$stage"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

publish() { dotnet publish "$root/src/$1" -c Release --use-current-runtime -v q --disable-build-servers -o "$stage/$2" "${@:3}"; }

publish OpAgent . --self-contained
# The host's build brought these as they are built to be tried.
rm -r "$stage/runtime" "$stage/agents"
publish OpAgent.Runtime runtime
for manifest in "$root"/src/Agents/*/agent.json; do
  agent=$(basename "$(dirname "$manifest")")
  publish "Agents/$agent" "agents/${agent,,}"
done
find "$stage" \( -name '*.dbg' -o -name '*.pdb' -o -name 'OpAgent.*.xml' \) -delete
chmod 755 "$stage"
mv -T "$stage" "$target"
trap - EXIT
echo "$target"
