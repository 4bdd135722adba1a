"""A trained assistant as a process that is spoken to and killed, and the actions beside it."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-only-for-tests"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Actions(ThreadingHTTPServer):
    """An action server whose behaviour a test chooses."""

    daemon_threads = True

    def __init__(self, port):
        self.mode = "works"
        self.calls = []
        self.let_go = threading.Event()
        super().__init__(("127.0.0.1", port), _ActionHandler)


class _ActionHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append(asked)
        if self.server.mode == "hangs":
            time.sleep(4)
        if self.server.mode == "waits":
            self.server.let_go.wait(60)
        status, answer = (500, {}) if self.server.mode == "breaks" else (200, self._answer(asked))
        body = b"{}" if self.server.mode == "nonsense" else json.dumps(answer).encode()
        if self.server.mode == "nonsense":
            body = b'{"events": 7, "responses": 7}'
        assert self.headers["X-Kefu-Token"] == TOKEN
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, asked):
        turn = asked["tracker"]["latest_message"]["metadata"]["turn_id"]
        if asked["next_action"] == "action_hand_over":
            slot = {"event": "slot", "name": "handoff", "value": {"reason": "asked", "brief": {}}}
            return {"events": [slot], "responses": [{"text": "One moment."}]}
        card = {"kind": "order", "title": "KF-1234567", "facts": []}
        said = {"text": f"Looked up in {turn}.", "custom": {"cards": [card]}}
        return {"events": [], "responses": [said]}

    def log_message(self, *arguments):
        """Keeps the tests quiet."""


class Assistant:
    """A running assistant; what it prints goes to the file ``log`` in its folder."""

    def __init__(self, model, var, actions_port, *, turn_seconds=2, look_every=5):
        self.model, self.var, self.actions_port = model, var, actions_port
        self.turn_seconds, self.look_every = turn_seconds, look_every
        self.port = free_port()
        self.process = None
        self.log = var / "log"

    def environment(self):
        return {
            **os.environ,
            "KEFU_INTERNAL_TOKEN": TOKEN,
            "KEFU_VAR": str(self.var),
            "KEFU_ACTIONS_PORT": str(self.actions_port),
        }

    def credentials(self):
        """Like the shipped ones, with a time limit for which a test can wait."""
        shipped = (ROOT / "bot" / "credentials.yml").read_text()
        path = self.var / "credentials.yml"
        path.write_text(f"{shipped.rstrip()}\n  turn_seconds: {self.turn_seconds}\n")
        return str(path)

    def start(self):
        command = [
            *(sys.executable, "-m", "bot.serve", "--model", str(self.model)),
            *("--credentials", self.credentials(), "--port", str(self.port)),
            *("--look-every", str(self.look_every)),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log
            )
        for _ in range(600):
            try:
                if self.get("ready")[0] == 200:
                    return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError("the assistant did not become ready")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(20) == 0

    def get(self, path, *, token=TOKEN):
        return self._send(path, None, token)

    def post(self, path, body, *, token=TOKEN):
        return self._send(
            path, body if isinstance(body, bytes) else json.dumps(body).encode(), token
        )

    def turn(self, turn_id, text, *, conversation="c1", **more):
        return self.post(
            "turn", {"turn_id": turn_id, "conversation_id": conversation, "text": text, **more}
        )

    def _send(self, path, body, token):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/webhooks/kefu/{path}", body, {"X-Kefu-Token": token}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            if error.headers["Content-Type"] != "application/problem+json":
                raise AssertionError("not a problem document") from error
            return error.code, json.load(error)

    def saved(self, conversation):
        connection = sqlite3.connect(self.var / "tracker.db")
        row = connection.execute(
            "SELECT events FROM trackers WHERE sender_id = ?", (conversation,)
        ).fetchone()
        return [] if row is None else json.loads(row[0])


@contextmanager
def listening(port):
    server = Actions(port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
