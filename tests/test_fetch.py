"""Fetching: what comes home, what may not be asked, and how much time and room a server may take."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from webapp.errors import BadAddress, FetchFailed
from webapp.fetch import Fetcher
from webapp.settings import Settings
from webapp.version import VERSION

PRIVATE = Settings(
    data_dir=Path("unused"),
    fetch_private_hosts=True,
    fetch_timeout_s=5,
    fetch_limit_bytes=1_000_000,
    fetch_redirect_limit=3,
)
PUBLIC = replace(PRIVATE, fetch_private_hosts=False)
PAGE = "<html><body><p>Brücke</p></body></html>".encode()


class Site(BaseHTTPRequestHandler):
    """A small web site with a room for everything that servers do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        path = self.path.partition("?")[0]
        kind, _, rest = path.strip("/").partition("/")
        getattr(self, f"say_{kind}", self.say_page)(rest)

    def answer(self, content, media_type="text/html; charset=utf-8", status=200, **headers):
        self.send_response(status)
        if media_type:
            self.send_header("Content-Type", media_type)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(content)

    def say_page(self, rest):
        self.answer(PAGE)

    def say_picture(self, rest):
        self.answer(b"\x89PNG...", "image/png")

    def say_plain(self, rest):
        self.answer("שלום".encode("cp1255"), 'text/plain; charset="windows-1255"')

    def say_untyped(self, rest):
        self.answer(PAGE, "")

    def say_status(self, code):
        self.answer(b"<p>no", status=int(code))

    def say_type(self, media_type):
        self.answer(b"...", media_type)

    def say_again(self, count):
        self.answer(b"", status=302, Location=f"/again/{int(count) - 1}" if int(count) else "/page")

    def say_to(self, address):
        self.answer(b"", status=301, Location=address.replace("|", "//"))

    def say_unicode(self, rest):
        self.answer(b"", status=302, Location="/brücke?q=ü".encode().decode("latin-1"))

    def say_gzip(self, rest):
        self.answer(gzip.compress(PAGE), Content_Encoding="gzip")

    def say_deflate(self, rest):
        self.answer(zlib.compress(PAGE), Content_Encoding="deflate")

    def say_garbled(self, rest):
        self.answer(b"\x1f\x8b not at all", Content_Encoding="gzip")

    def say_bomb(self, rest):
        self.answer(gzip.compress(bytes(200_000_000), 1), Content_Encoding="gzip")

    def say_nested(self, rest):
        self.answer(gzip.compress(gzip.compress(bytes(100_000_000), 9)), Content_Encoding="gzip, gzip")

    def say_large(self, rest):
        self.answer(b"x" * 1_000_001)

    def say_claimed(self, rest):
        self.answer(b"x" * 10, Content_Length="99000000000")

    def say_short(self, rest):
        self.answer(b"x" * 10, Content_Length="1000")
        self.close_connection = True

    def say_chunks(self, rest):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(int(rest)):
            with contextlib.suppress(OSError):
                self.wfile.write(b"3e8\r\n" + b"x" * 1000 + b"\r\n")
        with contextlib.suppress(OSError):
            self.wfile.write(b"0\r\n\r\n")

    def say_drip(self, rest):
        """A byte now and then, for ever: each one comes in time."""
        with contextlib.suppress(OSError):
            if rest == "headers":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            else:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
            for number in range(200):
                self.wfile.write(b"X-%d: y\r\n" % number if rest == "headers" else b"x")
                self.wfile.flush()
                time.sleep(0.1)
        self.close_connection = True

    def say_silence(self, rest):
        time.sleep(3)
        self.close_connection = True

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that hang up are what is tested here."""


@contextlib.contextmanager
def running(tls=None):
    server = Server(("127.0.0.1", 0), Site)
    server.seen = []
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def server():
    with running() as started:
        yield started


@pytest.fixture
def site(server):
    server.seen.clear()
    return f"http://127.0.0.1:{server.server_port}"


def test_a_page_comes_home_with_what_the_server_said(site, server):
    fetched = Fetcher(PRIVATE).page(f"{site}/page?a=1&utm_source=x#part")
    assert (fetched.content, fetched.media_type, fetched.charset) == (PAGE, "text/html", "utf-8")
    assert fetched.final_address == f"{site}/page?a=1&utm_source=x"
    path, headers = server.seen[0]
    assert path == "/page?a=1&utm_source=x"
    assert f"Dateline/{VERSION}" in headers["User-Agent"]
    assert headers["Host"] == site.removeprefix("http://")
    assert "Cookie" not in headers
    assert "Referer" not in headers


def test_a_charset_is_told_and_an_unknown_type_is_taken(site):
    fetched = Fetcher(PRIVATE).page(f"{site}/plain")
    assert (fetched.media_type, fetched.charset) == ("text/plain", "windows-1255")
    assert Fetcher(PRIVATE).page(f"{site}/untyped").media_type == ""


@pytest.mark.parametrize("kind", ["gzip", "deflate"])
def test_a_packed_page_is_unpacked(site, kind):
    assert Fetcher(PRIVATE).page(f"{site}/{kind}").content == PAGE


def test_addresses_are_asked_for_in_ascii(site, server):
    assert Fetcher(PRIVATE).page(f"{site}/unicode/ü b").final_address == f"{site}/br%C3%BCcke?q=%C3%BC"
    assert [path for path, _ in server.seen] == ["/unicode/%C3%BC%20b", "/br%C3%BCcke?q=%C3%BC"]


@pytest.mark.parametrize(
    ("room", "words"),
    [
        ("status/404", r"404 \(Not Found\)"),
        ("status/500", "500"),
        ("status/204", "204"),
        ("status/302", "302"),
        ("status/999", "999"),
        ("type/application/pdf", "application/pdf, not a page"),
        ("type/video/mp4", "not a page"),
        ("type/image/png", "not a page"),
        ("garbled", "unpacked"),
        ("bomb", "larger than 1 MB"),
        ("nested", "larger than 1 MB"),
        ("large", "larger than 1 MB"),
        ("claimed", "larger than 1 MB"),
        ("chunks/1001", "larger than 1 MB"),
        ("short", "broke off"),
        ("again/3", "more than 3 times"),
        ("to/again", "more than 3 times|broke off"),
    ],
)
def test_what_cannot_be_brought_home_is_said_with_its_reason(site, room, words):
    with pytest.raises(FetchFailed, match=words) as caught:
        Fetcher(PRIVATE).page(f"{site}/{room}")
    assert caught.value.address == f"{site}/{room}"


def test_as_much_as_the_limit_is_brought_home(site):
    assert len(Fetcher(PRIVATE).page(f"{site}/chunks/1000").content) == 1_000_000
    assert Fetcher(PRIVATE).page(f"{site}/again/2").final_address == f"{site}/page"


@pytest.mark.parametrize("room", ["drip/body", "drip/headers", "silence"])
def test_a_slow_server_is_left_in_time(site, room):
    started = time.monotonic()
    with pytest.raises(FetchFailed, match=r"in time|more than"):
        Fetcher(replace(PRIVATE, fetch_timeout_s=0.6)).page(f"{site}/{room}")
    assert time.monotonic() - started < 2


def test_the_time_is_for_all_redirects_together(site):
    slow = Fetcher(replace(PRIVATE, fetch_timeout_s=0.5), resolver=lambda host, port: time.sleep(0.2) or ["127.0.0.1"])
    with pytest.raises(FetchFailed):
        slow.page(f"{site}/again/3")


def test_nobody_listening_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(FetchFailed, match="refuses connections"):
        Fetcher(PRIVATE).page(f"http://127.0.0.1:{port}/")


def test_a_picture_is_asked_for_as_its_page_would(site, server):
    fetched = Fetcher(PRIVATE).picture(f"{site}/picture", referrer=f"{site}/article?x=1#y")
    assert (fetched.content, fetched.media_type) == (b"\x89PNG...", "image/png")
    Fetcher(PRIVATE).picture(f"{site}/picture", referrer="http://other.example/article")
    Fetcher(PRIVATE).picture(f"{site}/picture", referrer="https://other.example/secret")
    Fetcher(PRIVATE).picture(f"{site}/picture", referrer="")
    assert [headers.get("Referer") for _, headers in server.seen] == [
        f"{site}/article?x=1",
        "http://other.example/",
        None,
        None,
    ]
    with pytest.raises(FetchFailed, match="not a picture"):
        Fetcher(PRIVATE).picture(f"{site}/page", referrer="")


# --- what may not be asked; nothing here touches the network


def never(*args):
    raise AssertionError("a connection was made")


def guarded(answers):
    """A fetcher whose names stand for `answers`, and which fails the test when it connects."""
    return Fetcher(PUBLIC, resolver=lambda host, port: answers, connector=never)


@pytest.mark.parametrize(
    "address",
    [
        "", "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "javascript:1", "data:text/html,x",
        "//a.example/", "http://me:secret@a.example/", "http://me@a.example/", "http://a.example:22/", "http://a.example:25/",
        "http://a.example:6379/", "https://a.example:9200/", "http://a.example:0/", "http://a.example:99999/",
    ],
)  # fmt: skip
def test_some_addresses_are_never_asked(address):
    with pytest.raises(BadAddress):
        guarded(["93.184.216.34"]).page(address)


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "::ffff:127.0.0.1",
     "fe80::1%eth0", "fd00::1", "64:ff9b::7f00:1", "224.0.0.1"],
)  # fmt: skip
def test_a_name_that_stands_for_a_private_machine_is_not_asked(number):
    with pytest.raises(BadAddress, match="open internet"):
        guarded([number]).page("http://rebind.example/")
    with pytest.raises(BadAddress, match="open internet"):
        guarded(["93.184.216.34", number]).page("http://rebind.example/")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::ffff:7f00:1]", "localhost"]
)
def test_private_machines_are_not_asked_however_they_are_written(host):
    with pytest.raises(BadAddress):
        Fetcher(PUBLIC, connector=never).page(f"http://{host}/")


def test_a_name_that_stands_for_nothing_is_said():
    def unknown(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchFailed, match=r"no host called gone\.example"):
        Fetcher(PUBLIC, resolver=unknown).page("http://gone.example/")
    with pytest.raises(FetchFailed, match="no host"):
        guarded([]).page("http://gone.example/")


class Town:
    """A resolver and a connector over the local site: names have public numbers, and every connection is noted."""

    def __init__(self, server, names):
        self.server, self.names, self.connected, self.asked = server, names, [], []

    def resolve(self, host, port):
        self.asked.append(host)
        answers = self.names.get(host, [host])
        return answers.pop(0) if isinstance(answers[0], list) else answers

    def connect(self, number, timeout_s):
        self.connected.append(number)
        return socket.create_connection(("127.0.0.1", self.server.server_port), timeout_s)

    def fetcher(self, settings=PUBLIC, **more):
        return Fetcher(settings, resolver=self.resolve, connector=self.connect, **more)


def test_the_connection_goes_to_the_very_address_that_was_checked(server):
    server.seen.clear()
    town = Town(server, {"rebind.example": [["93.184.216.34"], ["127.0.0.1"]]})
    assert town.fetcher().page("http://rebind.example/page").content == PAGE
    assert town.connected == [("93.184.216.34", 80)]
    assert town.asked == ["rebind.example"]
    assert server.seen[0][1]["Host"] == "rebind.example"
    with pytest.raises(BadAddress):
        town.fetcher().page("http://rebind.example/page")
    assert len(town.connected) == 1


def test_every_hop_is_checked(server):
    town = Town(
        server, {"a.example": ["93.184.216.34"], "inside.example": ["192.168.0.1"], "b.example": ["93.184.216.35"]}
    )
    for target in (
        "http:|inside.example/",
        "http:|127.0.0.1:80/",
        "http:|b.example:22/",
        "file:|/etc/passwd",
        "http:|u:p@b.example/",
    ):
        with pytest.raises(BadAddress):
            town.fetcher().page(f"http://a.example/to/{target}")
    assert {number for number, _ in town.connected} == {"93.184.216.34"}
    assert (
        town.fetcher().page("http://a.example/to/http:|b.example:8080/page").final_address
        == "http://b.example:8080/page"
    )
    assert town.connected[-1] == ("93.184.216.35", 8080)


def test_the_next_address_is_tried_when_one_does_not_answer(server):
    town = Town(server, {"a.example": ["93.184.216.34", "2606:4700::1111"]})

    def connect(number, timeout_s):
        if number[0].startswith("93"):
            raise ConnectionRefusedError
        return town.connect(number, timeout_s)

    assert Fetcher(PUBLIC, resolver=town.resolve, connector=connect).page("http://a.example/page").content == PAGE


def test_proxies_of_the_environment_are_not_used(site, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert Fetcher(PRIVATE).page(f"{site}/page").content == PAGE


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=a.example", "-addext",
         "subjectAltName=DNS:a.example", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def test_tls_is_made_with_the_name_and_its_certificate_is_checked(certificate):
    names = []
    there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    there.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    there.sni_callback = lambda line, name, context: names.append(name)
    here = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    with running(there) as server:
        town = Town(server, {"a.example": ["93.184.216.34"], "b.example": ["93.184.216.34"]})
        assert town.fetcher(tls=here).page("https://a.example/page").content == PAGE
        assert names == ["a.example"]
        assert server.seen[0][1]["Host"] == "a.example"
        with pytest.raises(FetchFailed, match="certificate"):
            town.fetcher(tls=here).page("https://b.example/page")
        with pytest.raises(FetchFailed, match="certificate"):
            town.fetcher().page("https://a.example/page")
        with pytest.raises(FetchFailed):
            town.fetcher().page("http://a.example/page")
