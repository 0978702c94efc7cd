"""Which picture an `img` really shows: lazy sources, srcset, <picture>, noscript twins and amp-img become `src`.

Pure: no network, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from webapp.extract.phrases import LABEL
from webapp.extract.tree import Element, drop, elements, new_element, replace, squeeze, text_of, unwrap
from webapp.model import Image

# Attributes in which lazy loaders keep the real source, the fullest first (seen in the wild; the list of loaders:
# lazysizes, WordPress core and Jetpack, Medium, vanilla-lazyload, LQIP scripts).
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "data-lazy-src-set", "data-original-set", "data-set")
_LAZY_SOURCES = (
    "data-full-src", "data-hi-res-src", "data-zoom-src", "data-large-file", "data-orig-file", "data-original",
    "data-src-large", "data-src", "data-lazy-src", "data-lazy", "data-url", "data-image", "data-actualsrc",
    "data-echo", "data-img-src", "data-delayed-url", "data-runner-src", "data-lazyload", "data-li-src", "data-raw-src",
)  # fmt: skip
_PICTURE_FILE = re.compile(r"^[^\s,]+\.(?:jpe?g|png|webp|avif|gif)(?:[?#][^\s]*)?$", re.IGNORECASE)
# A stand-in by its file's name: one of these words in it, or nothing but words that real pictures are called by too
# ("grey.gif", "lazy-load.png", but not "grey-seal.jpg").
_STAND_IN = re.compile(r"(?:^|[_.-])(?:placeholder|spacer|transparent|lazyload|1x1|dummy)(?:[_.-]|$)", re.IGNORECASE)
_STAND_IN_WHOLE = re.compile(
    r"(?:(?:lazy|load|loading|loader|blank|pixel|gr[ae]y|bg|img|image|default|small|\d|x)[_.-]*)+", re.IGNORECASE
)
_ORDINARY = re.compile(r"(?:(?:bg|img|image|default|small|\d|x)[_.-]*)+", re.IGNORECASE)  # as "image-2.jpg" is
_TINY_DATA = 400  # a data: picture of fewer characters is a stand-in (a 1×1 GIF or an empty SVG)
_DECORATION = re.compile(
    r"(?:^|[\s_/.-])(?:avatar|icon|icons|logo|logos|emoji|sprite|badge|pixel|tracking|tracker|spacer|gravatar|smiley"
    r"|wp-smiley|button|btn|beacon|ads?|advert\w*|doubleclick|profile-?pic)(?:[\s_/.-]|$)",
    re.IGNORECASE,
)
_SMALL_PX = 90  # smaller on a side by the page's own claim: an icon (taste, after the avatars of 91 news pages)
_SIZE_IN_NAME = re.compile(r"(?:[-_.]?\d{2,4}x\d{2,4}|[-_](?:small|medium|large|scaled|thumb|full|\d{2,4}w?|[sml]))+$")
_OPENING_CHARS = 24  # as many letters at the head of a caption are not repeated by chance (taste)


def settle_images(root: Element, base: str) -> None:
    """Give every `img` in `root` one absolute `src`; drop those that show nothing, and twins in <noscript>."""
    for amp in elements(root, "amp-img", "amp-anim"):
        for fallback in elements(amp, "noscript", "img", "amp-img"):
            if fallback is not amp:
                drop(fallback)
        amp.tag = "img"
    for noscript in elements(root, "noscript"):
        _settle_noscript(noscript)
    for picture in elements(root, "picture"):
        _settle_picture(picture, base)
    for source in elements(root, "source"):
        if len(source):  # libxml2 takes what follows an unclosed <source> for its content
            unwrap(source)
    for holder in elements(root, "div", "span"):
        if len(holder) == 0 and _PICTURE_FILE.match((holder.get("data-src") or "").strip()):
            holder.tag = "img"  # a box that a script would fill with its picture
            holder.text = None
    for image in elements(root, "img"):
        address = source_of(image, base)
        if address:
            image.set("src", address)
            for name in ("srcset", "sizes"):
                image.attrib.pop(name, None)
        else:
            drop(image)


def source_of(image: Element, base: str) -> str:
    """The absolute address of the largest picture an `img` offers, or "". `cid:` and `data:` sources are final."""
    plain = (image.get("src") or "").strip()
    if plain.startswith("cid:") or (plain.startswith("data:image/") and len(plain) >= _TINY_DATA):
        return plain
    for candidate in _candidates(image, plain):
        address = _absolute_picture(candidate, base)
        if address:
            return address
    return ""


def largest_of(srcset: str) -> tuple[str, float]:
    """The candidate with the greatest width or density, and that number; ("", 0) when there is none.

    Source: HTML Living Standard 4.8.4.3.10, "parsing a srcset attribute" (addresses may hold commas).
    """
    best, best_size = "", 0.0
    for address, size in _srcset_candidates(srcset):
        if size > best_size:
            best, best_size = address, size
    return best, best_size


def is_decoration(image: Element) -> bool:
    """Whether an `img` is an icon, a portrait beside a name, a logo or a counting pixel, not a picture of the story."""
    width, height = pixels_of(image, "width"), pixels_of(image, "height")
    if any(size is not None and size <= _SMALL_PX for size in (width, height)):
        return True
    parent = image.getparent()
    names = (
        f"{image.get('class') or ''} {image.get('id') or ''} {parent.get('class') or '' if parent is not None else ''}"
    )
    source = image.get("src") or ""
    path = urlsplit(source).path if source.startswith("http") else ""
    return bool(_DECORATION.search(names) or _DECORATION.search(path.rsplit("/", 1)[-1]) or path.endswith(".svg"))


def pixels_of(image: Element, side: str) -> int | None:
    """The page's claim of an image's `width` or `height` in CSS pixels, if it makes one."""
    claim = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", image.get(side) or "")
    return int(claim[1]) if claim else None


def describe(image: Element, caption: str = "") -> Image:
    return Image(
        address=image.get("src") or "",
        alt=squeeze(image.get("alt") or ""),
        caption=caption,
        width_px=pixels_of(image, "width"),
        height_px=pixels_of(image, "height"),
    )


def same_picture(one: str, other: str) -> bool:
    """Whether two addresses show the same picture in perhaps different sizes: the same file name, sizes aside."""
    return bool(one and other) and (one == other or (_stem(one) == _stem(other) and len(_stem(one)) >= 4))


def caption_of(figure: Element) -> str:
    """The caption of a figure, said once."""
    parts: list[str] = []
    for caption in elements(figure, "figcaption"):
        text = said_once(_without_labels(caption))
        if text and not any(text in part for part in parts):
            parts = [part for part in parts if part not in text] + [text]
    return squeeze(" ".join(parts))


def said_once(text: str) -> str:
    """`text` without its first half when the second half is that again, perhaps with a credit behind it."""
    again = text.find(text[:_OPENING_CHARS], _OPENING_CHARS)
    repeats = len(text) > _OPENING_CHARS and again > 0 and text.startswith(text[:again].rstrip(), again)
    return text[again:] if repeats else text


def _without_labels(caption: Element) -> str:
    """A caption's words without those of the buttons in it ("Enlarge Image")."""
    said = text_of(caption)
    for part in elements(caption, "a", "button", "span"):
        label = text_of(part)
        if label and LABEL.match(label):
            said = said.replace(label, " ", 1)
    return squeeze(said)


