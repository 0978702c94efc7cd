"""Brings a page or a picture home, when the reader asked for it. Only importer of urllib3.

Nobody can use it to look into this network: at every hop the scheme, the port and each address that the host's name
stands for are checked, and the connection goes to the very address that was checked, so that a name which changes its
mind in between (DNS rebinding) gains nothing. Proxies of the environment are not used, since they resolve names
themselves. Cookies are neither kept nor sent.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, IncompleteRead, ProtocolError
from urllib3.exceptions import TimeoutError as SlowServer

from webapp.addresses import DEFAULT_PORTS, asked_address, endpoint_of, is_fetchable_port, is_public_ip
from webapp.errors import BadAddress, FetchFailed
from webapp.settings import Settings
from webapp.version import VERSION

USER_AGENT = f"Mozilla/5.0 (compatible; Dateline/{VERSION}; personal article archive)"
PAGE_ACCEPT = "text/html,application/xhtml+xml,multipart/related;q=0.9,text/plain;q=0.8,*/*;q=0.1"
PICTURE_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml,image/*;q=0.8"
_PAGE_TYPES = ("text/", "application/xhtml+xml", "application/xml", "multipart/related")
_PICTURE_TYPES = ("image/", "application/octet-stream", "binary/octet-stream")
_REDIRECTS = frozenset((301, 302, 303, 307, 308))  # RFC 9110 §15.4
_CHUNK_BYTES = 65_536
_LONGEST_CONNECT_S = 10.0  # to one address of several; taste
_CHARSET = re.compile(r"\bcharset\s*=\s*[\"']?([\w.:+-]{1,40})", re.IGNORECASE)

Resolver = Callable[[str, int], Iterable[str]]
Connector = Callable[[tuple[str, int], float], socket.socket]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the bytes, unpacked; the type and charset the server named ("" if none); where it was in the end."""

    content: bytes = field(repr=False)
    media_type: str
    charset: str
    final_address: str


def resolve(host: str, port: int) -> list[str]:
    """Every IP address that `host` stands for, the system's choice first. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Fetcher:
    """Fetches within the limits of the settings. Used by many threads at once; keeps nothing between two fetches.

    `resolver`, `connector` and `tls` are the system's own unless given.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        resolver: Resolver = resolve,
        connector: Connector = socket.create_connection,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._resolver, self._connector, self._tls = resolver, connector, tls

    def page(self, address: str) -> Fetched:
        """The page at `address`: HTML, MHTML or text. Raises BadAddress, FetchFailed."""
        return self._fetch(address, {"Accept": PAGE_ACCEPT}, _PAGE_TYPES, "a page")

    def picture(self, address: str, *, referrer: str) -> Fetched:
        """The picture at `address`, asked for as the page at `referrer` would. Raises BadAddress, FetchFailed."""
        headers = {"Accept": PICTURE_ACCEPT}
        told = _told_referrer(referrer, address)
        if told:
            headers["Referer"] = told
        return self._fetch(address, headers, _PICTURE_TYPES, "a picture")

    def _fetch(self, address: str, headers: dict[str, str], types: tuple[str, ...], what: str) -> Fetched:
        alarm = _Alarm(self._settings.fetch_timeout_s)
        try:
            return self._follow(address, headers, types, what, alarm)
        except BadAddress:
            raise
        except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
            raise FetchFailed(address, alarm.reason or _reason(error)) from error
        finally:
            alarm.stop()

    def _follow(
        self, address: str, headers: dict[str, str], types: tuple[str, ...], what: str, alarm: _Alarm
    ) -> Fetched:
        here = asked_address(address)
        for _ in range(self._settings.fetch_redirect_limit + 1):
            connection, target = self._connect(here, alarm)
            try:
                response = _ask(connection, target, headers)
                if response.status not in _REDIRECTS or not response.headers.get("Location"):
                    return self._take(response, address, here, types, what, alarm)
                here = _next(here, response.headers["Location"])
            finally:
                connection.close()
        raise FetchFailed(address, f"it redirects more than {self._settings.fetch_redirect_limit} times")

    def _connect(self, address: str, alarm: _Alarm) -> tuple[_Pinned, str]:
        """A connection to an address that was checked, and what to ask for. Raises BadAddress, OSError."""
        scheme, host, port = endpoint_of(address)
        if not (self._settings.fetch_private_hosts or is_fetchable_port(port)):
            raise BadAddress(address, f"pages are not fetched from port {port}")
        numbers = self._checked(address, host, port)
        connection: _Pinned
        if scheme == "https":
            connection = _PinnedTls(host, port, ssl_context=self._tls or ssl.create_default_context())
        else:
            connection = _PinnedPlain(host, port)
        connection.numbers, connection.connector, connection.alarm = numbers, self._connector, alarm
        parts = urlsplit(address)
        return connection, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def _checked(self, address: str, host: str, port: int) -> list[str]:
        """The host's IP addresses. One that is not public spoils all: such an answer is made to get past a check."""
        try:
            numbers = list(self._resolver(host, port))
        except (OSError, UnicodeError) as error:
            raise FetchFailed(address, f"there is no host called {host}") from error
        if not numbers:
            raise FetchFailed(address, f"there is no host called {host}")
        if not self._settings.fetch_private_hosts and not all(map(is_public_ip, numbers)):
            raise BadAddress(address, f"{host} is not on the open internet; private machines are not asked")
        return numbers

    def _take(
        self, response: BaseHTTPResponse, address: str, here: str, types: tuple[str, ...], what: str, alarm: _Alarm
    ) -> Fetched:
        if response.status != 200:
            reason = http.client.responses.get(response.status, "an unknown status")
            raise FetchFailed(address, f"the server answered {response.status} ({reason})")
        named = response.headers.get("Content-Type", "")
        media_type = named.partition(";")[0].strip().lower()
        if media_type and not media_type.startswith(types):
            raise FetchFailed(address, f"it is {media_type[:80]}, not {what}")
        charset = _CHARSET.search(named)
        content = self._read(response, address, alarm)
        return Fetched(content, media_type, charset[1] if charset else "", here)

    def _read(self, response: BaseHTTPResponse, address: str, alarm: _Alarm) -> bytes:
        """The body, unpacked piece by piece: neither a long one nor a small one that unpacks to much is held."""
        limit = self._settings.fetch_limit_bytes
        too_much = FetchFailed(address, f"it is larger than {limit / 1e6:.0f} MB")
        told = response.headers.get("Content-Length", "")
        if told.isdecimal() and int(told) > limit:
            raise too_much
        pieces, length = [], 0
        for piece in response.stream(_CHUNK_BYTES, decode_content=True):
            pieces.append(piece)
            length += len(piece)
            if length > limit:
                raise too_much
        if alarm.reason:  # a connection that was shut looks like one that has said all
            raise FetchFailed(address, alarm.reason)
        return b"".join(pieces)


