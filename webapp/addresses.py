"""Web addresses: one spelling for each, without trackers; the outlet they belong to; which machines may be asked.

Pure: standard library only, no network. Spelling follows the WHATWG URL standard (how browsers read addresses) and
RFC 3986 §6.2.2 (what may be rewritten without changing the meaning).
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from webapp.errors import BadAddress
from webapp.trackers import is_tracker

ADDRESS_LIMIT_CHARS = 8_000  # what browsers and servers accept in practice; RFC 9110 §4.1 asks for at least 8,000
DEFAULT_PORTS = {"http": 80, "https": 443}
FETCHABLE_PORTS = frozenset({80, 443, 8080, 8443})  # the web's own; others are mail, databases, routers …

_STRIPPED = re.compile(r"[\t\n\r]")  # WHATWG URL §4.4 removes these anywhere
_EDGES = "".join(map(chr, range(0x21)))  # … and C0 controls and blanks at both ends
_BAD_IN_HOST = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|\"`{}]")  # WHATWG "forbidden domain code point"
_UNRESERVED = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/!$&'()*+,;=:@%-._~|"
_QUERY_SAFE = "/!$&'()*+,;=:@%-._~|?{}[]\\^`"
_DEVIATIONS = re.compile("[ßς\u200c\u200d]")  # UTS 46: browsers keep these, IDNA 2003 (Python's codec) does not
_OUTLET_PREFIX = re.compile(r"(?:www\d{0,2}|m|mobile|amp)\.(?=[^.]+\.[^.]+)")

# The AMP viewers (Google's, Bing's) and the cache (https://amp.dev/documentation, "AMP URL formats"); s/ means https.
_AMP_VIEWER = re.compile(r"/amp/(s/)?([^/]+\.[^/]+)(/.*)?")
_AMP_CACHE = re.compile(r"/(?:wp/|mbv/)?[acirv]/(s/)?([^/]+\.[^/]+)(/.*)?")
_AMP_VIEWER_HOST = re.compile(r"(?:www\.)?(?:google\.[a-z.]{2,6}|bing\.com)")
_AMP_TAIL = re.compile(r"(/[^/]*(?:[-_][^/]*|\d[^/]*|\.html?))/amp(/?)")  # after a slug, so that /wiki/amp stays
_AMP_SUFFIX = re.compile(r"(/[^/]*-[^/]*)\.amp(\.html?)?")

_EMBEDDED = (  # IPv6 ranges that carry an IPv4 address: the range, and how many bits lie below the address
    (ipaddress.ip_network("::ffff:0:0/96"), 0),  # mapped, RFC 4291 §2.5.5.2
    (ipaddress.ip_network("::ffff:0:0:0/96"), 0),  # translated, RFC 2765
    (ipaddress.ip_network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ipaddress.ip_network("2002::/16"), 80),  # 6to4, RFC 3056
)
_NEVER_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # "this network", RFC 791; 0.0.0.0 reaches the machine itself
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "169.254.0.0/16",  # link-local, RFC 3927; cloud metadata lives at 169.254.169.254
        "192.0.0.0/24",  # IETF protocol assignments, RFC 6890
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "198.18.0.0/15",  # benchmarking, RFC 2544
        "::/96",  # IPv4-compatible, deprecated: RFC 4291 §2.5.5.1; with :: and ::1
        "64:ff9b:1::/48",  # local NAT64, RFC 8215
        "100::/64",  # discard, RFC 6666
        "2001::/23",  # IETF assignments, with Teredo (RFC 4380), which carries IPv4 addresses obscured
        "3fff::/20",  # documentation, RFC 9637
        "5f00::/16",  # segment routing, RFC 9602
        "fec0::/10",  # site-local, RFC 3879
    )
)


class Endpoint(NamedTuple):
    """Where an address leads: the scheme, the host as it is asked for, and the port."""

    scheme: str
    host: str
    port: int


def canonical_address(address: str) -> str:
    """The one spelling of a web address: what tells a new article from a new version of a known one.

    Scheme and host in lower case, the host in IDNA, no default port, no credentials, no trackers, no fragment
    (save `#!…`, which names a page), AMP forms led back to the article where their shape tells it. The order of the
    query and a slash at the end keep their meaning and stay. Doing it twice changes nothing. Raises BadAddress.
    """
    parts, host = _read(address)
    real = _behind_amp_viewer(parts, host)
    if real is not None:
        return canonical_address(real)
    path = _without_amp(_spell(_without_dots(parts.path), _PATH_SAFE)) or "/"
    query = _spell(_without_tracking_parameters(parts.query, host), _QUERY_SAFE)
    fragment = _spell(parts.fragment, _QUERY_SAFE) if parts.fragment.startswith("!") else ""
    return urlunsplit((parts.scheme, _with_port(host, parts), path, query, fragment))


def asked_address(address: str) -> str:
    """`address` spelt as a server is asked for it: canonical, but with all its parameters. Raises BadAddress."""
    parts, host = _read(address)
    path = _spell(_without_dots(parts.path), _PATH_SAFE) or "/"
    return urlunsplit((parts.scheme, _with_port(host, parts), path, _spell(parts.query, _QUERY_SAFE), ""))


def without_trackers(address: str) -> str:
    """`address` without tracking parameters and without its fragment; otherwise letter for letter the same.

    Never raises: what cannot be read as an address comes back as it is.
    """
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:
        return address
    head, mark, fragment = address.partition("#")
    keep = mark + fragment if fragment.startswith("!") else ""
    before, mark, query = head.partition("?")
    query = _without_tracking_parameters(query, host)
    return before + ("?" + query if query else "") + keep


def endpoint_of(address: str) -> Endpoint:
    """Where to connect for `address`. Raises BadAddress for everything but http and https, and for credentials."""
    parts, host = _read(address)
    return Endpoint(parts.scheme, host.strip("[]"), _port(parts) or DEFAULT_PORTS[parts.scheme])


def outlet_of(address: str) -> str:
    """The outlet's name for readers: the host without www., m. or amp., in its own script; "" when there is none."""
    try:
        _, host = _read(address)
    except BadAddress:
        return ""
    while match := _OUTLET_PREFIX.match(host):
        host = host[match.end() :]
    return ".".join(_in_its_script(label) for label in host.split("."))


