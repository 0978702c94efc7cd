"""What stands among an article's paragraphs without being part of it: promotions, share bars, pitches, agency lines.

Rules are about form first (a line that is only a link), words second; no rule knows a site. They serve pages and
plain text alike. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from webapp.extract.phrases import CLOSING, LABEL, PITCH, PROMO_CALL, PROMO_LABEL, SHARE_HINT, SHARE_WORDS
from webapp.extract.tree import Element, elements, marks_of, text_of

_NOISY_BOX = re.compile(
    r"(?:^|[\s_-])(?:related\w*|recommend\w*|recirc\w*|promo\w*|newsletter\w*|share\w*|sharing|social\w*|comments?"
    r"|disqus\w*|sidebar|side-?bar|advert\w*|ads?|adslot|sponsor\w*|outbrain\w*|taboola\w*|teasers?"
    r"|more-?(?:stories|news|from|on)|read-?(?:more|next|also)|most-?(?:read|popular)|trending|popular|subscri\w*"
    r"|paywall\w*|cookies?|consent\w*|nav\w*|menu|breadcrumbs?|author-?(?:bio|box|card)|byline|tag-?(?:list|cloud|s)"
    r"|topics|toolbar|pagination|pager|footer|masthead|signup|sign-up|donat\w*|widget|trc|rail|up-?next|playlist"
    r"|upsell|print-?only|sr-only|visually-?hidden|screen-reader\w*)(?:[\s_-]|$)"
)
_SHORT = 60  # words; longer text is prose even when it begins like a pitch (taste)
_LABEL_WORDS = 25


def in_noisy_box(element: Element, main: Collection[Element] = ()) -> bool:
    """Whether an element stands in a box that its page calls navigation, promotion, sharing or the like.

    The boxes in `main`, and those around them, are the article's own.
    """
    for box in (element, *element.iterancestors()):
        if box in main or box.tag in ("body", "html", "main", "article"):
            return False
        if box.tag in ("nav", "footer", "aside") or _NOISY_BOX.search(marks_of(box)):
            return True
    return False


def is_noise_line(text: str) -> bool:
    """Whether a line of words by itself is no part of an article: a pitch, a share bar, a label on an advertisement."""
    if len(text.split()) > _SHORT:
        return False
    return bool(PITCH.match(text) or LABEL.match(text) or PROMO_CALL.search(text)) or is_share_line(text)


def is_share_line(text: str) -> bool:
    """Whether the words are only those of buttons that send a page on, perhaps run together twice."""
    half = len(text) // 2
    once = text[:half] if len(text) % 2 == 0 and text[:half] == text[half:] else text
    if len(once) > 160 or not SHARE_HINT.search(once):
        return False
    return not re.sub(r"[\W_]+", "", SHARE_WORDS.sub("", once))


def is_closing_line(text: str) -> bool:
    """Agency, contact and copyright lines, which stand at an article's end."""
    return bool(CLOSING.match(text))


def is_promo(element: Element) -> bool:
    """Whether a block is a link to another article: a label and a link, or nothing but a link with a call."""
    text = text_of(element)
    linked = linked_share(element)
    if PROMO_LABEL.match(text):
        is_label = len(text.split()) <= 4 and element.tag != "li" and (text.rstrip().endswith(":") or text.isupper())
        return linked >= 0.3 or is_label
    return linked >= 0.9 and bool(PROMO_CALL.search(text))


def is_promo_label(text: str) -> bool:
    """Whether a line of plain text is, or begins with, a label such as "Related:" or "READ MORE"."""
    return bool(PROMO_LABEL.match(text)) and len(text.split()) <= _LABEL_WORDS


def linked_share(element: Element) -> float:
    """The share of a block's letters that are inside links to other pages (0 to 1)."""
    total = len(text_of(element))
    linked = sum(len(text_of(link)) for link in elements(element, "a") if (link.get("href") or "").startswith("http"))
    return linked / total if total else 0.0
