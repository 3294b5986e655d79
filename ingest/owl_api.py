"""Profiles of the ontology, and why it is inconsistent: asked of the OWL API beside HermiT.

owlready2 brings both along in one archive; JPype reaches them. They run in a process of
their own (``owl_machine.py``).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pyoxigraph import RdfFormat, Triple, serialize

from missiongraph import resources
from missiongraph.errors import GateClosed, PartMissing
from missiongraph.ingest.rdf_files import read_triples
from missiongraph.ingest.reasoner import expressible, java_is_installed
from missiongraph.names import compact

_IRI: Final = re.compile(r"<([^<>\s]+)>")
_CURIE: Final = re.compile(r"[\w-]+:[\w-]+")
_LAST_LINES: Final = 3
PROFILES: Final = {
    "DL": "what HermiT and other complete reasoners read",
    "EL": "fast classification of very large ontologies",
    "QL": "answering queries over databases by rewriting them",
    "RL": "reasoning by rules over triples",
}
"""The profiles of OWL 2 with what each is for (OWL 2 Profiles, W3C Recommendation, section 1)."""


@dataclass(frozen=True)
class Departure:
    """An axiom that leaves a profile.

    Attributes:
        axiom: the axiom in functional style, with CURIEs.
        axiom_type: its kind, such as ``ObjectPropertyDomain``.
        construct: what in it the profile does not have; empty when it is the axiom itself.
        kind: the OWL API's name for the departure.
    """

    axiom: str
    axiom_type: str
    construct: str
    kind: str

    @property
    def subject(self) -> str:
        """The term that the axiom is about, as far as its text tells: the first that it names."""
        found = _CURIE.search(self.axiom.partition("(")[2])
        return found[0] if found else self.axiom


@dataclass(frozen=True)
class Explanation:
    """Why triples cannot all be true, or why a class can have no instance.

    Attributes:
        focus: the unsatisfiable class; empty when the triples contradict each other.
        axioms: what is needed for that and no more: without any one of them it is not so.
    """

    focus: str
    axioms: tuple[str, ...]


def profiles(triples: Iterable[Triple]) -> Mapping[str, tuple[Departure, ...]]:
    """Return for each profile of OWL 2 the axioms that leave it, none when the ontology is in it.

    Annotations are not counted: no profile restricts what they say to people.

    Raises:
        GateClosed: the OWL API cannot read the triples.
        PartMissing: Java, owlready2 or JPype is not installed.
    """
    found = _run("profiles", triples)
    return {
        name: tuple(sorted(map(_departure, departures), key=lambda d: (d.axiom_type, d.axiom)))
        for name, departures in found.items()
    }


def explain(triples: Iterable[Triple]) -> tuple[Explanation, ...]:
    """Return the axioms that contradict each other, or those that make each class unsatisfiable.

    One smallest set each; there may be others. Empty when all is well. Literals of datatypes
    that OWL 2 DL has not are left out, as they are in ``reasoner.classify``.

    Raises:
        GateClosed: the OWL API cannot read the triples.
        PartMissing: Java, owlready2 or JPype is not installed.
    """
    return tuple(
        Explanation(compact(found["focus"]), tuple(map(_with_curies, found["axioms"])))
        for found in _run("explain", triples)
    )


def ontology_triples(files: Iterable[Path] = ()) -> list[Triple]:
    """Return the triples of our ontology, alignments and vocabularies, and of RDF files beside them.

    Raises:
        UnreadableRdf: a file's ending tells no form of RDF, or it is not in that form.
    """
    ours = sorted((resources.root() / "ontology").rglob("*.ttl"))
    return read_triples((*ours, *files))


def as_markdown(found: Mapping[str, Iterable[Departure]]) -> str:
    """Return which profiles an ontology is in, and the axioms that leave each, as tables."""
    groups: dict[tuple[str, str], dict[str, set[str]]] = {}
    for name, departures in found.items():
        for each in departures:
            group = groups.setdefault((each.axiom_type, each.construct), {})
            group.setdefault(name, set()).add(each.subject)
    lines = ["| profile | for | the ontology is in it |", "|---|---|---|"]
    lines += [f"| {n} | {PROFILES[n]} | {'no' if tuple(d) else 'yes'} |" for n, d in found.items()]
    lines += ["", "| axiom | with | leaves | number | on |", "|---|---|---|---|---|"]
    for (axiom_type, construct), leaves in sorted(groups.items()):
        subjects = sorted(set().union(*leaves.values()))
        names = ", ".join(f"`{subject}`" for subject in subjects)
        profiles_left = ", ".join(sorted(leaves))
        lines.append(
            f"| {axiom_type} | {construct} | {profiles_left} | {len(subjects)} | {names} |"
        )
    return "\n".join(lines) + "\n"


def _run(task: str, triples: Iterable[Triple]) -> Any:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ontology.rdf"
        serialize(expressible(triples), str(file), RdfFormat.RDF_XML)
        return run(task, file)


def run(task: str, file: Path) -> Any:
    """Have a task of ``owl_machine`` done with a file in RDF/XML; errors are those of ``explain``."""
    command = [
        sys.executable,
        "-m",
        "missiongraph.ingest.owl_machine",
        task,
        str(_archive()),
        str(file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = " ".join(done.stderr.strip().splitlines()[-_LAST_LINES:])
        raise GateClosed(
            f"The OWL API cannot read the ontology: {last}",
            remedy="Run the checks named owl2dl-… under ontology/checks.",
        )
    return json.loads(done.stdout)


def _archive() -> Path:
    """Return the archive with HermiT and the OWL API."""
    if not java_is_installed():
        raise PartMissing(
            "The OWL API needs a Java runtime and there is no java on the path.",
            remedy="Install one, such as OpenJDK 17 (apt install default-jre-headless).",
        )
    for module, package in (("owlready2", "owlready2"), ("jpype", "jpype1")):
        if find_spec(module) is None:
            raise PartMissing(
                f"The OWL API is reached through {package}, which is not installed.",
                remedy="Install both: pip install owlready2 jpype1.",
            )
    spec = find_spec("owlready2")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "hermit" / "HermiT.jar"


def _departure(found: Mapping[str, str]) -> Departure:
    return Departure(
        axiom=_with_curies(found["axiom"]),
        axiom_type=found["axiomType"],
        construct=_with_curies(found["construct"]),
        kind=found["kind"],
    )


def _with_curies(axiom: str) -> str:
    """Return an axiom with CURIEs for the IRIs that have one.

    >>> _with_curies("SubClassOf(<https://w3id.org/missiongraph/ontology#Mission> <urn:x>)")
    'SubClassOf(mg:Mission <urn:x>)'
    """

    def shortened(found: re.Match[str]) -> str:
        short = compact(found[1])
        return found[0] if short == found[1] else short

    return _IRI.sub(shortened, axiom)