def is_fetchable_port(port: int) -> bool:
    """Whether a page may be fetched from this port of a public machine."""
    return port in FETCHABLE_PORTS


def is_public_ip(ip: str) -> bool:
    """Whether `ip` is a machine on the open internet: not this one, not this network, not a cloud's metadata.

    An IPv4 address carried within an IPv6 one (mapped, NAT64, 6to4) is judged as the IPv4 address. What is no IP
    address at all is not public.
    """
    try:
        number = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        for network, below in _EMBEDDED:
            if number in network:
                return is_public_ip(str(ipaddress.IPv4Address(int(number) >> below & 0xFFFFFFFF)))
    if any(number in network for network in _NEVER_PUBLIC):
        return False
    return number.is_global and not (number.is_multicast or number.is_reserved)


def _read(address: str) -> tuple[SplitResult, str]:
    """The parts of an address and its host in one spelling. Raises BadAddress."""
    text = _STRIPPED.sub("", address.strip(_EDGES))
    if not text:
        raise BadAddress(address, "there is no address")
    if len(text) > ADDRESS_LIMIT_CHARS:
        raise BadAddress(address, f"an address may have {ADDRESS_LIMIT_CHARS} characters, this one has {len(text)}")
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.lower() not in DEFAULT_PORTS:
        raise BadAddress(address, "it must begin with http:// or https://")
    before, mark, fragment = rest.partition("#")
    way, question, query = before.partition("?")
    way = "//" + way.replace("\\", "/").lstrip("/")  # browsers read backslashes, and any number of slashes, as "//"
    try:
        parts = urlsplit(f"{scheme.lower()}:{way}{question}{query}{mark}{fragment}")
        if "@" in parts.netloc:
            shown = address.replace(parts.netloc.rpartition("@")[0], "…")  # a password belongs in no message or log
            raise BadAddress(shown, "an address with a user name or password is not kept")
        return parts, _host(parts)
    except ValueError as error:
        raise BadAddress(address, f"it cannot be read: {error}") from error