def _candidates(image: Element, plain: str) -> Iterator[str]:
    sets = [image.get(name) or "" for name in ("srcset", *_LAZY_SETS)]
    ranked = sorted((largest_of(value) for value in sets if value), key=lambda pair: -pair[1])
    for address, _ in ranked:
        if not _is_stand_in(address):
            yield address
    for name in _LAZY_SOURCES:
        value = (image.get(name) or "").strip()
        if value and not _is_stand_in(value) and (_PICTURE_FILE.match(value) or re.match(r"(?:https?:)?/", value)):
            yield value
    if plain and not _is_stand_in(plain):
        yield plain
    for name, value in image.attrib.items():
        if name.startswith("data-") and _PICTURE_FILE.match(value.strip()) and not _is_stand_in(value):
            yield value.strip()


def _is_stand_in(address: str) -> bool:
    if address.startswith("data:"):
        return len(address) < _TINY_DATA
    if "[" in address:
        return True
    name = urlsplit(address).path[-80:].rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    if _STAND_IN.search(stem):
        return True
    return bool(_STAND_IN_WHOLE.fullmatch(stem)) and not _ORDINARY.fullmatch(stem)


def _srcset_candidates(srcset: str) -> Iterator[tuple[str, float]]:
    position, end = 0, len(srcset)
    token = re.compile(r"[\s,]*(\S+)")
    while position < end:
        match = token.match(srcset, position)
        if match is None:
            return
        address, position = match[1], match.end()
        if address.startswith("data:") and ";base64" not in address:
            return
        if address.endswith(","):
            yield address.rstrip(","), 1.0
            continue
        stop = srcset.find(",", position)
        stop = end if stop < 0 else stop
        yield address, _descriptor(srcset[position:stop])
        position = stop + 1


