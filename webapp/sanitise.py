"""Sanitising is the last hand on the HTML before it is stored. Only importer of bleach.

Two passes, neither of which trusts the other: `_rewrite` parses with lxml and writes anew only what is on the lists
below, in linear time; then bleach (html5lib, the browsers' own way of reading) checks the result against the same
lists. What comes out is inert: no script, no style, no form, no frame, no remote picture, nothing that htmx acts on.
Pure: no network, no clock. Raise CLEANER when the same input would come out differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, NamedTuple
from urllib.parse import unquote

import bleach
from lxml import etree

from webapp.addresses import endpoint_of
from webapp.errors import BadAddress

CLEANER = "clean/1"

_ALLOWED = (
    "a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em"
    " figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q rp rt ruby s samp section"
    " small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
)
TAGS = frozenset(_ALLOWED.split())
_RENAMED = {"acronym": "abbr", "strike": "s", "tt": "code", "dir": "ul"}  # HTML §16.2, obsolete ones with an heir
_VOID = frozenset(("br", "col", "hr", "img", "wbr"))
# With everything inside; all other tags that are not on the list go, but their text stays.
_GONE = (
    "applet audio base basefont bgsound button canvas command datalist embed fencedframe frame frameset head iframe"
    " input isindex keygen link math meta meter noembed noframes noscript object optgroup option output param plaintext"
    " portal progress script select source style svg template textarea title track video xmp"
)
_DROPPED = frozenset(_GONE.split())
_HOLLOW = frozenset(("a", "figure"))  # left out when a picture was all they held, and it is gone

# Measured 2026-11-23: bleach is quadratic in these (8,000 rows take 2.5 s, 10,000 levels 3.3 s). It is so too in the
# entities of one text (80,000 take 1 s), which no article has; the confined process bounds that.
DEPTH_LIMIT = 200
ROWS_LIMIT = 2_000
_ROUNDS = 5  # until nothing changes any more; 25,000 fuzzed pages needed 3 at most
_TEXT_LIMIT_CHARS = 2_000  # of one attribute; the longest alt texts of news pages have 1,000

_BROKEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# What address parsers skip, so that it hides a scheme: controls, blanks of all kinds, marks of direction, soft hyphens.
_SKIPPED = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff`]+"
)
_WEB = re.compile(r"https?://[^\s/?#\\<>\"'`@%]+(?:[/?#][^\s<>\"`\\]*)?", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s<>\"'`\\@]+@[^\s<>\"`\\]+", re.IGNORECASE)
_QUOTED = re.compile(r"[ <>\"`\\]")  # what browsers write in percents in a path or query (WHATWG URL §1.3)
_LINE_ENDS = dict.fromkeys(map(ord, "\t\n\r"))  # browsers drop them
_LOCAL = re.compile(r"/assets/[0-9a-f]{64}")
_FRAGMENT = re.compile(r"#art-[\w.:-]{1,80}")
_ID = re.compile(r"[\w.:-]{1,80}")
_REL = "noopener noreferrer nofollow"

_SPAN, _SIDE = re.compile(r"[0-9]{1,2}"), re.compile(r"[0-9]{1,5}")
_RULES: Mapping[str, Mapping[str, re.Pattern[str]]] = {  # tag → attribute → what its whole value must look like
    "*": {
        "dir": re.compile("ltr|rtl|auto", re.IGNORECASE),
        "lang": re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,6}"),
        "id": re.compile(r"art-[\w.:-]{1,80}"),
        "title": re.compile(rf".{{1,{_TEXT_LIMIT_CHARS}}}", re.DOTALL),
    },
    "code": {"class": re.compile(r"language-[\w+#-]{1,30}")},
    "td": {"colspan": _SPAN, "rowspan": _SPAN},
    "th": {
        "colspan": _SPAN,
        "rowspan": _SPAN,
        "scope": re.compile("row|col|rowgroup|colgroup", re.IGNORECASE),
    },
    "col": {"span": _SPAN},
    "colgroup": {"span": _SPAN},
    "ol": {
        "start": re.compile(r"-?[0-9]{1,9}"),
        "type": re.compile("[1aAiI]"),
        "reversed": re.compile("(?:reversed)?"),
    },
    "li": {"value": re.compile(r"-?[0-9]{1,9}")},
    "time": {"datetime": re.compile(r"[0-9A-Za-z :.+-]{1,40}")},
    "del": {"datetime": re.compile(r"[0-9A-Za-z :.+-]{1,40}")},
    "ins": {"datetime": re.compile(r"[0-9A-Za-z :.+-]{1,40}")},
    "details": {"open": re.compile("(?:open)?")},
    "a": {"rel": re.compile(_REL)},
    "img": {
        "src": _LOCAL,
        "width": _SIDE,
        "height": _SIDE,
        "loading": re.compile("lazy"),
        "decoding": re.compile("async"),
        "alt": re.compile(rf".{{0,{_TEXT_LIMIT_CHARS}}}", re.DOTALL),
    },
}


class LocalImage(NamedTuple):
    """A picture on the shelf that takes the place of a remote one; its size where it is known."""

    sha256: str
    width_px: int | None = None
    height_px: int | None = None


def sanitise(html: str, *, images: Mapping[str, LocalImage]) -> str:
    """`html` made safe to be shown on our own pages.

    A picture whose address is in `images` becomes the local one; every other picture goes, its alt text staying where
    it was a link's only word or a figure's only caption. Ids are put into a space of their own (`art-…`), and links
    within the page follow them. Doing it twice changes nothing: `sanitise(sanitise(x)) == sanitise(x)`.
    """
    clean = _once(html, images)
    for _ in range(_ROUNDS):
        again = _once(clean, {})
        if again == clean:
            return clean
        clean = again
    return _text_alone(clean)  # two parsers that never agree on a page: its words are kept


def _once(html: str, images: Mapping[str, LocalImage]) -> str:
    root = _parse(html)
    return "" if root is None else _checked("".join(_Rewriter(root, images).pieces)).strip()


def _parse(html: str) -> Any:
    """The body of `html` as a tree, or None when there is nothing in it."""
    text = _BROKEN.sub("", html.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", " "))
    if not text.strip():
        return None
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8")
    document = etree.fromstring(f"<!doctype html><html><body>{text}".encode(), parser)
    return document if document is None else document.find("body")


class _Place(NamedTuple):
    """What a node stands in: how many written tags deep, and whether an alt text would be the only words there."""

    depth: int = 0
    speaks: bool = False
    in_link: bool = False


class _Rewriter:
    """Writes a tree anew, only with what is allowed. `pieces` is the result.

    Walks with a list of its own instead of recursion, and changes no tree: both would cost hostile pages dearly.
    """

    def __init__(self, root: Any, images: Mapping[str, LocalImage]) -> None:
        self.pieces: list[str] = []
        self._images = images
        self._targets = {name for node in root.iter(etree.Element) for name in _names(node)}
        self._ids: set[str] = set()
        self._rows = 0
        self._written = 0  # words and pictures so far: tells whether an element held any
        self._write(root)

    def _write(self, root: Any) -> None:
        todo: list[tuple[Any, _Place]] = [(root, _Place())]
        while todo:
            item, place = todo.pop()
            if isinstance(item, _End):
                self._close(item)
                continue
            tag = self._tag(item)
            if tag is None:
                self._say(item.tail)
                continue
            todo.append((self._open(item, tag, place), place))
            if tag == "img":
                continue
            self._say(item.text.lstrip("\n") if tag == "pre" and item.text else item.text)
            inner = _inside(item, tag, place)
            todo.extend((child, inner) for child in reversed(item))

    def _tag(self, node: Any) -> str | None:
        """The tag to write; "" to write only what is inside, None to leave all of it out."""
        if not isinstance(node.tag, str):
            return None
        tag = node.tag.lower()
        tag = _RENAMED.get(tag, tag)
        if tag in _DROPPED:
            return None
        if tag == "tr":
            self._rows += 1
            if self._rows > ROWS_LIMIT:
                return None
        return tag if tag in TAGS else ""

    def _open(self, node: Any, tag: str, place: _Place) -> _End:
        start, before = len(self.pieces), self._written
        if tag == "img":
            self._picture(node, place)
            return _End("", node.tail, start, before)
        attributes = dict(self._attributes(node, tag)) if tag else {}
        bare_link = tag == "a" and (place.in_link or not attributes.keys() & {"href", "id"})
        if not tag or bare_link or place.depth >= DEPTH_LIMIT:
            return _End("", node.tail, start, before)
        self.pieces.append(f"<{tag}{_spelt(attributes)}>")
        return _End(
            "" if tag in _VOID else tag, node.tail, start, before, hollow=tag in _HOLLOW and "id" not in attributes
        )

    def _close(self, end: _End) -> None:
        if end.hollow and end.before == self._written:
            del self.pieces[end.start :]
        elif end.tag:
            self.pieces.append(f"</{end.tag}>")
        self._say(end.tail)

    def _say(self, text: str | None) -> None:
        if text:
            self.pieces.append(escape(text, quote=False))
            self._written += not text.isspace()

    def _picture(self, node: Any, place: _Place) -> None:
        address = (node.get("src") or "").strip()
        local = self._images.get(address) or self._images.get(address.partition("#")[0])
        alt = (node.get("alt") or "").strip()[:_TEXT_LIMIT_CHARS]
        if local is not None:
            size = {"width": local.width_px, "height": local.height_px}
            source = f"/assets/{local.sha256}"
        else:
            size = {name: node.get(name) for name in ("width", "height")}
            source = address
        if not _LOCAL.fullmatch(source):
            self._say(alt if place.speaks else "")
            return
        sides = {name: str(side) for name, side in size.items() if _fits("img", name, str(side or ""))}
        shown = {"src": source, **sides, "loading": "lazy", "decoding": "async", "alt": alt}
        self.pieces.append(f"<img{_spelt(shown)}>")
        self._written += 1

    def _attributes(self, node: Any, tag: str) -> Iterator[tuple[str, str]]:
        """Those of the element that may stay, with ids and links rewritten."""
        name = next((name for name in _names(node) if name not in self._ids), None)
        if name is not None:
            self._ids.add(name)
            yield "id", name
        for attribute in (*_RULES["*"], *_RULES.get(tag, ()), "cite"):
            value = node.get(attribute)
            if value is not None and attribute not in ("id", "rel") and _fits(tag, attribute, value.strip()):
                yield attribute, value.strip()
        href = self._link(node.get("href") or "") if tag == "a" else ""
        if href:
            yield "href", href
            if not href.startswith("#"):
                yield "rel", _REL

    def _link(self, href: str) -> str:
        """A link's address if it may be followed; "" otherwise."""
        href = href.strip()
        if href.startswith("#"):
            target = _name(unquote(href[1:]))
            return f"#{target}" if target in self._targets else ""
        href = _QUOTED.sub(lambda match: f"%{ord(match[0]):02X}", href.translate(_LINE_ENDS))
        return href if _is_followed(href) else ""


