#!/usr/bin/env bash
# A task's life on two devices, with plain curl: typed on A, seen on B, completed on A, seen on B, deleted on A,
# gone from B.
#
#   ./run                       # in another terminal
#   examples/two-devices.sh
#
# TIDEMARK_URL names the server (default: http://127.0.0.1:8080). Needs curl and jq. Ends with 1, and says which step
# it was, when an answer is not as expected.
# shellcheck disable=SC2016 # What looks like the shell's variables are jq's.
set -euo pipefail

url=${TIDEMARK_URL:-http://127.0.0.1:8080}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

step() { printf '\n== %s\n' "$1"; }

fail() {
  printf '\nNot as expected: %s\n' "$1" >&2
  exit 1
}

# call STATUS METHOD PATH [--json BODY] [CURL ARGUMENTS…]: shows the call and its answer, and expects its status.
call() {
  local expected=$1 method=$2 path=$3 status
  shift 3
  printf '%s %s\n' "$method" "$path"
  [[ ${1-} == --json ]] && show <<<"$2"
  # curl writes nothing for an answer without a body, and would leave the one before.
  : >"$answer"
  status=$(curl --silent --show-error --max-time 20 --output "$answer" --write-out '%{http_code}' \
    --request "$method" "$url$path" "$@") || fail "no answer from $url (is ./run running?)"
  printf '→ %s\n' "$status"
  [[ -s $answer ]] && show <"$answer"
  [[ $status == "$expected" ]] || fail "status $status in place of $expected"
}

# Secrets are not shown; what is no JSON is shown as it is.
show() {
  local text
  text=$(cat)
  jq 'with_entries(if .key | test("password|_token$") then .value = "…" else . end)' <<<"$text" 2>/dev/null ||
    printf '%s\n' "$text"
}

# sync TOKEN BODY: pushes and pulls.
sync() { call 200 POST /sync --json "$2" --header "Authorization: Bearer $1"; }

# expect WHAT FILTER [JQ ARGUMENTS…]: the last answer makes the jq filter true.
expect() {
  local what=$1 filter=$2
  shift 2
  jq --exit-status "$@" "$filter" "$answer" >/dev/null || fail "$what"
}

value() { jq --raw-output "$1" "$answer"; }

now() { date +%s%3N; }

command -v jq >/dev/null || fail "jq is not installed (apt-get install jq)"
email="ada-$(now)-$RANDOM@example.org"
password='correct horse battery staple'
task="task-$(now)-$RANDOM"
content='Buy milk 🥛 & "bread"'

step '1. Ada registers on device A'
credentials=$(jq --null-input --arg email "$email" --arg password "$password" '{$email, $password, device_id: "A"}')
call 201 POST /auth/register --json "$credentials"
token_a=$(value .access_token)

step '2. She logs in on device B'
call 200 POST /auth/login --json "$(jq '.device_id = "B"' <<<"$credentials")"
token_b=$(value .access_token)

step '3. A pushes a task'
sync "$token_a" "$(jq --null-input --arg id "$task" --arg content "$content" --argjson now "$(now)" '
  {last_sync: 0, device_id: "A", acked: 0, client_time: $now,
   changes: [{$id, mutation_id: 1, version: 1, created_at: $now, updated_at: $now, device_id: "A", $content}]}')"
expect 'nothing is rejected' '(.rejected // []) == []'
cursor_a=$(value .server_time)
epoch=$(value .epoch)

step '4. B pulls it'
sync "$token_b" "$(jq --null-input --argjson now "$(now)" '{last_sync: 0, device_id: "B", acked: 0, client_time: $now}')"
expect 'B has the task as A typed it' '.updates | any(.id == $id and .content == $content and .version == 1)' \
  --arg id "$task" --arg content "$content"
cursor_b=$(value .server_time)
etag=$(value .etag)

step '5. B asks whether anything changed: nothing did'
call 304 GET '/sync/check?device_id=B' --header "Authorization: Bearer $token_b" --header "If-None-Match: \"$etag\""

step '6. A completes the task'
sync "$token_a" "$(jq --null-input --arg id "$task" --arg epoch "$epoch" --argjson cursor "$cursor_a" --argjson now "$(now)" '
  {last_sync: $cursor, $epoch, device_id: "A", acked: 1, client_time: $now,
   changes: [{$id, mutation_id: 2, version: 2, updated_at: $now, device_id: "A", completed: true}]}')"
expect 'nothing is rejected' '(.rejected // []) == []'
cursor_a=$(value .server_time)

step '7. B asks again: now something did'
call 200 GET '/sync/check?device_id=B' --header "Authorization: Bearer $token_b" --header "If-None-Match: \"$etag\""

step '8. B pulls the one field that changed'
sync "$token_b" "$(jq --null-input --arg epoch "$epoch" --argjson cursor "$cursor_b" --argjson now "$(now)" '
  {last_sync: $cursor, $epoch, device_id: "B", acked: 0, client_time: $now}')"
expect 'B is told that the task is completed, and not its text again' \
  '.updates | length == 1 and .[0].id == $id and .[0].completed == true and .[0].version == 2 and (.[0] | has("content") | not)' \
  --arg id "$task"
cursor_b=$(value .server_time)

step '9. A deletes the task'
sync "$token_a" "$(jq --null-input --arg id "$task" --arg epoch "$epoch" --argjson cursor "$cursor_a" --argjson now "$(now)" '
  {last_sync: $cursor, $epoch, device_id: "A", acked: 2, client_time: $now,
   changes: [{$id, mutation_id: 3, version: 3, updated_at: $now, device_id: "A", deleted_at: $now}]}')"
expect 'nothing is rejected' '(.rejected // []) == []'

step '10. B learns that it is gone'
sync "$token_b" "$(jq --null-input --arg epoch "$epoch" --argjson cursor "$cursor_b" --argjson now "$(now)" '
  {last_sync: $cursor, $epoch, device_id: "B", acked: 0, client_time: $now}')"
expect 'the task is among the deleted' '(.updates | length == 0) and (.deleted | index($id) != null)' --arg id "$task"

printf '\nTwo devices, one list: every step was as expected.\n'
