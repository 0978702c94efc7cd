"""Remarks about a page whose extraction worked, yet may not be what the reader clipped it for. Pure."""

from __future__ import annotations

import re

from webapp.extract.facts import Facts, strings_of
from webapp.extract.tree import Element, elements, marks_of, text_of

_LAST_CHARS = 40  # of the text are quoted where it breaks off
LITTLE_CHARS = 250  # shorter bodies were mostly navigation or walls on made-up pages (2026-11-23)
_PAYWALL_MARKS = re.compile(
    r"(?:^|[\s_-])(?:pay-?wall\w*|premium-?wall|reg(?:istration)?-?wall"
    r"|subscriber-only|metered|piano)(?:[\s_-]|$)"
)
_PAYWALL_WORDS = re.compile(
    r"subscribe (?:now )?to (?:continue|read|unlock)|to continue reading|subscribers? only|only for subscribers"
    r"|already a subscriber"
    r"|become a (?:member|subscriber) to|unlock this (?:article|story)"
    r"|for the first month|nur für abonnenten|weiterlesen mit"
    r"|réservé aux abonnés|abonnez-vous pour lire|solo para suscriptores|exclusivo para assinantes"
    r"|для подписчиков|למנויים בלבד|للمشتركين فقط",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"\bcookies?\b|\bconsent\b|\bpartners?\b|personali[sz]ed (?:ads|content)|privacy (?:policy|settings)"
    r"|accept all|reject all"
    r"|legitimate interest|zustimmen|einwilligung|accepter|refuser|aceptar|consentimiento|согласие",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W{0,3}$")
_MORE = re.compile(
    r"^\W*(?:read (?:more|the full)|continue reading|weiterlesen|lire la suite|leer más"
    r"|leia mais|читать далее)\b.{0,40}$",
    re.IGNORECASE,
)


def signs_of(root: Element | None, facts: Facts | None, text: str, all_text: str) -> dict[str, str]:
    """Of `text` (the article) taken from `all_text` (everything readable on the page): what a reader should know, and
    what on the page says so.
    """
    signs: dict[str, str] = {}
    little = len(text) < (LITTLE_CHARS if not _is_dense(text) else LITTLE_CHARS // 3)
    if little:
        signs["little-text"] = f"the text has {len(text)} characters"
    if _is_consent(text) or (little and _is_consent(all_text)):
        signs["consent-wall"] = "it speaks of cookies and consent again and again"
    walled, pitched = what_walls(root, facts), _PAYWALL_WORDS.search(all_text)
    last = text.rstrip().rsplit("\n", 1)[-1] if text else ""
    cut = bool(_CUT_OFF.search(last) or _MORE.match(last))
    if (cut and (walled or pitched)) or (walled and len(text) < 2_500) or (pitched and len(text) < 800):
        signs["paywall"] = walled or (f"it says “{pitched[0]}”" if pitched else "")
    if cut:
        signs["truncated"] = f"its last words are “{last[-_LAST_CHARS:].strip()}”"
    return signs


def what_walls(root: Element | None, facts: Facts | None) -> str:
    """What tells that the page is not free to read: its own word for it, or a box it calls a paywall; or ""."""
    if facts is not None:
        for node in facts.nodes:
            said = node.get("isAccessibleForFree")
            if said is False or [text.lower() for text in strings_of(said)] == ["false"]:
                return "its structured data say that it is not free to read (isAccessibleForFree)"
        tier = facts.first("article:content_tier")[0].lower()
        if tier in ("locked", "metered"):
            return f"it calls itself “{tier}” (article:content_tier)"
    for box in elements(root, "div", "section", "aside") if root is not None else ():
        found = _PAYWALL_MARKS.search(marks_of(box))
        if found and len(text_of(box).split()) >= 6:
            return f"it has a box called “{found[0].strip(' _-')}”"
    return ""


def _is_consent(text: str) -> bool:
    words = len(text.split())
    return 0 < words < 600 and len(_CONSENT_WORDS.findall(text)) >= max(3, words // 40)


def _is_dense(text: str) -> bool:
    return sum("\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" for letter in text) > len(text) // 3