class _End(NamedTuple):
    """What is still to be written when an element has been: its end tag ("" for none) and the text behind it."""

    tag: str
    tail: str | None
    start: int
    before: int
    hollow: bool = False


def _inside(node: Any, tag: str, place: _Place) -> _Place:
    speaks = place.speaks
    if tag == "figure" and place.depth < 20:  # deeper, looking into each would cost the square of the depth
        speaks = node.find(".//figcaption") is None
    elif tag == "a" and not place.in_link:
        speaks = speaks or not "".join(node.itertext()).strip()
    return _Place(place.depth + (tag != ""), speaks, place.in_link or tag == "a")


def _names(node: Any) -> Iterator[str]:
    """The name a link may call the element by: its id, or an old anchor's name."""
    for value in (node.get("id"), node.get("name") if node.tag == "a" else None):
        if value and (name := _name(value)):
            yield name
            return


def _name(value: str) -> str:
    """`value` in our own space of names; "" when it is no name."""
    bare = value.strip().removeprefix("art-")
    return f"art-{bare}" if _ID.fullmatch(bare) else ""


def _is_followed(href: str) -> bool:
    """Whether a link may lead there: an absolute web address or a mail address, with nothing hidden in it.

    bleach's own check is not enough: its urlparse takes `javascript:1` for host and port (bleach 6.4.0).
    """
    if _SKIPPED.search(href[:12]):
        return False
    if _MAIL.fullmatch(href):
        return True
    if not _WEB.fullmatch(href):
        return False
    try:
        endpoint_of(href)
    except BadAddress:
        return False
    return True


