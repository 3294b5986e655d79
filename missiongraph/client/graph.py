"""A graph to ask: questions, missions, comparisons, SPARQL."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from missiongraph import tables
from missiongraph.client.compared import CRITERIA, ComparedMissions
from missiongraph.client.frames import About, Frames, FrameT
from missiongraph.client.stored import StoredQuestions
from missiongraph.client.things import Fact, Mission, Thing, read_mission, read_thing
from missiongraph.comparison.reading import Wish, compare
from missiongraph.comparison.tabular import TIDY_HEAD, tidy_rows, wide_head, wide_rows
from missiongraph.errors import BadQuery, BadRequest, UnknownThing
from missiongraph.formats import N_TRIPLES
from missiongraph.names import PREFIXES, compact
from missiongraph.parameters import Parameter
from missiongraph.questions import (
    Question,
    all_questions,
    choices,
    find_question,
    known_values,
)
from missiongraph.sparql import Form, form_of
from missiongraph.store import Store
from missiongraph.table_files import Plain
from missiongraph.tables import Table, Term, text_of

if TYPE_CHECKING:
    import rdflib

Named: TypeAlias = str | Thing | Fact
"""A thing as it may be given: a slug, an id, an IRI or a CURIE; or a thing or a fact of a graph."""
_THING: Final = Parameter("thing", "iri", "Thing")
_MISSION: Final = Parameter("mission", "iri", "Mission", class_name="Mission")
_MOST_NAMED: Final = 5
_OF_IRIS: Final = {"mission", "typology", "evidence", "link", "iri"}


class Graph(StoredQuestions[FrameT]):
    """A graph of missions; ``missiongraph.connect`` opens one.

    Args:
        store: what is asked; it is only read.
        frames: makes the data frames.
        release: id of the release; empty where the store does not tell.
    """

    def __init__(self, store: Store, frames: Frames[FrameT], release: str = "") -> None:
        self._store = store
        self._frames = frames
        self._release = release

    @property
    def release(self) -> str:
        """Id of the release that is asked, to be cited; empty where the store does not tell."""
        return self._release

    @property
    def questions(self) -> Mapping[str, Question]:
        """The stored questions by id: title, words, parameters, columns, units, SPARQL."""
        return {name: asked for name, asked in all_questions().items() if not asked.hidden}

    def _answer(self, question: str | Question, parameters: Mapping[str, object]) -> FrameT:
        asked = question if isinstance(question, Question) else find_question(question)
        given = {name: written for name, v in parameters.items() if (written := _written(v))}
        query = asked.bind(known_values(self._store, asked, given))
        about = About(
            question=asked.id,
            title=asked.title,
            words=asked.words,
            parameters=given,
            columns=dict(asked.columns),
            units=dict(asked.units),
            sparql=query,
            release=self._release,
        )
        return self._frames.of(tables.select(self._store, query), about)

    def mission(self, mission: Named) -> Mission:
        """Return what is known of a mission, each fact with the passages that state it.

        Args:
            mission: a slug such as ``"csiro-drought-resilience"``, an IRI or a CURIE.

        Raises:
            UnknownThing: there is no such mission.
        """
        iri = _iri(_MISSION, mission)
        if not tables.ask(self._store, f"ASK {{ <{iri}> {_MISSION.membership} }}"):
            raise UnknownThing(
                f"{compact(iri)} is not a mission of this graph.",
                where="mission",
                remedy=self._alike(iri),
            )
        return read_mission(self._store, iri)

    def thing(self, thing: Named) -> Thing:
        """Return what is known of any thing, such as ``"actor/csiro"``; raises as ``mission``."""
        return read_thing(self._store, _iri(_THING, thing))

    def compare(
        self,
        missions: Iterable[Named] = (),
        *,
        places: Iterable[str] = (),
        programmes: Iterable[Named] = (),
        criteria: Iterable[str] = (),
        dimensions: Iterable[str] = (),
        only: str = "",
        sort: str = "given",
    ) -> ComparedMissions[FrameT]:
        """Compare missions by criteria.

        Args:
            missions, programmes: slugs, IRIs or CURIEs.
            places: all missions of these places.
            criteria: names of criteria, such as ``"deadline"``; all if none is named.
            dimensions: ``"strategic-orientation"``, ``"policy-coordination"`` or
                ``"policy-implementation"``; all if none is named.
            only: ``"differences"`` or ``"sames"`` keeps those criteria.
            sort: ``"given"``, ``"label"``, or ``"known"``: of which most is known first.

        Raises:
            BadParameter: nothing was named, or what was named is not known.
        """
        wish = Wish(
            missions=_written(missions),
            programmes=_written(programmes),
            places=_written(places),
            criteria=_written(criteria),
            dimensions=_written(dimensions),
            only=only,
            sort=sort,
        )
        comparison = compare(self._store, wish, self._release)
        described = [
            [c.name, c.label, c.dimension, c.typology, c.iri, c.definition]
            for c in comparison.criteria
        ]
        return ComparedMissions(
            matrix=self._frame(wide_head(comparison), wide_rows(comparison)),
            findings=self._frame(TIDY_HEAD, tidy_rows(comparison)),
            criteria=self._frame(CRITERIA, described),
            comparison=comparison,
        )

    def sparql(self, query: str) -> FrameT:
        """Ask a SELECT query of SPARQL 1.1, prefixes declared, and return its solutions.

        Raises:
            BadQuery: it is not SPARQL 1.1, or no SELECT query.
            QueryForbidden: it is an update, or calls another server.
            StoreError: the store could not answer.
            PartMissing: the package of the data frames is not installed.
        """
        _only(query, (Form.SELECT,), "solutions")
        about = About(sparql=query, release=self._release)
        return self._frames.of(tables.select(self._store, query), about)

    def sparql_ask(self, query: str) -> bool:
        """Ask an ASK query and return its truth value; raises as ``sparql`` does."""
        _only(query, (Form.ASK,), "a truth value")
        return tables.ask(self._store, query)

    def sparql_graph(self, query: str) -> rdflib.Graph:
        """Ask a CONSTRUCT or DESCRIBE query and return its triples; raises as ``sparql`` does."""
        import rdflib

        _only(query, (Form.CONSTRUCT, Form.DESCRIBE), "triples")
        answer = self._store.answer(query, N_TRIPLES)
        return _with_prefixes(rdflib.Graph()).parse(data=answer, format="nt")

    def rdflib(self, graph: str = "") -> rdflib.Graph:
        """Return a graph of rdflib, read-only, that asks this one: nothing is copied.

        Args:
            graph: IRI or id of a named graph, such as that of a passage
                (``"evidence/opsi-webinar-2021/drought-target"``), to see that one only; else it
                is the merged graph, which has every claim once.
        """
        import rdflib

        from missiongraph.client.rdflib_store import StoreOfRdflib

        identifier = rdflib.URIRef(_iri(_THING, graph)) if graph else None
        return _with_prefixes(rdflib.Graph(StoreOfRdflib(self._store), identifier))

    def __repr__(self) -> str:
        return f"<missiongraph.Graph, release {self._release or 'not told'}>"

    def _alike(self, iri: str) -> str:
        """Return a remedy that names the missions with a name like that."""
        known = {text_of(row["value"]) for row in choices(self._store, _MISSION).records()}
        names = [name.removeprefix("id:mission/") for name in sorted(known)]
        near = difflib.get_close_matches(iri.rpartition("/")[2], names, _MOST_NAMED)
        listed = f"Do you mean: {', '.join(near)}? " if near else ""
        return f'{listed}ask("missions") lists them all.'

    def _frame(self, columns: Sequence[str], rows: Iterable[Sequence[Plain]]) -> FrameT:
        """Return rows of plain values as a data frame."""
        terms = (tuple(map(_term, columns, row)) for row in rows)
        return self._frames.of(Table(tuple(columns), tuple(terms)), About(release=self._release))


def _written(value: object) -> list[str]:
    """Return the values of a parameter as they would be written in an address."""
    match value:
        case None:
            return []
        case Thing():
            return [value.iri]
        case Fact():
            return [value.iri or str(value.value)]
        case str() | int() | Decimal() | date():
            return [str(value)]
        case Iterable():
            return [text for one in value for text in _written(one)]
        case _:
            raise BadRequest(
                f"{value!r} is no value of a parameter.",
                remedy="Write a text, a number or a day, or a list of them.",
            )


def _term(column: str, value: Plain) -> Term | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and column in _OF_IRIS:
        return NamedNode(value)
    return Literal(str(value)) if isinstance(value, Decimal | date) else Literal(value)


def _iri(parameter: Parameter, value: Named) -> str:
    (text,) = _written(value)
    return parameter.read(text).value


def _only(query: str, forms: Sequence[Form], what: str) -> None:
    """Refuse a query whose answer is of another form."""
    form = form_of(query, max_length=None)
    if form not in forms:
        raise BadQuery(
            f"A query of the form {form.value} does not give {what}.",
            where="query",
            remedy="Take sparql for SELECT, sparql_ask for ASK, sparql_graph for CONSTRUCT and "
            "DESCRIBE.",
        )


def _with_prefixes(graph: rdflib.Graph) -> rdflib.Graph:
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph
