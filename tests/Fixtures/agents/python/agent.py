#!/usr/bin/env python3
"""A scripted agent: the Agent Client Protocol by hand. ../README.md describes its script language and arguments."""
import json
import os
import signal
import subprocess
import sys
import threading
import time

ARGS = sys.argv[1:]
KEEPS_SESSIONS = "--load" in ARGS or "--resume" in ARGS
MODES = ({"id": "default", "name": "Default"}, {"id": "auto", "name": "Auto"})
PERMISSIONS = {"py-yes": ("allow_once", "Allow"), "py-always": ("allow_always", "Always allow"),
               "py-no": ("reject_once", "Reject"), "py-never": ("reject_always", "Always reject")}
BATCH = 500  # message chunks that are written at once

kept = []  # memory and files that a script said to take
ignored = set()  # of cancel, stdin-end, term: what a script said to ignore


class Cancelled(Exception):
    """The client cancelled the turn."""


class Stop(Exception):
    """Ends the turn with this stop reason."""


class Failure(Exception):
    """Answers a request with this JSON-RPC error."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def encode(message):
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def content_of(path):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except OSError:
        return None


def put(path, text):
    try:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return True
    except OSError:
        return False


class Client:
    """The other end of stdio."""

    def __init__(self):
        self._lock = threading.Lock()
        self._waiting = {}
        self._last_id = 0

    def write(self, data):
        with self._lock:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def send(self, **message):
        self.write(encode({"jsonrpc": "2.0", **message}) + b"\n")

    def request(self, turn, method, params):
        """Asks the client and returns its whole answer, a result or an error."""
        self._last_id += 1
        id, answers = self._last_id, []
        self._waiting[id] = answers
        self.send(id=id, method=method, params=params)
        turn.wait_until(lambda: answers)
        return answers[0]

    def answered(self, message):
        self._waiting.pop(message["id"], []).append(message)


class Session:
    def __init__(self, id, began, params):
        self.id, self.began, self.params = id, began, params
        self.mode, self.turn, self.updates = None, None, []
        self.path = os.path.join(os.environ.get("HOME", "/nonexistent"), "sessions", id + ".json")

    def save(self):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(self.path + ".new", "wb") as file:
            file.write(encode(self.updates))
        os.replace(self.path + ".new", self.path)


class Turn:
    """One prompt. Its script runs line by line on a thread of its own, so that a cancellation can be read meanwhile."""

    def __init__(self, agent, session, prompt):
        self.agent, self.session, self.client = agent, session, agent.client
        last = max((i for i, block in enumerate(prompt) if block["type"] == "text"), default=0)
        self.before = [block.get("text") or block.get("uri") or block["resource"]["text"] for block in prompt[:last]]
        self.script = prompt[last]["text"]
        self.edits = 0
        self.cancelled = threading.Event()

    def run(self):
        """Runs the script to its end and returns the stop reason."""
        self.keep({"sessionUpdate": "user_message_chunk", "content": {"type": "text", "text": self.script}})
        try:
            for line in filter(str.strip, self.script.split("\n")):
                self.sleep(0)
                self.run_line(line)
            self.sleep(0)
            return "end_turn"
        except Cancelled:
            return "cancelled"
        except Stop as stop:
            return str(stop)
        finally:
            if KEEPS_SESSIONS:
                self.session.save()

    def run_line(self, line):
        name, _, rest = line.partition(" ")
        command = COMMANDS.get(name, lambda turn, _: turn.say("echo: " + line))
        try:
            command(self, rest.replace("\\n", "\n"))
        except (ValueError, KeyError):
            raise Failure(-32602, "cannot understand: " + line) from None

    def sleep(self, seconds=None):
        """Returns when the time is over, if ever; a cancelled turn leaves at once."""
        if self.cancelled.wait(seconds):
            raise Cancelled

    def wait_until(self, done):
        while not done():
            self.sleep(0.002)

    def keep(self, update):
        if KEEPS_SESSIONS:
            self.session.updates.append(update)

    def envelope(self, update):
        return {"method": "session/update", "params": {"sessionId": self.session.id, "update": update}}

    def update(self, kind, /, **fields):
        update = {"sessionUpdate": kind, **fields}
        self.keep(update)
        self.client.send(**self.envelope(update))

    def say(self, text, kind="agent_message_chunk"):
        self.update(kind, content={"type": "text", "text": text})

    def chunk_line(self):
        """What stands before and after the text in a message chunk's line, so that many can be made quickly."""
        update = {"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": "|"}}
        return encode({"jsonrpc": "2.0", **self.envelope(update)}).split(b"|")

    def send_chunks(self, texts, interval=0):
        before, after = self.chunk_line()
        lines = []
        for text in texts:
            lines.append(before + text + after + b"\n")
            if interval or len(lines) == BATCH or len(text) > 4096:
                self.client.write(b"".join(lines))
                lines.clear()
                self.sleep(interval / 1000)
        self.client.write(b"".join(lines))

    def resolve(self, path):
        return os.path.join(self.session.params["cwd"], path)

    # Commands of the script that take more than a line

    def chunks(self, rest):
        count, size, interval = map(int, (rest.split() + ["0", "0"])[:3])
        self.send_chunks(((b"%d" % i).ljust(size - 1, b".") + b" " for i in range(1, count + 1)), interval)

    def stamps(self, rest):
        count, interval = map(int, (rest.split() + ["0"])[:2])
        self.send_chunks((b"%d " % (time.time_ns() // 1000) for _ in range(count)), interval)

    def flood(self, rest):
        full, remainder = divmod(int(rest), 8192)
        self.send_chunks(b"x" * 8192 for _ in range(full))
        self.send_chunks([b"x" * remainder])

    def line(self, rest):
        self.send_chunks([b"x" * (int(rest) - sum(map(len, self.chunk_line())))])

    def tool(self, rest):
        id, kind, title = rest.split(" ", 2)
        self.update("tool_call", toolCallId=id, title=title, kind=kind, status="in_progress")

    def tool_done(self, rest):
        id, _, text = rest.partition(" ")
        content = {"content": [{"type": "content", "content": {"type": "text", "text": text}}]} if text else {}
        self.update("tool_call_update", toolCallId=id, status="completed", **content)

    def plan(self, rest):
        self.update("plan", entries=[{"content": step.strip(), "priority": "medium", "status": "pending"} for step in rest.split(";")])

    def usage(self, rest):
        used, size, cost = rest.split()
        self.update("usage_update", used=int(used), size=int(size), cost={"amount": float(cost), "currency": "USD"})

    def edit(self, rest):
        path, _, text = rest.partition(" ")
        full = self.resolve(path)
        self.edits += 1
        call = {"toolCallId": f"edit-{self.edits}", "title": "Edit " + path, "kind": "edit", "status": "pending", "locations": [{"path": full}],
                "content": [{"type": "diff", "path": full, "oldText": content_of(full), "newText": text}]}
        self.update("tool_call", **call)
        status = "failed"
        try:
            answer = self.client.request(self, "session/request_permission", {
                "sessionId": self.session.id, "toolCall": call,
                "options": [{"optionId": id, "name": name, "kind": kind} for id, (kind, name) in PERMISSIONS.items()]})
            outcome = answer.get("result", {}).get("outcome", {})
            if outcome.get("outcome") == "cancelled":
                raise Cancelled
            if outcome.get("optionId") in ("py-yes", "py-always") and put(full, text):
                status = "completed"
        finally:
            self.update("tool_call_update", toolCallId=call["toolCallId"], status=status)

    def write(self, rest):
        path, _, text = rest.partition(" ")
        if not put(self.resolve(path), text):
            self.say("cannot write " + path)

    def read(self, path):
        content = content_of(self.resolve(path))
        self.say("cannot read " + path if content is None else content)

    def unknown_request(self, _):
        answer = self.client.request(self, "scripted/unknown", {"sessionId": self.session.id})
        self.say(str(answer.get("error", {}).get("code", "none")))

    def spawn_child(self, rest):
        seconds, _, how = rest.partition(" ")
        child = subprocess.Popen(["sleep", seconds], stdin=subprocess.DEVNULL, start_new_session=how == "detached")
        threading.Thread(target=child.wait, daemon=True).start()
        self.say(str(child.pid))

    def take_memory(self, rest):
        size, after = map(int, (rest.split() + ["0"])[:2])
        if after:
            threading.Timer(after / 1000, lambda: kept.append(b"x" * size)).start()
        else:
            kept.append(b"x" * size)

    def open_files(self, rest):
        count = 0
        try:
            for _ in range(int(rest)):
                kept.append(open("/dev/null", "rb"))
                count += 1
        except OSError:
            pass
        self.say(str(count))

    def kill(self, rest):
        os.kill(os.getpid(), int(rest) if rest.isdigit() else signal.Signals["SIG" + rest])
        self.sleep()

    def stop(self, reason):
        raise Stop(reason)

    def fail(self, rest):
        code, _, message = rest.partition(" ")
        raise Failure(int(code), message)


COMMANDS = {
    "say": Turn.say,
    "think": lambda turn, rest: turn.say(rest, "agent_thought_chunk"),
    "chunks": Turn.chunks, "stamps": Turn.stamps, "flood": Turn.flood, "line": Turn.line,
    "tool": Turn.tool, "tool-done": Turn.tool_done, "plan": Turn.plan, "usage": Turn.usage,
    "tool-update-only": lambda turn, id: turn.update("tool_call_update", toolCallId=id, title="Never announced", kind="read", status="completed"),
    "edit": Turn.edit, "write": Turn.write, "read": Turn.read,
    "env": lambda turn, _: turn.say("\n".join(sorted(map("=".join, os.environ.items())))),
    "cwd": lambda turn, _: turn.say(os.getcwd()),
    "pid": lambda turn, _: turn.say(str(os.getpid())),
    "ids": lambda turn, _: turn.say(f"{os.getpid()} {os.getpgid(0)} {os.getsid(0)}"),
    "history": lambda turn, _: turn.say("\n".join(turn.before) or "none"),
    "session": lambda turn, _: turn.say(f"{turn.session.id} {turn.session.began}"),
    "mode": lambda turn, _: turn.say(turn.session.mode or "none"),
    "params": lambda turn, _: turn.say(encode({"initialize": turn.agent.initialized, "session": turn.session.params}).decode()),
    "stderr": lambda turn, rest: print(rest, file=sys.stderr, flush=True),
    "junk": lambda turn, rest: turn.client.write(rest.encode() + b"\n"),
    "junk-bytes": lambda turn, rest: turn.client.write(b"\xff" + os.urandom(int(rest) - 1).replace(b"\n", b"\0") + b"\n"),
    "sleep": lambda turn, rest: turn.sleep(int(rest) / 1000),
    "wait-file": lambda turn, path: turn.wait_until(lambda: os.path.exists(turn.resolve(path))),
    "hang": lambda turn, _: turn.sleep(),
    "exit": lambda turn, rest: os._exit(int(rest)),
    "kill": Turn.kill, "spawn-child": Turn.spawn_child, "take-memory": Turn.take_memory, "open-files": Turn.open_files,
    "ignore-cancel": lambda turn, _: ignored.add("cancel"),
    "ignore-stdin-end": lambda turn, _: ignored.add("stdin-end"),
    "ignore-term": lambda turn, _: ignored.add("term"),
    "stop": Turn.stop, "fail": Turn.fail,
    "unknown-update": lambda turn, _: turn.update("scripted_unknown", detail="a kind that nobody knows"),
    "unknown-request": Turn.unknown_request,
}


class Agent:
    def __init__(self):
        self.client, self.sessions, self.initialized = Client(), {}, None

    def serve(self):
        if "--exit-at-start" in ARGS:
            code = int(ARGS[ARGS.index("--exit-at-start") + 1])
            print(f"exits with {code}, as told", file=sys.stderr)
            return code
        signal.signal(signal.SIGTERM, self.terminate)
        if "--junk-at-start" in ARGS:
            self.client.write(b"Warning: this line is not JSON\n")
        for line in sys.stdin.buffer:
            if "--hang-at-start" not in ARGS:
                self.receive(line)
        while "stdin-end" in ignored:
            signal.pause()
        return 0

    def terminate(self, number, _):
        if "term" not in ignored:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def receive(self, line):
        try:
            message = json.loads(line)
        except ValueError:
            return self.client.send(id=None, error={"code": -32700, "message": "not JSON"})
        if "method" in message:
            self.answer(message, lambda: self.call(message["method"], message.get("params", {})))
        else:
            self.client.answered(message)

    def call(self, method, params):
        handler = self.METHODS.get(method)
        if handler is None:
            raise Failure(-32601, "unknown method " + method)
        return handler(self, params)

    def answer(self, message, work):
        """Replies with what the work returns; where that is more work, a turn, it goes on while further messages are read."""
        try:
            result = work()
            if callable(result):
                return threading.Thread(target=self.answer, args=(message, result), daemon=True).start()
            reply = {"result": result}
        except Failure as failure:
            reply = {"error": {"code": failure.code, "message": str(failure)}}
        except KeyError as missing:
            reply = {"error": {"code": -32602, "message": f"missing {missing}"}}
        if "id" in message:
            self.client.send(id=message["id"], **reply)

    # Methods of the protocol

    def initialize(self, params):
        if "--fail-initialize" in ARGS:
            raise Failure(-32603, "refuses to initialize, as told")
        self.initialized = params
        return {"protocolVersion": 1, "authMethods": [], "agentInfo": {"name": "scripted-python", "version": "1.0.0"},
                "agentCapabilities": {"loadSession": "--load" in ARGS, "promptCapabilities": {"embeddedContext": True},
                                      "sessionCapabilities": {"resume": {}} if "--resume" in ARGS else {}}}

    def new(self, params):
        session = Session(os.urandom(8).hex(), "new", params)
        if KEEPS_SESSIONS:
            session.save()
        return {"sessionId": session.id, **self.open(session)}

    def load(self, params):
        session = self.restore(params, "load")
        for update in session.updates:
            self.client.send(method="session/update", params={"sessionId": session.id, "update": update})
        return self.open(session)

    def resume(self, params):
        return self.open(self.restore(params, "resume"))

    def restore(self, params, began):
        if "--" + began not in ARGS:
            raise Failure(-32601, "unknown method session/" + began)
        session = Session(params["sessionId"], began, params)
        saved = content_of(session.path)
        if saved is None:
            raise Failure(-32002, "no session " + session.id)
        session.updates = json.loads(saved)
        return session

    def open(self, session):
        self.sessions[session.id] = session
        if "--modes" in ARGS:
            session.mode = "auto"
            return {"modes": {"currentModeId": session.mode, "availableModes": MODES}}
        if "--config-mode" in ARGS:
            session.mode = "auto"
            return self.config_of(session)
        return {}

    def config_of(self, session):
        options = [{"value": mode["id"], "name": mode["name"]} for mode in MODES]
        return {"configOptions": [{"id": "mode", "name": "Mode", "category": "mode", "type": "select",
                                   "currentValue": session.mode, "options": options}]}

    def set_mode(self, params):
        self.choose(params, "--modes", params["modeId"])
        return {}

    def set_config_option(self, params):
        return self.config_of(self.choose(params, "--config-mode", params["value"]))

    def choose(self, params, needed, mode):
        if needed not in ARGS or mode not in ("default", "auto") or params.get("configId", "mode") != "mode":
            raise Failure(-32602, f"no mode {mode} here")
        session = self.session_of(params)
        session.mode = mode
        return session

    def prompt(self, params):
        session = self.session_of(params)
        if session.turn:
            raise Failure(-32600, "a turn is running")
        turn = session.turn = Turn(self, session, params["prompt"])

        def run():
            try:
                return {"stopReason": turn.run()}
            finally:
                session.turn = None

        return run

    def cancel(self, params):
        turn = self.session_of(params).turn
        if turn and "cancel" not in ignored:
            turn.cancelled.set()

    def session_of(self, params):
        if params["sessionId"] not in self.sessions:
            raise Failure(-32002, "no session " + params["sessionId"])
        return self.sessions[params["sessionId"]]

    METHODS = {"initialize": initialize, "session/new": new, "session/load": load, "session/resume": resume,
               "session/set_mode": set_mode, "session/set_config_option": set_config_option,
               "session/prompt": prompt, "session/cancel": cancel}


if __name__ == "__main__":
    sys.exit(Agent().serve())
