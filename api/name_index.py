"""Names: an index of what things are called, for search as people type.

SQLite's FTS5 holds the names twice: by word, for words and their beginnings, and by
trigram, for what is misspelt. Accents and case are folded before both.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode
from rapidfuzz.distance import OSA

from missiongraph.errors import AnswerTooLarge
from missiongraph.formats import JSON
from missiongraph.names import MG
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import read_table, text_of, text_of_iri

_log = logging.getLogger(__name__)
_WORD: Final = re.compile(r"\w+")
_FIRST: Final = ("Mission", "Programme", "Challenge", "Actor", "Place")
"""Classes that people look for most; the others follow in any order."""
_LEFT_OUT: Final = frozenset(
    {"Evidence", "Participation", "Funding", "Assessment", "MissingLink", "Similarity"}
)
_CANDIDATES: Final = 200
_LIKE_ENOUGH: Final = 0.7
_LIKE_FROM: Final = 4
"""Words shorter than this are not taken for misspelt: too many others are like them."""
_BEGINNING: Final = 0.95
"""What a word's beginning counts beside a whole word."""


@dataclass(frozen=True)
class Named:
    """A thing that was found.

    Attributes:
        iri: the thing.
        name: the name by which it was found.
        class_name: local name of its class.
        class_label: the class in words.
        description: what it is about; empty when nothing says it.
    """

    iri: str
    name: str
    class_name: str
    class_label: str
    description: str


class NameIndex:
    """An index in memory of all names in a graph.

    Args:
        store: is asked for the names, class by class.
    """

    def __init__(self, store: Store) -> None:
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.executescript(
            """
            CREATE TABLE named (iri TEXT, name TEXT, class TEXT, label TEXT, about TEXT,
                                rank INTEGER, folded TEXT);
            CREATE VIRTUAL TABLE words USING fts5 (name, about, tokenize = 'unicode61');
            CREATE VIRTUAL TABLE parts USING fts5 (name, tokenize = 'trigram');
            """
        )
        for row in _names(store):
            self._add(*row)
        self._base.commit()

    def _add(self, found: Named, rank: int) -> None:
        name, about = folded(found.name), folded(found.description)
        values = (*vars(found).values(), rank, name)
        key = self._base.execute("INSERT INTO named VALUES (?, ?, ?, ?, ?, ?, ?)", values).lastrowid
        self._base.execute(
            "INSERT INTO words (rowid, name, about) VALUES (?, ?, ?)", (key, name, about)
        )
        self._base.execute("INSERT INTO parts (rowid, name) VALUES (?, ?)", (key, name))

    def things(self, limit: int) -> tuple[str, ...]:
        """Return the IRIs of what has a name, the classes that people look for first."""
        with self._lock:
            rows = self._base.execute(
                "SELECT iri FROM named GROUP BY iri ORDER BY min(rank), iri LIMIT ?", (limit,)
            ).fetchall()
        return tuple(iri for (iri,) in rows)

    def find(self, text: str, limit: int) -> tuple[Named, ...]:
        """Return the things whose names or descriptions have the words, best first.

        Those that have all words come first, or where nothing has, those whose names have
        words like them; then those that have some. A thing stands once.

        Args:
            text: what was typed; each word may be the beginning of one.
            limit: how many things at most.
        """
        words = _WORD.findall(folded(text))
        if not words:
            return ()
        with self._lock:
            rows = self._by_word(words, " AND ") or self._misspelt(words)
            rows += self._by_word(words, " OR ")
        found: dict[str, Named] = {}
        for row in rows:
            found.setdefault(row[0], Named(*row))
        return tuple(found.values())[:limit]

    def _by_word(self, words: Sequence[str], joined_by: str) -> list[tuple[str, ...]]:
        match = joined_by.join(f'"{word}"*' for word in words)
        return self._base.execute(
            """
            SELECT iri, named.name, class, label, named.about FROM words
            JOIN named ON named.rowid = words.rowid
            WHERE words MATCH ?
            ORDER BY named.folded LIKE ? DESC, bm25(words, 10, 1) + named.rank / 2.0,
                     length(named.name), iri
            LIMIT ?
            """,
            (match, f"{words[0]}%", _CANDIDATES),
        ).fetchall()

    def _misspelt(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """Return things called like the words that nothing has, those that have the others first."""
        unknown = [word for word in words if not self._by_word([word], "")]
        known = [word for word in words if word not in unknown]
        found = self._by_likeness(unknown or words)
        return sorted(
            found, key=lambda row: -sum(word in f"{row[0]} {folded(row[1])}" for word in known)
        )

    def _by_likeness(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        trigrams = dict.fromkeys(w[i : i + 3] for w in words for i in range(len(w) - 2))
        if not trigrams:
            return []
        rows = self._base.execute(
            """
            SELECT iri, named.name, class, label, about, named.rank, folded FROM parts
            JOIN named ON named.rowid = parts.rowid
            WHERE parts MATCH ? ORDER BY bm25(parts), iri LIMIT ?
            """,
            (" OR ".join(f'"{trigram}"' for trigram in trigrams), _CANDIDATES),
        ).fetchall()
        scored = [(likeness(words, _WORD.findall(row[6])), row) for row in rows]
        kept = [(score, row) for score, row in scored if score > 0]
        kept.sort(key=lambda item: (-round(item[0], 2), item[1][5], len(item[1][1]), item[1][0]))
        return [row[:5] for _, row in kept]


def folded(text: str) -> str:
    """Return a text without case and accents, as it is compared.

    >>> folded("Viet Nam, Zürich, SØREN")
    'viet nam, zurich, soren'
    """
    # Letters of mathematical styles have a case only once they are taken apart.
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d"})


def likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """Return how like words are to the best of others: the mean, 0 if none is like enough.

    By optimal string alignment, so that two letters in the wrong order are one mistake.

    >>> likeness(["hydrogne"], ["hydrogen", "industry"]) > 0.8
    True
    >>> likeness(["hydrogne"], ["drought"])
    0.0
    """
    best = [max((_alike(word, other) for other in others), default=0.0) for word in words]
    return sum(best) / len(best) if max(best) >= _LIKE_ENOUGH else 0.0


def _alike(word: str, other: str) -> float:
    if len(word) < _LIKE_FROM:
        return float(other.startswith(word))
    whole = OSA.normalized_similarity(word, other)
    return max(whole, _BEGINNING * OSA.normalized_similarity(word, other[: len(word)]))


def _names(store: Store) -> Iterator[tuple[Named, int]]:
    """Yield every name with the rank of its class."""
    question = find_question("names")
    for iri, label in _classes(store):
        name = iri.removeprefix(MG)
        rank = _FIRST.index(name) if name in _FIRST else len(_FIRST)
        try:
            answer = store.answer(question.bind({"class": (NamedNode(iri),)}), JSON)
        except AnswerTooLarge as error:
            _log.warning("Search leaves out the names of %s: %s", label, error.what)
            continue
        for row in read_table(answer).records():
            thing = text_of_iri(row["thing"])
            if thing:
                found = Named(
                    thing, text_of(row["name"]), name, label, text_of(row.get("description"))
                )
                yield found, rank


def _classes(store: Store) -> Iterable[tuple[str, str]]:
    """Return our classes that have things and are looked for, the ones people look for first."""
    rows = answer_table(store, find_question("things-by-class")).records()
    found = [(text_of_iri(row["class"]), text_of(row.get("classLabel"))) for row in rows]
    names = [(iri, label) for iri, label in found if iri.removeprefix(MG) not in _LEFT_OUT]
    return sorted(names, key=lambda item: item[0].removeprefix(MG) not in _FIRST)