class _Alarm:
    """The time for one fetch, redirects and all: shuts the connection when it is over, whatever is being waited for."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._ends_at = seconds, time.monotonic() + seconds
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._rang = False
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    @property
    def reason(self) -> str:
        return f"it took more than {self._seconds:g} s" if self._rang else ""

    @property
    def left_s(self) -> float:
        return max(0.001, self._ends_at - time.monotonic())

    def watch(self, line: socket.socket) -> None:
        """Mind this connection from now on, by a handle of our own: TLS takes the socket itself over."""
        with self._lock:
            self._hang_up()
            self._line = line.dup()
            if self._rang:
                self._shut()

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._hang_up()

    def _ring(self) -> None:
        with self._lock:
            self._rang = True
            self._shut()

    def _shut(self) -> None:
        if self._line is not None:
            try:
                self._line.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was quicker

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class _Pinned(HTTPConnection):
    """Connects to an IP address that was checked; everything else (Host, SNI, the certificate's name) is the host's."""

    numbers: list[str]
    connector: Connector
    alarm: _Alarm

    def _new_conn(self) -> socket.socket:
        """urllib3's place for another way to connect."""
        failure: OSError = OSError("there is no address to connect to")
        for number in self.numbers:
            try:
                line = self.connector((number, self.port), min(_LONGEST_CONNECT_S, self.alarm.left_s))
            except OSError as error:
                failure = error
                continue
            line.settimeout(self.alarm.left_s)
            self.alarm.watch(line)
            return line
        raise failure


class _PinnedPlain(_Pinned):
    pass


class _PinnedTls(_Pinned, HTTPSConnection):
    pass


def _ask(connection: _Pinned, target: str, headers: dict[str, str]) -> BaseHTTPResponse:
    host = f"[{connection.host}]" if ":" in connection.host else connection.host
    scheme = "https" if isinstance(connection, HTTPSConnection) else "http"
    connection.request(
        "GET",
        target,
        headers={
            "Host": host if connection.port == DEFAULT_PORTS[scheme] else f"{host}:{connection.port}",
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "*",
            "Connection": "close",
            **headers,
        },
        preload_content=False,
    )
    return connection.getresponse()


def _next(here: str, location: str) -> str:
    """Where a redirect leads. Locations are sent as bytes, of UTF-8 mostly, which arrive read as Latin-1."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    return asked_address(urljoin(here, location.strip()))


def _told_referrer(referrer: str, address: str) -> str:
    """What browsers tell: the page to its own site, only the site to others, nothing from https to http.

    Source: Referrer Policy §3.8, strict-origin-when-cross-origin.
    """
    try:
        there, page = endpoint_of(address), endpoint_of(referrer)
    except BadAddress:
        return ""
    if page.scheme == "https" and there.scheme == "http":
        return ""
    parts = urlsplit(referrer)
    return referrer.partition("#")[0] if there == page else f"{parts.scheme}://{parts.netloc}/"


def _reason(error: Exception) -> str:
    """What went wrong, in the reader's words."""
    if isinstance(error, SlowServer | TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "no secure connection could be made"
    if isinstance(error, ConnectionRefusedError):
        return "the server refuses connections"
    if isinstance(error, DecodeError):
        return "what came cannot be unpacked"
    if isinstance(error, ProtocolError | IncompleteRead | http.client.HTTPException | ConnectionError):
        return "the connection broke off"
    return str(error)[:200] or type(error).__name__
