"""A server of models on this machine that answers well, badly, slowly or not at all: what it does is said request by request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


@dataclass(frozen=True)
class Asked:
    """A request as the server got it."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def paragraphs(self) -> list[str]:
        found: list[str] = json.loads(self.body["messages"][1]["content"])["paragraphs"]
        return found


@dataclass
class ModelServer:
    """The running server. Requests are answered by `script` in turn, and by `usual` once that is used up."""

    port: int
    usual: Answering | None = None
    script: list[Answering] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def next(self, asked: Asked) -> Answering | None:
        with self.turn:
            self.asked.append(asked)
            return self.script.pop(0) if self.script else self.usual


def says(content: str, *, finish: str = "stop") -> Answering:
    """Answers as a model that says this."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    return sends(json.dumps({"object": "chat.completion", "choices": [choice]}))


def proposes(*records: Mapping[str, Any]) -> Answering:
    """Answers with these records."""
    return says(json.dumps({"records": list(records)}))


def sends(body: str | bytes, status: int = 200, kind: str = "application/json", **headers: str) -> Answering:
    """Answers with a body as it is."""
    raw = body.encode() if isinstance(body, str) else body

    def answer(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(raw)

    return answer


def drips(piece: bytes = b" ", every: float = 0.02) -> Answering:
    """Begins to answer and never ends, a byte at a time: no single wait is long."""

    def answer(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        with suppress(OSError):
            while True:
                handler.wfile.write(piece)
                handler.wfile.flush()
                time.sleep(every)

    return answer


def hangs_up(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
    """Closes the connection without a word."""
    handler.close_connection = True


def is_silent(seconds: float) -> Answering:
    """Says nothing for so long."""

    def answer(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        time.sleep(seconds)

    return answer


def record(evidence: str, trigger: str, type: str, **fields: Any) -> dict[str, Any]:
    """A record as a model proposes it."""
    names = ("mode", "status_cue", "time", "place", "said_by", "said_cue")
    usual: dict[str, Any] = dict.fromkeys(names) | {"status": "asserted", "actors": [], "recipients": [], "figures": []}
    return {"evidence": evidence, "trigger": trigger, "type": type, **usual, **fields}


def by_paragraph(answers: Mapping[str, Sequence[Mapping[str, Any]]]) -> Answering:
    """Answers with the records of whichever of these words stand in what it is asked about."""

    def answer(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        said = request["messages"][1]["content"]
        proposes(*(record for words, records in answers.items() if words in said for record in records))(handler, request)

    return answer


@contextmanager
def running() -> Iterator[ModelServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answering = server.next(Asked(self.path, dict(self.headers), body))
            if answering is not None:
                with suppress(OSError):
                    answering(self, body)

        def log_message(self, *args: object) -> None:
            """Nothing is logged."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    server = ModelServer(listener.server_address[1])
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
