"""What kind of piece a story is, where its headline or its address says so: an attribute of its own, no topic."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def genre_of(title: str, address: str = "") -> str:
    """One of `index.query.GENRES`, or "" for news and for what cannot be told.

    A headline says it by its label ("Opinion: …", "… | Analysis"), an address by its section ("/opinion/2020/…").
    """
    said = title.strip().casefold()
    for genre, pattern in _TITLES:
        if pattern.search(said):
            return genre
    for section in urlsplit(address).path.casefold().split("/")[1:-1] if "[" not in address else ():
        if section in _SECTIONS:
            return _SECTIONS[section]
    return ""


def _labels(words: str) -> re.Pattern[str]:
    """A label before a colon, bar or dash, or after a bar or dash at the end."""
    return re.compile(rf"^(?:{words})\s?[:|–—-]\s|\s[|–—-]\s?(?:{words})$")


_TITLES = (
    ("live-blog", re.compile(r"\blive( updates?| blog|:)|\bas it happened\b|\bliveblog\b|\bliveticker\b")),
    ("obituary", re.compile(r"^obituar(y|ies)\b|\bobituary$|^(nachruf|nécrologie|necrológica|obituario)\b|^некролог")),
    ("interview", re.compile(r"^(the |an? |exclusive )?interview\b|\binterview with\b|\bq ?& ?a\b|^entrevista\b")),
    ("interview", re.compile(r"^(entretien|интервью|ריאיון|ראיון|مقابلة|حوار|röportaj|söyleşi)\b")),
    ("opinion", _labels(r"(?:my )?opinion|editorial|op-ed|comment|letters?|column|kommentar|meinung|leitartikel")),
    (
        "opinion",
        _labels(r"tribune|éditorial|édito|chronique|opinión|columna|мнение|колонка|דעה|דעות|رأي|مقال|görüş"),
    ),
    (
        "analysis",
        _labels(r"(?:news )?analysis|explainer|analyse|décryptage|análisis|анализ|פרשנות|ניתוח|تحليل"),
    ),
    ("analysis", re.compile(r"^explainer\b|^analiz\s?[:|–—-]")),
)
_SECTIONS = {
    **dict.fromkeys(("opinion", "opinions", "opinion-columns", "op-ed", "oped", "comment", "commentisfree"), "opinion"),
    **dict.fromkeys(("editorial", "editorials", "columnists", "letters", "meinung", "kommentar", "idees"), "opinion"),
    **dict.fromkeys(("tribune", "tribunes", "opinions-idees", "opinia", "mneniya", "yazarlar"), "opinion"),
    **dict.fromkeys(("obituary", "obituaries", "obits", "nachrufe", "necrologie", "disparitions"), "obituary"),
    **dict.fromkeys(("interview", "interviews", "entretien", "entretiens", "entrevistas"), "interview"),
    **dict.fromkeys(("live", "liveblog", "live-updates", "liveticker"), "live-blog"),
    **dict.fromkeys(("analysis", "news-analysis", "explainers", "explainer", "analyse", "analysen"), "analysis"),
}