def _fits(tag: str, attribute: str, value: str) -> bool:
    """Whether an attribute may stand as it is. Both passes ask this, the second of all that the first wrote."""
    if attribute == "href":
        return tag == "a" and (_FRAGMENT.fullmatch(value) is not None or _is_followed(value))
    if attribute == "cite":
        return tag in ("blockquote", "q", "del", "ins") and value[:4].lower() == "http" and _is_followed(value)
    rule = _RULES.get(tag, {}).get(attribute) or _RULES["*"].get(attribute)
    return rule is not None and rule.fullmatch(value) is not None


def _spelt(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def _checked(html: str) -> str:
    """`html` through bleach. A Cleaner of its own for each call, as it may not be shared between threads."""
    cleaner = bleach.Cleaner(
        tags=TAGS,
        attributes=_fits_as_written,
        protocols={"http", "https", "mailto"},
        strip=True,
        strip_comments=True,
    )
    clean: str = cleaner.clean(html)
    return clean


def _fits_as_written(tag: str, attribute: str, value: str) -> bool:
    """bleach hands values over as they are written, with their entities: `_spelt` wrote only these five."""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        value = value.replace(entity, character)
    return _fits(tag, attribute, value)


def _text_alone(html: str) -> str:
    root = _parse(html)
    text = " ".join("".join(root.itertext()).split()) if root is not None else ""
    return f"<p>{escape(text, quote=False)}</p>" if text else ""
