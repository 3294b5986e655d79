"""Which EU Mission a project serves: the rules of ``data/eu/mission-topics.yaml``.

Each link that they give carries the rule by which it was made (``mg:assignedBy``): a passage, with a
summary and a page like any other, that says which missions it stands for (``mg:assigns``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from missiongraph.errors import BadDocument
from missiongraph.names import CONCEPT, ID, PREFIXES, RDF_TYPE, RDFS_LABEL, mg
from missiongraph.resources import root

_KEYS: Final = {"id", "legalBasis", "missions", "page", "projects", "section", "summary", "topic"}
_CONDITIONS: Final = {"legalBasis", "projects", "topic"}


@dataclass(frozen=True)
class MissionRule:
    """A rule: a project for which all conditions hold serves the missions.

    Attributes:
        id: the rule's, a slug.
        topic: what the code of a topic matches, whole; None when it does not matter.
        legal_basis: likewise for the code of a legal basis.
        projects: grant numbers; empty when they do not matter.
        missions: ids such as ``mission/eu-soil``; empty when the code does not tell.
        summary: what the page says.
        page: where that stands.
        section: where in it.
    """

    id: str
    topic: re.Pattern[str] | None
    legal_basis: re.Pattern[str] | None
    projects: frozenset[str]
    missions: tuple[str, ...]
    summary: str
    page: str
    section: str

    def applies(self, project: str, topic: str, legal_basis: str) -> bool:
        """Say whether the conditions hold for a project; unknown codes are empty."""
        return (
            (self.topic is None or self.topic.fullmatch(topic) is not None)
            and (self.legal_basis is None or self.legal_basis.fullmatch(legal_basis) is not None)
            and (not self.projects or project in self.projects)
        )


@dataclass(frozen=True)
class MissionRules:
    """The rules, and what describes them.

    Attributes:
        rules: in the order of the file.
        missions: labels of the missions, by id.
        source: the values of the file's ``source``.
    """

    rules: tuple[MissionRule, ...]
    missions: dict[str, str]
    source: dict[str, str]

    def applying(self, project: str, topic: str = "", legal_basis: str = "") -> list[MissionRule]:
        """Return the rules that apply to a project with a topic and a legal basis.

        >>> rules = our_mission_rules()
        >>> [rule.id for rule in rules.applying("1", "HORIZON-MISS-2023-OCEAN-SOIL-01-01")]
        ['ocean', 'soil']
        """
        if not self.concern(topic):
            return []
        return [rule for rule in self.rules if rule.applies(project, topic, legal_basis)]

    def concern(self, topic: str) -> bool:
        """Say whether a rule may apply to a project of a topic."""
        return self._topics is None or self._topics.fullmatch(topic) is not None

    @cached_property
    def _topics(self) -> re.Pattern[str] | None:
        """What the topic of any rule matches; most projects are known by it to serve no mission."""
        patterns = [rule.topic.pattern for rule in self.rules if rule.topic is not None]
        if len(patterns) < len(self.rules):
            return None
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))

    def ask_for(self, key: str) -> bool:
        """Say whether a condition on ``topic``, ``legalBasis`` or ``projects`` is made at all."""
        named = {"topic": "topic", "legalBasis": "legal_basis", "projects": "projects"}
        return any(getattr(rule, named[key]) for rule in self.rules)

    def rule_iri(self, rule: MissionRule) -> str:
        """Return the IRI of a rule, which is a passage of the rules' source."""
        return f"{ID}evidence/{self.source['id'].split('/')[1]}/{rule.id}"

    def triples(self) -> Iterator[Triple]:
        """Yield the description of the rules, their source and the missions."""
        source = NamedNode(ID + self.source["id"])
        title = Literal(self.source["title"], language="en")
        yield Triple(source, RDF_TYPE, mg("Source"))
        yield Triple(source, RDFS_LABEL, title)
        yield Triple(source, _term("dcterms", "title"), title)
        yield Triple(source, _term("foaf", "page"), NamedNode(self.source["page"]))
        issued = Literal(self.source["issued"], datatype=_term("xsd", "gYearMonth"))
        yield Triple(source, _term("dcterms", "issued"), issued)
        kind = NamedNode(f"{CONCEPT}source-kind/{self.source['sourceKind']}")
        yield Triple(source, mg("sourceKind"), kind)
        for mission, label in self.missions.items():
            yield Triple(NamedNode(ID + mission), RDF_TYPE, mg("Mission"))
            yield Triple(NamedNode(ID + mission), RDFS_LABEL, Literal(label, language="en"))
        for rule in self.rules:
            yield from self._rule_triples(rule, source)

    def _rule_triples(self, rule: MissionRule, source: NamedNode) -> Iterator[Triple]:
        evidence = NamedNode(self.rule_iri(rule))
        yield Triple(evidence, RDF_TYPE, mg("Evidence"))
        yield Triple(evidence, RDFS_LABEL, Literal(f"Rule {rule.id}", language="en"))
        yield Triple(evidence, _term("dcterms", "source"), source)
        yield Triple(evidence, mg("summary"), Literal(rule.summary, language="en"))
        yield Triple(evidence, mg("section"), Literal(rule.section, language="en"))
        yield Triple(evidence, _term("foaf", "page"), NamedNode(rule.page))
        for mission in rule.missions:
            yield Triple(evidence, mg("assigns"), NamedNode(ID + mission))


@cache
def our_mission_rules() -> MissionRules:
    """Return the package's own rules."""
    return read_mission_rules(root() / "data" / "eu" / "mission-topics.yaml")


def read_mission_rules(file: Path) -> MissionRules:
    """Return the rules of a file.

    Raises:
        BadDocument: it is not YAML, or a rule has other keys, no condition, an unknown mission or
            what is not a regular expression.
    """
    try:
        values: dict[str, Any] = YAML(typ="safe", pure=True).load(file)
        missions = {str(mission): str(label) for mission, label in values["missions"].items()}
        rules = tuple(_rule(rule, missions) for rule in values["rules"])
        source = {str(key): str(value) for key, value in values["source"].items()}
        return MissionRules(rules, missions, source)
    except (YAMLError, KeyError, TypeError, AttributeError, ValueError, re.error) as cause:
        raise BadDocument(f"It is no file of mission rules: {cause}.", where=str(file)) from cause


def _rule(values: dict[str, Any], missions: dict[str, str]) -> MissionRule:
    if unknown := set(values) - _KEYS:
        raise ValueError(f"rule {values.get('id')} has {', '.join(sorted(unknown))}")
    if not _CONDITIONS & set(values):
        raise ValueError(f"rule {values['id']} has no condition")
    if unknown := set(values["missions"]) - set(missions):
        raise ValueError(f"rule {values['id']} names {', '.join(sorted(unknown))}")
    return MissionRule(
        id=str(values["id"]),
        topic=_pattern(values.get("topic")),
        legal_basis=_pattern(values.get("legalBasis")),
        projects=frozenset(map(str, values.get("projects", ()))),
        missions=tuple(values["missions"]),
        summary=" ".join(str(values["summary"]).split()),
        page=str(values["page"]),
        section=str(values["section"]),
    )


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return None if text is None else re.compile(text)


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)
