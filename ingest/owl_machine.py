"""The OWL API in a Java machine of this process; run by ``missiongraph/ingest/owl_api.py``.

``python -m missiongraph.ingest.owl_machine TASK JAR FILE`` reads an ontology in RDF/XML and
writes JSON. It is a process of its own, for one with a Java machine must never fork.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import jpype

_PROFILES: Final = ("DL", "EL", "QL", "RL")
_WITNESS: Final = "urn:missiongraph:witness"


def main(task: str, jar: str, file: str) -> None:
    """Do a task with the ontology in a file and print what it gives."""
    jpype.startJVM("-Xrs", "-Xss16m", classpath=[jar])
    manager = jpype.JClass(
        "org.semanticweb.owlapi.apibinding.OWLManager"
    ).createOWLOntologyManager()
    source = jpype.JClass("java.io.File")(str(Path(file).resolve()))
    ontology = manager.loadOntologyFromOntologyDocument(source)
    print(json.dumps(_TASKS[task](manager, ontology)))


def profiles(_: Any, ontology: Any) -> dict[str, list[dict[str, str]]]:
    """Return, for each profile, the axioms that leave it; annotations say nothing to a reasoner."""
    found: dict[str, list[dict[str, str]]] = {}
    for name in _PROFILES:
        profile = jpype.JClass(f"org.semanticweb.owlapi.profiles.OWL2{name}Profile")()
        violations = profile.checkOntology(ontology).getViolations()
        found[name] = [_violation(v) for v in violations if not _annotates(v.getAxiom())]
    # OWL 2 RL has no reflexive properties (OWL 2 Profiles, section 4.2.5), which this OWL API overlooks.
    reflexive = [
        a for a in ontology.getLogicalAxioms() if str(a)[:24] == "ReflexiveObjectProperty("
    ]
    found["RL"] += [_departure("UseOfIllegalAxiom", axiom) for axiom in reflexive]
    return found


def explain(manager: Any, ontology: Any) -> list[dict[str, Any]]:
    """Return a minimal set of axioms for the inconsistency, else for each unsatisfiable class."""
    axioms = _logical(ontology)
    if not _is_consistent(manager, axioms):
        return [{"focus": "", "axioms": _smallest(manager, [], axioms)}]
    factory = manager.getOWLDataFactory()
    bottom = _reasoner(ontology).getUnsatisfiableClasses().getEntitiesMinusBottom()
    found = []
    for class_ in sorted(bottom, key=str):
        witness = factory.getOWLNamedIndividual(
            jpype.JClass("org.semanticweb.owlapi.model.IRI").create(_WITNESS)
        )
        given = [factory.getOWLClassAssertionAxiom(class_, witness)]
        iri = str(class_.getIRI())
        found.append({"focus": iri, "axioms": _smallest(manager, given, axioms)})
    return found


def _smallest(manager: Any, given: list[Any], axioms: list[Any]) -> list[str]:
    """Return axioms that contradict each other, or what is given, and none of which can be left out.

    By halving (QuickXplain: Junker 2004, AAAI): a few axioms of thousands take some ten questions each.
    """

    def needed(background: list[Any], grown: bool, candidates: list[Any]) -> list[Any]:
        if grown and not _is_consistent(manager, background):
            return []
        if len(candidates) == 1:
            return candidates
        middle = len(candidates) // 2
        first, second = candidates[:middle], candidates[middle:]
        of_second = needed([*background, *first], True, second)
        of_first = needed([*background, *of_second], bool(of_second), first)
        return [*of_first, *of_second]

    return sorted(str(axiom) for axiom in needed(given, False, axioms))


def _is_consistent(manager: Any, axioms: list[Any]) -> bool:
    chosen = jpype.JClass("java.util.HashSet")(jpype.java.util.Arrays.asList(axioms))
    ontology = manager.createOntology(chosen)
    try:
        return bool(_reasoner(ontology).isConsistent())
    finally:
        manager.removeOntology(ontology)


def _reasoner(ontology: Any) -> Any:
    return jpype.JClass("org.semanticweb.HermiT.Reasoner")(ontology)


def _logical(ontology: Any) -> list[Any]:
    """Return the axioms that a reasoner heeds: of the ontology itself first, then of individuals."""
    return sorted(
        ontology.getLogicalAxioms(), key=lambda axiom: ("Assertion" in str(axiom), str(axiom))
    )


def _annotates(axiom: Any) -> bool:
    return axiom is not None and bool(axiom.isAnnotationAxiom())


def _violation(violation: Any) -> dict[str, str]:
    kind = type(violation).__name__.rpartition(".")[2]
    return _departure(kind, violation.getAxiom(), _construct(violation))


def _departure(kind: str, axiom: Any, construct: str = "") -> dict[str, str]:
    return {
        "kind": kind,
        "axiom": "" if axiom is None else str(axiom),
        "axiomType": "" if axiom is None else str(axiom.getAxiomType().getName()),
        "construct": construct,
    }


def _construct(violation: Any) -> str:
    """Return what it is in an axiom that a profile does not have; nothing for the axiom itself."""
    for getter in ("getOWLClassExpression", "getOWLDataRange"):
        if hasattr(violation, getter):
            part = getattr(violation, getter)()
            if hasattr(part, "getClassExpressionType"):
                return str(part.getClassExpressionType().getName())
            return (
                f"<{part.getIRI()}>"
                if part.isDatatype()
                else str(part.getDataRangeType().getName())
            )
    return ""


_TASKS: Final[dict[str, Callable[[Any, Any], Any]]] = {"profiles": profiles, "explain": explain}

if __name__ == "__main__":
    main(*sys.argv[1:])
