"""Traces go out when they are wanted, and cost nothing when they are not."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def test_nothing_is_imported_without_an_endpoint() -> None:
    script = (
        "import sys\n"
        "import gateway.app\n"
        "from gateway.tracing import span, start_tracing\n"
        "start_tracing('')\n"
        "with span('turn', turn='1') as current:\n"
        "    current.rename('x')\n"
        # FastAPI and redis-py take what they find of the API and the metrics by themselves.
        "own = ('opentelemetry.sdk.trace', 'opentelemetry.exporter')\n"
        "print([name for name in sys.modules if name.startswith(own)])\n"
    )
    assert run(script).strip() == "[]"


def test_spans_reach_a_collector_without_the_texts_of_errors() -> None:
    bodies: list[bytes] = []
    arrived = threading.Event()

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            arrived.set()

        def log_message(self, *_arguments: object) -> None:
            """Keep the tests' output readable."""

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        script = (
            "import sys\n"
            "from gateway.tracing import span, start_tracing\n"
            "start_tracing(sys.argv[1])\n"
            "try:\n"
            "    with span('turn', turn='abc'):\n"
            "        raise ValueError('what a customer wrote')\n"
            "except ValueError:\n"
            "    pass\n"
        )
        run(script, f"http://127.0.0.1:{server.server_port}/v1/traces")
        assert arrived.wait(10)
        server.shutdown()
        thread.join()
    sent = b"".join(bodies)
    assert b"kefu-gateway" in sent
    assert b"abc" in sent
    assert b"what a customer wrote" not in sent
