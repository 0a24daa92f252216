"""Over TLS: the connection goes to the address that was looked at, and the certificate is asked for by name."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dateline.fetching.client import Answer, Asked
from dateline.records import Problem
from tests.fetching.site import Site, client_of


def certificate_for(name: str, folder: Path) -> Path:
    """A key and a certificate that vouches for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = f"host {self.headers['Host']}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that does not believe the certificate leaves


def test_the_certificate_is_asked_for_and_believed_by_name(tmp_path: Path) -> None:
    path = certificate_for("paper.example", tmp_path)
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    context.sni_callback = lambda connection, name, own: names.append(name)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        port = server.server_address[1]
        client = client_of(Site(port), resolve=lambda host, port: ["127.0.0.1"])
        client = replace(client, trust=ssl.create_default_context(cafile=str(path)))
        answer = client.fetch(Asked(f"https://paper.example:{port}/a"))
        assert isinstance(answer, Answer), answer
        assert answer.raw == f"host paper.example:{port}".encode()
        assert names == ["paper.example"]
        other = client.fetch(Asked(f"https://other.example:{port}/a"))
        assert isinstance(other, Problem)
        assert "certificate verify failed" in other.message
        unknown = replace(client, trust=None).fetch(Asked(f"https://paper.example:{port}/a"))
        assert isinstance(unknown, Problem)
        assert "certificate verify failed" in unknown.message
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
