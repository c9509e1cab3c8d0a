"""An agent that writes to its standard output whatever a prompt asks for, as fast as the pipe takes it."""
import json
import os
import sys
import time

BLOCK = 1 << 20


def write(data):
    view = memoryview(data)
    while view:
        view = view[os.write(1, view):]


def repeat(piece, size):
    """Whole pieces, about so many bytes in all."""
    block = piece * max(1, BLOCK // len(piece))
    for _ in range(max(1, size // len(block))):
        write(block)


def chunk(text):
    return update({"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": text}})


def update(content):
    return json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": {"sessionId": "s", "update": content}}).encode() + b"\n"


def run(command, size):
    if command == "line":
        repeat(b"x" * BLOCK, size)
        write(b"\n")
    elif command == "junk":
        repeat(b"y\n", size)
    elif command == "broken":
        repeat(b'{"a":x\n', size)
    elif command == "broken-line":
        write(b'{"a":"' + b"q" * size + b'"\n')
    elif command == "binary":
        repeat(os.urandom(BLOCK), size)
        write(b"\n")
    elif command == "deep":
        write(b'{"jsonrpc":"2.0","method":"session/update","params":' + b'{"a":' * size + b"1" + b"}" * size + b"}\n")
        write(update({"sessionUpdate": "tool_call", "toolCallId": "deep", "title": "deep", "rawInput": None}).replace(b"null", b"[" * size + b"]" * size))
    elif command == "updates":
        repeat(chunk("z" * 60), size)
    elif command == "tools":
        repeat(b"".join(update({"sessionUpdate": "tool_call", "toolCallId": str(i), "title": "t" * 400, "kind": "other"}) for i in range(20000)), size)
    elif command == "thoughts":
        thought = update({"sessionUpdate": "agent_thought_chunk", "content": {"type": "text", "text": "h" * 4000}})
        for _ in range(max(1, size // (8 * BLOCK))):
            repeat(chunk("z" * 4000), 4 * BLOCK)
            repeat(thought, 4 * BLOCK)
    elif command == "whole":
        write(chunk("w" * size))
    elif command == "wholes":
        line = chunk("w" * min(size, 15 * BLOCK))
        for _ in range(max(1, size // len(line))):
            write(line)
    elif command == "requests":
        repeat(b'{"jsonrpc":"2.0","id":"r","method":"fs/read_text_file","params":{"path":"/"}}\n', size)
    elif command == "stderr":
        block = b"e" * 99 + b"\n"
        for _ in range(size // (100 * 10000)):
            os.write(2, block * 10000)
    elif command == "say":
        write(chunk(str(size)))


def main():
    lines = sys.stdin.buffer
    while line := lines.readline():
        message = json.loads(line)
        method = message.get("method")
        if method == "initialize":
            result = {"protocolVersion": 1}
        elif method == "session/new":
            result = {"sessionId": "s"}
            if "--deaf" in sys.argv:
                write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode() + b"\n")
                time.sleep(1000)
        elif method == "session/prompt":
            for command in message["params"]["prompt"][-1]["text"].split("\n"):
                name, size = command.split(" ")
                run(name, int(size))
            result = {"stopReason": "end_turn"}
        else:
            continue
        write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode() + b"\n")


main()
