#!/bin/sh
# A whole agent: it speaks the Agent Client Protocol, one JSON message a line, and reads the pages of its directory aloud.

reading=

answer() {
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$1" "$2"
}

read_aloud() {
  for page in *.md; do
    while IFS= read -r line || [ -n "$line" ]; do
      line=$(printf '%s' "$line" | tr '\t' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g')
      printf '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"reading","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"%s\\n"}}}}\n' "$line"
      sleep 0.5
    done < "$page"
  done
  answer "$1" '{"stopReason":"end_turn"}'
}

# What is still being read ends here. Its prompt is answered as cancelled, unless it had just come to its end by itself.
stop_reading() {
  [ -n "$reading" ] || return
  kill "$reading" 2>/dev/null
  wait "$reading" 2>/dev/null
  [ $? -gt 128 ] && answer "$prompt" '{"stopReason":"cancelled"}'
  reading=
}

trap 'stop_reading; exit 0' TERM

while IFS= read -r message; do
  # The id stands before the parameters; a notification has none.
  head=${message%%'"params":'*}
  case $head in
    *'"id":'*) id=${head##*'"id":'}; id=${id%%[!0-9]*} ;;
    *) id= ;;
  esac
  case $head in
    *'"method":"initialize"'*) answer "$id" '{"protocolVersion":1,"agentCapabilities":{},"agentInfo":{"name":"reader","version":"1.0.0"}}' ;;
    *'"method":"session/new"'*) answer "$id" '{"sessionId":"reading"}' ;;
    *'"method":"session/prompt"'*) prompt=$id; read_aloud "$id" & reading=$! ;;
    *'"method":"session/cancel"'*) stop_reading ;;
    *) [ -z "$id" ] || printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"The reader does not know this method."}}\n' "$id" ;;
  esac
done
stop_reading
