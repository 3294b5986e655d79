"""Consistency and classification of the ontology and its data, by HermiT.

HermiT runs in Java and is reached through owlready2; both are needed only here, so
owlready2 is imported when a reasoning is asked for.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from missiongraph.errors import GateClosed, PartMissing
from missiongraph.names import PREFIXES

_RDF: Final = PREFIXES["rdf"]
_XSD: Final = PREFIXES["xsd"]
_LANG_STRING: Final = NamedNode(_RDF + "langString")
_PLAIN_LITERAL: Final = NamedNode(_RDF + "PlainLiteral")
_OWL_NOTHING: Final = PREFIXES["owl"] + "Nothing"

DATATYPES: Final = frozenset(
    {_LANG_STRING.value, _RDF + "XMLLiteral"}
    | {
        _XSD + name
        for name in (
            *("anyURI", "base64Binary", "boolean", "byte", "dateTime", "dateTimeStamp"),
            *("decimal", "double", "float", "hexBinary", "int", "integer", "language", "long"),
            *("Name", "NCName", "negativeInteger", "NMTOKEN", "nonNegativeInteger"),
            *("nonPositiveInteger", "normalizedString", "positiveInteger", "short", "string"),
            *("token", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"),
        )
    }
)
"""The datatypes a literal may have in OWL 2 DL (OWL 2 Structural Specification, clause 4)."""


@dataclass(frozen=True)
class Classification:
    """What a reasoner found.

    Attributes:
        consistent: whether the triples can all be true together.
        unsatisfiable: IRIs of the named classes that can have no instance, sorted;
            empty when the triples are inconsistent, for then no class can.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()


def classify(triples: Iterable[Triple]) -> Classification:
    """Return whether ontology and data are consistent, and which classes are unsatisfiable.

    Triples whose literal is of a datatype that OWL 2 DL has not (dates, durations) are
    left out: no axiom of the ontology restricts them, so they contradict nothing.

    Args:
        triples: ontology, alignments, vocabularies and data together.

    Raises:
        GateClosed: the triples are not OWL 2 DL, so that HermiT cannot read them.
        PartMissing: Java or owlready2 is not installed.
    """
    owlready = _owlready()
    world = owlready.World()
    try:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "ontology.nt"
            serialize(expressible(triples), str(file), RdfFormat.N_TRIPLES)
            world.get_ontology(file.as_uri()).load()
            owlready.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
            return Classification(True, _unsatisfiable(world))
    except owlready.OwlReadyInconsistentOntologyError:
        return Classification(consistent=False)
    except owlready.OwlReadyJavaError as cause:
        raise GateClosed(
            f"HermiT cannot read the ontology as OWL 2 DL: {_complaint(cause)}",
            remedy="Run the checks named owl2dl-… under ontology/checks.",
        ) from cause
    finally:
        world.close()


def java_is_installed() -> bool:
    """Say whether the Java runtime that HermiT needs is on the path."""
    return shutil.which("java") is not None


def _owlready() -> Any:
    """Return the module owlready2."""
    if not java_is_installed():
        raise PartMissing(
            "HermiT needs a Java runtime and there is no java on the path.",
            remedy="Install one, such as OpenJDK 17 (apt install default-jre-headless).",
        )
    try:
        import owlready2
    except ImportError as cause:
        raise PartMissing(
            "HermiT is reached through owlready2, which is not installed.",
            remedy="Install it: pip install owlready2.",
        ) from cause
    return owlready2


def expressible(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the triples that OWL 2 DL has, as reasoners of OWL 2 write them."""
    for triple in triples:
        value = triple.object
        if value == _LANG_STRING:
            # HermiT ignores a range of this name of RDF 1.1; in OWL 2 it is part of the other.
            yield Triple(triple.subject, triple.predicate, _PLAIN_LITERAL)
        elif not isinstance(value, Literal) or value.datatype.value in DATATYPES:
            yield triple


def _complaint(error: Exception) -> str:
    """Return what HermiT says was wrong, without its stack."""
    lines = [line.strip() for line in str(error).splitlines()]
    start = next((i for i, line in enumerate(lines) if "Exception" in line), 0)
    return " ".join(takewhile(lambda line: not line.startswith("at "), lines[start:]))


def _unsatisfiable(world: Any) -> tuple[str, ...]:
    found = {entity.iri for entity in world.inconsistent_classes()}
    return tuple(sorted(found - {_OWL_NOTHING}))
