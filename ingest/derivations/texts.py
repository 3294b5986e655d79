"""How alike texts are: words weighted by TF-IDF, and the cosine of their weights.

A word counts the more the fewer texts have it; words that nearly all texts have count next to
nothing. Reference: G. Salton and C. Buckley, Term-weighting approaches in automatic text
retrieval, Information Processing & Management 24 (1988),
https://doi.org/10.1016/0306-4573(88)90021-0.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

MOST_SHARED: Final = 200
"""A word in more texts than these brings no two of them together (it may still add to a score)."""
LEAST_WORDS: Final = 2
"""A text of fewer different words, such as an acronym, says too little to be like another."""
_SHORTEST: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]+")
_STOP_WORDS: Final = frozenset(
    [
        "and",
        "are",
        "between",
        "both",
        "but",
        "can",
        "for",
        "from",
        "has",
        "have",
        "how",
        "into",
        "its",
        "more",
        "new",
        "not",
        "off",
        "one",
        "our",
        "out",
        "over",
        "per",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "these",
        "they",
        "this",
        "through",
        "towards",
        "under",
        "until",
        "upon",
        "use",
        "used",
        "using",
        "via",
        "was",
        "way",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "will",
        "with",
        "within",
        "without",
    ]
)


@dataclass(frozen=True)
class Likeness:
    """Two texts that are alike.

    Attributes:
        one, other: their keys, in order.
        score: cosine of their weights, 0 to 1.
        words: the words that they share, those that add most to the score first.
    """

    one: str
    other: str
    score: float
    words: tuple[str, ...]


def alike(texts: Mapping[str, str], least: float) -> Iterator[Likeness]:
    """Yield the pairs of texts whose score reaches ``least``, in the order of their keys."""
    counts = {key: words_of(text) for key, text in sorted(texts.items())}
    weights = _weights({key: words for key, words in counts.items() if len(words) >= LEAST_WORDS})
    holders: dict[str, list[str]] = defaultdict(list)
    for key, of_text in weights.items():
        near = {h for w in of_text if len(holders[w]) <= MOST_SHARED for h in holders[w]}
        for other in sorted(near):
            found = _likeness(other, key, weights[other], of_text)
            if found.score >= least:
                yield found
        for word in of_text:
            holders[word].append(key)


def words_of(text: str) -> Counter[str]:
    """Return the words of a text that carry meaning, plurals as singulars.

    >>> sorted(words_of("The Drought of the 21st century: droughts, cities").items())
    [('century', 1), ('city', 1), ('drought', 2)]
    """
    words = (word.lower() for word in _WORD.findall(text))
    kept = (word for word in words if len(word) >= _SHORTEST and word not in _STOP_WORDS)
    return Counter(_singular(word) for word in kept)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


def _weights(counts: Mapping[str, Counter[str]]) -> dict[str, dict[str, float]]:
    """Return each text's words with their weights, of length 1 all together."""
    spread = Counter(word for words in counts.values() for word in words)
    rarity = {word: math.log((1 + len(counts)) / (1 + n)) + 1 for word, n in spread.items()}
    weights: dict[str, dict[str, float]] = {}
    for key, words in counts.items():
        raw = {word: (1 + math.log(n)) * rarity[word] for word, n in words.items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        weights[key] = {word: weight / length for word, weight in raw.items()}
    return weights


def _likeness(
    one: str, other: str, first: Mapping[str, float], second: Mapping[str, float]
) -> Likeness:
    shared = {word: first[word] * second[word] for word in first.keys() & second.keys()}
    words = sorted(shared, key=lambda word: (-shared[word], word))
    return Likeness(one, other, sum(shared[word] for word in words), tuple(words))
