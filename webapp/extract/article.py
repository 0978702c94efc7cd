"""The whole of an extraction, step by step: read → find the body → name it → cut it out → remark on it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from webapp.errors import ExtractionFailed, PageTooLarge
from webapp.extract import CHOICE_LOST, MAKER, ExtractLimits
from webapp.extract.body import Found, find_body, whole_body
from webapp.extract.choosing import chosen_body, chosen_lines
from webapp.extract.cutting import Cut, cut_out
from webapp.extract.dates import modified, published
from webapp.extract.facts import Facts, facts_of
from webapp.extract.language import direction_of, language_of
from webapp.extract.metadata import authors_of, canonical_of, description_of, site_of, title_of
from webapp.extract.plain import read_plain
from webapp.extract.reading import Page, read_page
from webapp.extract.signs import signs_of
from webapp.extract.text import count_words, opening_of
from webapp.extract.tree import clean_string, squeeze, text_of
from webapp.model import Draft


def article_from_page(
    page: str, address: str, *, title: str, selection_html: str, chosen: Sequence[str] = (), limits: ExtractLimits
) -> Draft:
    """See `extract`."""
    read = read_page(page, address, limits)
    facts = facts_of(read.root)
    by_hand = chosen_body(read.root, chosen) if chosen else None
    found = by_hand or _body_of(read, selection_html, limits)
    origins: dict[str, str] = {}
    headline, origins["title"] = title_of(read, facts, title)
    site, origins["site"] = site_of(read, facts)
    authors, origins["authors"] = authors_of(read, facts, site)
    description = description_of(facts)
    cut = cut_out(found, facts, title=headline, description=description, authors=authors, limit_images=limits.images)
    if not cut.text and not cut.images:
        raise ExtractionFailed(_why_nothing(read))
    origins.update(body=found.how, lead=cut.lead_origin, standfirst=cut.standfirst_origin)
    if not headline:
        headline, origins["title"] = _title_without_words(cut, address), "text"
    published_on = published(read.root, facts, address)
    changed = modified(facts)
    language, direction = _language(read, facts, cut, origins)
    if published_on is not None:
        origins["published_on"] = published_on.origin
    canonical = canonical_of(read, facts)
    lost = [CHOICE_LOST] if chosen and by_hand is None else []
    signs = dict.fromkeys([*read.signs, *lost], "") | _signs(read, facts, cut, bool(selection_html or by_hand))
    if canonical:
        origins["canonical"] = "link rel=canonical"
    return Draft(
        title=headline,
        standfirst=cut.standfirst,
        authors=authors,
        published_on=published_on.on if published_on else None,
        published_at=published_on.at if published_on else None,
        modified_at=changed.at if changed else None,
        site=site,
        language=language,
        direction=direction,
        canonical=canonical,
        lead=cut.lead,
        excerpt=opening_of(cut.standfirst or description or cut.text),
        body_html=cut.html,
        body_text=cut.text,
        captions_text=cut.captions,
        images=cut.images,
        word_count=count_words(cut.text),
        origins={name: origin for name, origin in origins.items() if origin},
        signs=tuple(signs),
        sign_reasons={sign: reason for sign, reason in signs.items() if reason},
        maker=MAKER,
    )


def warm_up() -> None:
    """Load what the libraries load at their first page (models, tables of words): 0.4 s of CPU, once a process."""
    words = "<p>The council voted on Monday to rebuild the breakwater, which two winter storms had broken open.</p>"
    article_from_page(f"<h1>A page</h1>{words * 3}", "", title="", selection_html="", limits=ExtractLimits())


def article_from_text(page: str, *, title: str, chosen: Sequence[str] = (), limits: ExtractLimits) -> Draft:
    """The article in the plain text of a page. Raises ExtractionFailed when there are no words in it."""
    size_bytes = len(page.encode("utf-8", "replace"))
    if size_bytes > limits.markup_bytes:
        raise PageTooLarge(size_bytes=size_bytes, limit_bytes=limits.markup_bytes)
    by_hand = chosen_lines(page, chosen) if chosen else None
    plain = read_plain(clean_string(page), title=squeeze(title), chosen=by_hand)
    if not plain.text:
        raise ExtractionFailed("there are no words in the text that was clipped")
    language, found_in = language_of(plain.text, "")
    lost = {CHOICE_LOST: ""} if chosen and by_hand is None else {}
    signs = {**lost, **signs_of(None, None, plain.text, page)}
    return Draft(
        title=plain.title,
        standfirst=plain.standfirst,
        authors=plain.authors,
        published_on=plain.published_on,
        language=language,
        direction=direction_of(plain.text, "", language),
        excerpt=opening_of(plain.standfirst or plain.text),
        body_html=plain.html,
        body_text=plain.text,
        captions_text=plain.captions,
        word_count=count_words(plain.text),
        origins={"title": plain.title_origin, "body": "plain text", **({"language": found_in} if language else {})},
        signs=tuple(signs),
        sign_reasons={sign: reason for sign, reason in signs.items() if reason},
        maker=MAKER,
    )


def _title_without_words(cut: Cut, address: str) -> str:
    """A title for a page that has none: its first words, what its first picture shows, or where it was."""
    shown = next((image.caption or image.alt for image in cut.images if image.caption or image.alt), "")
    words = opening_of(cut.standfirst or cut.text or cut.captions or shown, 80)
    return words or squeeze(unquote(urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1])) or "A page without words"


def _body_of(read: Page, selection_html: str, limits: ExtractLimits) -> Found:
    if not selection_html.strip():
        return find_body(read.root)
    chosen = read_page(selection_html, read.base or read.address, limits)
    return whole_body(chosen.root)


def _language(read: Page, facts: Facts, cut: Cut, origins: dict[str, str]) -> tuple[str, str]:
    root, body = read.root, read.root.find("body")
    declared = (
        root.get("lang")
        or root.get("xml:lang")
        or (body.get("lang") if body is not None else "")
        or facts.first("content-language", "og:locale", "language", "dc.language", "inlanguage")[0]
        or facts.said("inLanguage")
    )
    language, found_in = language_of(cut.text or cut.captions, declared or "")
    if language:
        origins["language"] = found_in
    direction = root.get("dir") or (body.get("dir") if body is not None else "") or ""
    return language, direction_of(cut.text or cut.captions, direction, language)


def _signs(read: Page, facts: Facts, cut: Cut, is_selection: bool) -> dict[str, str]:
    if is_selection:
        return {}
    body = read.root.find("body")
    return signs_of(
        read.root, facts, cut.text, " ".join(text_of(part) for part in body if part.tag not in ("script", "style"))
    )


def _why_nothing(read: Page) -> str:
    body = read.root.find("body")
    if body is not None and any(len(script.text or "") > 200 for script in body.iter("script")):
        return (
            "the page has no text of its own: its words are put there by scripts. "
            "Clip it from the browser once it is shown."
        )
    return "no text was found in the page"
