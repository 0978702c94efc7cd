"""Which language a text is in, and which way it runs. The only importer of py3langid."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

ENOUGH_CHARS = 200  # below, detection is a guess and the page's declaration is better (measured 2026-11-23)
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "khw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"))
# Languages a detector mixes up: here the page's own word decides between relatives.
_RELATIVES = (
    frozenset(("no", "nb", "nn", "da", "sv")),
    frozenset(("hr", "bs", "sr", "sl", "sh")),
    frozenset(("id", "ms", "jv")),
    frozenset(("gl", "pt", "es", "an", "oc", "ca")),
    frozenset(("cs", "sk")),
    frozenset(("ru", "uk", "be", "bg", "mk")),
    frozenset(("hi", "mr", "ne")),
    frozenset(("fa", "ps", "ur", "ug", "ar", "ckb")),
    frozenset(("af", "nl")),
    frozenset(("az", "tr")),
    frozenset(("zh", "ja")),
)
_OLD_CODES = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str, declared: str) -> tuple[str, str]:
    """The language as an ISO 639-1 code ("" when unknown), and where it was found.

    `declared` is the page's own claim, a BCP 47 tag. Where both exist and differ, the claim was wrong 4 times of 4,
    except between near relatives.
    """
    claim = primary(declared)
    sample = text[:6_000]
    if len(sample) < ENOUGH_CHARS and not _is_dense(sample):
        return (claim, "declared") if claim else _by_script(sample)
    code, sureness = _identifier().classify(sample)
    code = _OLD_CODES.get(code, code)
    if claim and claim != code and (sureness < 0.8 or _related(claim, code)):
        return claim, "declared"
    return code, "text"


def primary(tag: str) -> str:
    """The language subtag of a BCP 47 tag or a locale: "pt" of "pt-BR", "pt_BR"."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?=$|[-_\s,;])", tag)
    code = match[1].lower() if match else ""
    return _OLD_CODES.get(code, code)


def direction_of(text: str, declared: str, language: str) -> str:
    """ "rtl" or "ltr": by the letters if there are enough, else as the page declares, else by the language."""
    kinds = [unicodedata.bidirectional(letter) for letter in text[:4_000] if letter.isalpha()]
    if len(kinds) >= 20:
        right = sum(kind in ("R", "AL") for kind in kinds)
        return "rtl" if right * 2 > len(kinds) else "ltr"
    if declared.lower() in ("rtl", "ltr"):
        return declared.lower()
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def _related(one: str, other: str) -> bool:
    return any(one in family and other in family for family in _RELATIVES)


def _is_dense(text: str) -> bool:
    """Scripts that say in 60 letters what Latin says in 200."""
    dense = sum("\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" for letter in text)
    return dense >= 60


def _by_script(text: str) -> tuple[str, str]:
    """A short text in a script that one language owns."""
    for low, high, code in (("\u0590", "\u05ff", "he"), ("\u3040", "\u30ff", "ja"), ("\uac00", "\ud7af", "ko"),
                            ("\u0370", "\u03ff", "el"), ("\u0e00", "\u0e7f", "th")):  # fmt: skip
        if sum(low <= letter <= high for letter in text) >= 4:
            return code, "script"
    return "", ""
