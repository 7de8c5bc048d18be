#!/usr/bin/env bash
# ./build.sh [target] [template] [--option=value …]: ./build.sh, ./build.sh demo, ./build.sh test --template=mlportfolio-evalharness
set -euo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
arguments=()
words=()
while [ $# -gt 0 ]; do
  case "$1" in
    --*=*) arguments+=("$1") ;;
    --*) if [ $# -gt 1 ]; then arguments+=("$1=$2"); shift; else arguments+=("$1=true"); fi ;;
    *) words+=("$1") ;;
  esac
  shift
done
[ "${#words[@]}" -lt 2 ] || arguments+=("--template=${words[1]}")
dotnet tool restore > /dev/null
exec dotnet cake build/build.cake "--target=${words[0]:-help}" "--caller=$caller" "${arguments[@]}"