def _descriptor(text: str) -> float:
    match = re.search(r"(\d+(?:\.\d+)?)([wx])", text)
    if match is None:
        return 1.0
    return float(match[1]) * (1 if match[2] == "w" else 1000)


def _settle_picture(picture: Element, base: str) -> None:
    """One `img` for a <picture>: its own one, with the largest candidate of all sources."""
    image = next(iter(elements(picture, "img")), None)
    image = new_element("img") if image is None else image
    plain = (image.get("src") or "").strip()
    if not plain.startswith("cid:"):
        offers = [
            largest_of(source.get("srcset") or source.get("data-srcset") or "")
            for source in elements(picture, "source")
        ]
        offers.append(largest_of(image.get("srcset") or image.get("data-srcset") or ""))
        offers = [(address, size) for address, size in offers if address and not _is_stand_in(address)]
        if offers:
            address, size = max(offers, key=lambda pair: pair[1])
            if size > 1 or _is_stand_in(plain) or not plain:
                image.set("srcset", f"{address} {int(size)}w")
    if image.getparent() is not None:
        drop(image)
    image.tail = None
    replace(picture, image)


def _settle_noscript(noscript: Element) -> None:
    """A <noscript> that only repeats a lazy picture gives its source to it; one that alone holds it is opened."""
    images = elements(noscript, "img")
    if not images or len(text_of(noscript)) > 200:
        return
    twin = _picture_beside(noscript)
    if twin is None:
        unwrap(noscript)
        return
    offered = source_of(images[0], "https://placeholder.invalid/")
    if offered and not source_of(twin, "https://placeholder.invalid/"):
        for name in ("src", "srcset"):
            value = images[0].get(name)
            if value:
                twin.set(name, value)
        if images[0].get("alt") and not twin.get("alt"):
            twin.set("alt", images[0].get("alt"))
    drop(noscript)


def _picture_beside(noscript: Element) -> Element | None:
    for beside in (noscript.getprevious(), noscript.getnext()):
        if beside is None:
            continue
        found = [beside] if beside.tag == "img" else elements(beside, "img")
        if found and len(text_of(beside)) < 200:
            return found[-1] if beside is noscript.getprevious() else found[0]
    return None


def _absolute_picture(reference: str, base: str) -> str:
    if reference.startswith("data:image/"):
        return reference
    try:
        joined = urljoin(base, re.sub(r"\s", "%20", reference.strip())) if base else reference.strip()
        parts = urlsplit(joined)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and host else ""


def _stem(address: str) -> str:
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    if "%3A%2F%2F" in path or "%3a%2f%2f" in path:
        path = urlsplit(unquote(path)).path or path
    pieces = [piece for piece in unquote(path).lower().split("/") if piece]
    if not pieces:
        return ""
    name = re.sub(r"\.(?:jpe?g|png|webp|avif|gif)$", "", pieces[-1])
    stem = _SIZE_IN_NAME.sub("", name) or name
    return stem if len(stem) >= 6 or len(pieces) < 2 else f"{pieces[-2]}/{stem}"