def _host(parts: SplitResult) -> str:
    """The host in one spelling: IDNA in lower case, IPv4 as four numbers, IPv6 in brackets. Raises ValueError."""
    _port(parts)
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    host = unicodedata.normalize("NFKC", _UNRESERVED.sub(lambda m: chr(int(m[1], 16)), host)).lower()
    host = re.sub("[。．｡]", ".", host)
    host = host.removesuffix(".")
    if not host or len(host) > 253 or _BAD_IN_HOST.search(host):  # RFC 1035 §2.3.4
        raise ValueError("the host's name is not a name")
    number = _as_ipv4(host)
    if number is not None:
        return number
    host = ".".join(_in_idna(label) for label in host.split("."))
    if len(host) > 253:
        raise ValueError("the host's name is too long")
    return host


def _in_idna(label: str) -> str:
    if not label or len(label) > 63:
        raise ValueError("a part of the host's name is empty or too long")
    if label.isascii():
        return label
    try:
        if _DEVIATIONS.search(label):
            return "xn--" + label.encode("punycode").decode("ascii")
        return label.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError("the host's name is not a name") from error


def _in_its_script(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label
    except (UnicodeError, OverflowError):
        return label


def _as_ipv4(host: str) -> str | None:
    """The address a browser reads out of 127.1, 0x7f.0.0.1 or 2130706433 (WHATWG URL §3.5); None for a name."""
    labels = host.split(".")
    if not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        return None
    if len(labels) > 4:
        raise ValueError("the host ends in a number but is no IPv4 address")
    numbers = [_legacy_number(label) for label in labels]
    *firsts, last = numbers
    if any(number > 255 for number in firsts) or last >= 256 ** (5 - len(numbers)):
        raise ValueError("the host ends in a number but is no IPv4 address")
    value = last + sum(number << 8 * (3 - place) for place, number in enumerate(firsts))
    return str(ipaddress.IPv4Address(value))


def _legacy_number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    if not (label.isascii() and label.isdigit()):
        raise ValueError("the host ends in a number but is no IPv4 address")
    return int(label, 8 if len(label) > 1 and label[0] == "0" else 10)


def _port(parts: SplitResult) -> int | None:
    port = parts.port
    if port == 0:
        raise ValueError("port 0 cannot be reached")
    return port


def _with_port(host: str, parts: SplitResult) -> str:
    port = _port(parts)
    return host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _without_dots(path: str) -> str:
    """`path` with . and .. resolved, %2e spelling included (RFC 3986 §5.2.4)."""
    if "." not in path and "%2" not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for place, segment in enumerate(segments):
        plain = segment.lower().replace("%2e", ".")
        last = place == len(segments) - 1
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(segment)
        if last and plain in (".", ".."):
            kept.append("")
    return "/" + "/".join(kept)


def _spell(text: str, safe: str) -> str:
    """Percent-encoding in one spelling: letters and digits plain, everything unsafe encoded, hex in capitals."""

    def plain(match: re.Match[str]) -> str:
        value = int(match[1], 16)
        return chr(value) if value in _PLAIN else f"%{match[1].upper()}"

    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return _UNRESERVED.sub(plain, quote(text, safe=safe, errors="replace"))


def _without_tracking_parameters(query: str, host: str) -> str:
    """`query` with its other parameters as they stood; empty ones go, so that doing it twice changes nothing."""
    return "&".join(pair for pair in query.split("&") if pair and not is_tracker(pair, host))


def _behind_amp_viewer(parts: SplitResult, host: str) -> str | None:
    """The article's own address when `parts` leads to an AMP viewer or cache."""
    if _AMP_VIEWER_HOST.fullmatch(host):
        match = _AMP_VIEWER.fullmatch(parts.path)
    elif host.endswith("cdn.ampproject.org"):
        match = _AMP_CACHE.fullmatch(parts.path)
    else:
        return None
    if match is None:
        return None
    scheme = "https" if match[1] else "http"
    real: str = urlunsplit((scheme, str(match[2]), str(match[3] or "/"), parts.query, ""))
    return real


def _without_amp(path: str) -> str:
    """…/a-slug/amp/, …/a-slug.amp and …/a-slug.amp.html are the AMP forms of …/a-slug."""
    for _ in range(2):  # /a-slug.amp/amp happens; more does not
        if (match := _AMP_TAIL.search(path)) and match.end() == len(path):
            path = path[: match.start()] + match[1] + match[2]
        elif (match := _AMP_SUFFIX.search(path)) and match.end() == len(path):
            path = path[: match.start()] + match[1] + (match[2] or "")
    return path
