# How the project's scripts speak to a person: calm lines on a terminal and in a log alike. Sourced, not run.
# shellcheck shell=bash

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
    bold='' dim='' plain=''
fi

step() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
note() { printf '  %s\n' "$*"; }
fail() {
    printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# One line that overwrites itself on a terminal; in a log, one line of every five.
progress_count=0
progress() {
    if [ -t 1 ]; then
        printf '\r\e[K  %s%s%s' "$dim" "$*" "$plain"
    elif [ $((progress_count++ % 5)) = 0 ]; then
        note "$*"
    fi
}
end_progress() { if [ -t 1 ]; then printf '\r\e[K'; fi; }

# Shows a command as a person would type it.
typed() { printf '  %s$ %s%s\n' "$dim" "$*" "$plain"; }
# The same, and runs it, its output indented.
type_and_run() {
    typed "$*"
    "$@" 2>&1 | sed 's/^/  /'
}

# Runs a command whose output matters only when it fails.
quietly() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 40 "$log" >&2
        fail "'$*' failed; its last lines are above, all of them in $log"
    fi
}

# Builds targets of a build folder; a terminal sees ninja's own line, a log a line for each tenth.
build_with_progress() {
    local folder=$1
    shift
    local command=(nice ninja -C "$folder" -j "$(nproc)" "$@")
    if [ -t 1 ]; then
        "${command[@]}"
    else
        NINJA_STATUS='@%p %t ' "${command[@]}" </dev/null | awk '
            /^@ *[0-9]+% [0-9]+ / { sub(/^@ */, ""); tenth = int($1 / 10)
                                    if (tenth > shown) { shown = tenth; print "  " $1 " of " $2 " steps"; fflush() }
                                    next }
            /^ninja: (Entering|no work)/ { next }
            { print; fflush() }'
    fi
}

# wait_until SECONDS WHAT COMMAND...: asks again until the command says yes.
wait_until() {
    local limit=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ $SECONDS -lt $limit ] || fail "waited too long for $what"
        sleep 0.1
    done
}

# Asks a process to end, insists after three seconds, and returns when it is gone.
end_process() {
    local pid=$1 tries=30
    [ -n "$pid" ] || return 0
    kill "$pid" 2>/dev/null || return 0
    while [ $((tries--)) -gt 0 ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
}
