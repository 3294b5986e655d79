"""Written from queries/ by ``make context``; do not edit."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Generic, Literal, TypeAlias, overload

from missiongraph.client.frames import FrameT
from missiongraph.client.things import Fact, Thing
from missiongraph.questions import Question

Name: TypeAlias = str | Thing | Fact
Names: TypeAlias = Name | Iterable[Name]
Words: TypeAlias = str | Iterable[str]
Number: TypeAlias = int | Decimal | str
Numbers: TypeAlias = Number | Iterable[Number]
Day: TypeAlias = date | str
Days: TypeAlias = Day | Iterable[Day]
QuestionId: TypeAlias = Literal[
    "actors-across-missions",
    "brokers",
    "claims",
    "communities",
    "contradictions",
    "coverage",
    "crowd-in",
    "demand-side-gap",
    "duplicate-projects",
    "eu-alignment",
    "eu-participation-of-national-actors",
    "eu-projects",
    "external-ownership",
    "facts",
    "identities",
    "implementation-challenges",
    "instrument-mix",
    "levels-without-owner",
    "mentions",
    "milestones",
    "ministries-without-joint-body",
    "ministry-coordination",
    "missing-links",
    "mission-cities",
    "mission-targets",
    "missions",
    "missions-by-place",
    "network",
    "no-evaluation",
    "passages",
    "policy-fields-beyond-sti",
    "portfolio-gaps",
    "practices",
    "search",
    "shared-challenges",
    "shared-implementation-challenges",
    "single-solution-risk",
    "single-source-claims",
    "source-age",
    "sources",
    "strengths",
    "target-progress",
    "targets-without-deadline",
    "terms",
    "things-by-class",
    "timeline",
    "uncoordinated-missions",
    "vocabularies",
]

class StoredQuestions(ABC, Generic[FrameT]):
    @overload
    def ask(
        self,
        question: Literal["actors-across-missions"],
        /,
        *,
        actor: Names | None = ...,
        place: Names | None = ...,
    ) -> FrameT:
        """Which actors are in several missions, in which roles, and whom do they connect?
        actor: Actor.
        place: Place of the actor.
        Columns: actor, actorLabel, missions, connectedActors, mission, missionLabel, role,
        roleLabel, programme, programmeLabel, evidence, summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["brokers"],
        /,
        *,
        actor: Names | None = ...,
        place: Names | None = ...,
    ) -> FrameT:
        """Which actors lie between others, so that missions hang together over them?
        actor: Actor.
        place: Place of the actor.
        Columns: actor, actorLabel, betweenness, constraint, community, missions, communities.
        """
    @overload
    def ask(
        self,
        question: Literal["claims"],
        /,
        *,
        evidence: Names | None = ...,
        source: Names | None = ...,
    ) -> FrameT:
        """Which claims does a passage state, and in which words of ours?
        evidence: Evidence.
        source: Source.
        Columns: evidence, summary, subject, subjectLabel, property, propertyLabel, value,
        valueLabel.
        """
    @overload
    def ask(
        self,
        question: Literal["communities"],
        /,
        *,
        community: Numbers | None = ...,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which groups of actors and missions hang together, and what does each of them hold?
        community: Community.
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: community, size, mission, missionLabel, place, placeLabel, actors.
        """
    @overload
    def ask(
        self,
        question: Literal["contradictions"],
        /,
        *,
        thing: Names | None = ...,
    ) -> FrameT:
        """Where do sources give different values for what can have only one, and what does each
        say?
        thing: Thing.
        Columns: thing, thingLabel, property, propertyLabel, kind, value, valueLabel, evidence,
        summary, startSeconds, link, source, sourceLabel, issued, retrieved, otherValue,
        otherValueLabel, otherEvidence, otherSummary, otherStartSeconds, otherLink, otherSource,
        otherSourceLabel, otherIssued, otherRetrieved.
        """
    @overload
    def ask(
        self,
        question: Literal["coverage"],
        /,
        *,
        place: Names | None = ...,
    ) -> FrameT:
        """How much is known of the missions of each place, property by property?
        place: Place.
        Columns: place, placeLabel, property, propertyLabel, missions, known, unknown, no,
        notApplicable.
        """
    @overload
    def ask(
        self,
        question: Literal["crowd-in"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which money do missions and programmes have from a pool, crowded in or earned outside,
        and in what ratio?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: host, hostLabel, fundingKind, fundingKindLabel, funding, fundingLabel, amount,
        currency, share, restates, kindTotal, kindShare, perPool, evidence, summary,
        startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["demand-side-gap"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which missions have instruments on the supply side only, and none that works on demand?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, finding, side, sideLabel, instrument, instrumentLabel,
        implementationChallenge, implementationChallengeLabel, who, whoLabel, evidence, summary,
        startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["duplicate-projects"],
        /,
        *,
        project: Names | None = ...,
        mission: Names | None = ...,
        least: Number | None = ...,
    ) -> FrameT:
        """Which projects, of different programmes or missions, look like the same work, and why?
        project: One of the projects.
        mission: Mission of one of them.
        least: Least score.
        Columns: project, projectLabel, otherProject, otherProjectLabel, score, words, finding,
        mission, missionLabel.
        """
    @overload
    def ask(
        self,
        question: Literal["eu-alignment"],
        /,
        *,
        mission: Names | None = ...,
        euMission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which missions share goals with which EU Mission, and what do countries do about the EU
        Missions; how sure is that, and who says so on what ground?
        mission: Mission.
        euMission: EU Mission.
        place: Place of the mission or alignment.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, place, placeLabel, euMission, euMissionLabel, match,
        confidence, method, mappedBy, mappedByLabel, reason, mappedOn, mapping, source,
        sourceLabel.
        """
    @overload
    def ask(
        self,
        question: Literal["eu-participation-of-national-actors"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        euMission: Names | None = ...,
        actor: Names | None = ...,
    ) -> FrameT:
        """Which actors of national missions take part in projects of the EU Missions, in what role
        and with what contribution?
        mission: National mission.
        place: Place of the mission.
        euMission: EU Mission.
        actor: Actor.
        Columns: mission, missionLabel, actor, actorLabel, organisation, organisationLabel,
        project, projectLabel, euMission, euMissionLabel, role, roleLabel, contribution.
        """
    @overload
    def ask(
        self,
        question: Literal["eu-projects"],
        /,
        *,
        euMission: Names | None = ...,
        country: Names | None = ...,
        organisation: Names | None = ...,
        year: Numbers | None = ...,
    ) -> FrameT:
        """Which projects does each EU Mission have, who takes part from which country, and with
        how much money?
        euMission: EU Mission.
        country: Country of the organisation.
        organisation: Organisation.
        year: Year in which the project starts.
        Columns: euMission, euMissionLabel, project, projectLabel, acronym, topic, startDate,
        endDate, projectAmount, organisation, organisationLabel, country, countryLabel, role,
        roleLabel, contribution.
        """
    @overload
    def ask(
        self,
        question: Literal["external-ownership"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which missions are owned or funded by actors who are not of the mission's own place?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, finding, role, roleLabel, actor, actorLabel, place,
        placeLabel, actorPlace, actorPlaceLabel, host, hostLabel, evidence, summary,
        startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["facts"],
        /,
        *,
        thing: Names,
    ) -> FrameT:
        """What is known of a thing, and which passage of which source says so?
        thing: Thing, needed.
        Columns: thing, property, propertyLabel, value, valueLabel, inferred, evidence, summary,
        source, sourceTitle, startSeconds, pageNumber, section, link.
        """
    @overload
    def ask(
        self,
        question: Literal["identities"],
        /,
        *,
        thing: Names | None = ...,
        system: Words | None = ...,
    ) -> FrameT:
        """Under which identifiers and codes do others know a thing or a concept, and who says that
        it is the same?
        thing: Thing or concept.
        system: System.
        Columns: thing, thingLabel, match, system, identifier, identifierLabel, confidence,
        method, mappedBy, mappedByLabel, reason, mapping.
        """
    @overload
    def ask(
        self,
        question: Literal["implementation-challenges"],
        /,
        *,
        dimension: Names | None = ...,
        kind: Names | None = ...,
        actor: Names | None = ...,
        place: Names | None = ...,
        source: Names | None = ...,
    ) -> FrameT:
        """Which difficulties do missions meet in design, coordination and implementation, and who
        faces them?
        dimension: Dimension.
        kind: Kind.
        actor: Who faces or identifies it.
        place: Place of it or of who faces it.
        source: Source that names it.
        Columns: dimension, dimensionLabel, kind, kindLabel, implementationChallenge,
        implementationChallengeLabel, relation, who, whoLabel, evidence, summary, startSeconds,
        link.
        """
    @overload
    def ask(
        self,
        question: Literal["instrument-mix"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which sides, ways of steering and stages of innovation do a mission's instruments cover,
        and which are missing?
        mission: Mission.
        place: Place.
        challenge: Challenge of the mission.
        Columns: host, hostLabel, aspect, aspectLabel, concept, conceptLabel, coverage,
        instrument, instrumentLabel, evidence, summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["levels-without-owner"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """At which governance levels that a mission reaches is no actor responsible for it?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, governanceLevel, governanceLevelLabel, finding, actor,
        actorLabel, evidence, link, lackEvidence.
        """
    @overload
    def ask(
        self,
        question: Literal["mentions"],
        /,
        *,
        thing: Names,
    ) -> FrameT:
        """Which facts of other things have a thing as their value, and which passage says so?
        thing: Thing, needed.
        Columns: thing, property, propertyLabel, subject, subjectLabel, inferred, evidence,
        summary, source, sourceTitle, startSeconds, pageNumber, section, link.
        """
    @overload
    def ask(
        self,
        question: Literal["milestones"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """In which year does a mission start, are its targets due, is its money told, and does it
        end?
        mission: Mission.
        place: Place.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, year, milestone, thing, thingLabel, amount, currency.
        """
    @overload
    def ask(
        self,
        question: Literal["ministries-without-joint-body"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which ministries take part in the same mission without a governance body in which both
        sit?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, ministry, ministryLabel, otherMinistry,
        otherMinistryLabel, finding, implementationChallenge, implementationChallengeLabel,
        ministryEvidence, otherEvidence, evidence, summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["ministry-coordination"],
        /,
        *,
        place: Names | None = ...,
        source: Names | None = ...,
    ) -> FrameT:
        """Which coordination at the level of ministries is reported as missing or difficult, and
        by whom?
        place: Place of the challenge or of who faces it.
        source: Source that names it.
        Columns: implementationChallenge, implementationChallengeLabel, kind, kindLabel,
        relation, who, whoLabel, concerned, concernedLabel, actorType, actorTypeLabel, evidence,
        summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["missing-links"],
        /,
        *,
        mission: Names | None = ...,
        actor: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Who would have to be joined so that missions on one challenge meet, and which missions
        would that connect?
        mission: One of the missions.
        actor: One of the actors.
        place: Place of one of the missions.
        challenge: Challenge of both missions.
        Columns: rank, connectedPairs, actor, actorLabel, otherActor, otherActorLabel, bridging,
        mission, missionLabel, otherMission, otherMissionLabel, challenge, challengeLabel.
        """
    @overload
    def ask(
        self,
        question: Literal["mission-cities"],
        /,
        *,
        mission: Names | None = ...,
        country: Names | None = ...,
    ) -> FrameT:
        """Which cities have a mission of their own or were chosen by an instrument of a mission?
        mission: Mission.
        country: Country.
        Columns: city, cityLabel, country, countryLabel, code, mission, missionLabel,
        instrument, instrumentLabel.
        """
    @overload
    def ask(
        self,
        question: Literal["mission-targets"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
        year: Numbers | None = ...,
        source: Names | None = ...,
    ) -> FrameT:
        """What has each mission promised, in which unit, by when, and where is that said?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        year: Year of the deadline that the passage gives.
        source: Source of the passage.
        Columns: mission, missionLabel, target, targetLabel, direction, directionLabel,
        targetValue, unit, unitLabel, deadline, evidence, summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["missions"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
        status: Names | None = ...,
        year: Numbers | None = ...,
    ) -> FrameT:
        """Which missions are there, where, at which level, in which state, whose, and what do they
        promise by when?
        mission: Mission.
        place: Place.
        challenge: Challenge of the mission.
        status: Status.
        year: Year of a deadline.
        Columns: mission, missionLabel, place, placeLabel, governanceLevel,
        governanceLevelLabel, status, statusLabel, owner, ownerLabel, target, targetLabel,
        deadline.
        """
    @overload
    def ask(
        self,
        question: Literal["missions-by-place"],
        /,
        *,
        place: Names | None = ...,
    ) -> FrameT:
        """How many missions is each place known to have?
        place: Place.
        Columns: place, placeLabel, code, missions.
        """
    @overload
    def ask(
        self,
        question: Literal["network"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Who is connected with which mission, programme and challenge, and how?
        mission: Mission.
        place: Mission's place.
        challenge: Challenge of the mission.
        Columns: from, fromLabel, fromClass, relation, relationLabel, to, toLabel, toClass,
        level.
        """
    @overload
    def ask(
        self,
        question: Literal["no-evaluation"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which missions have nobody who evaluates them, no indicator by which to tell whether
        they succeed, or no rule for when to stop?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, lacking, finding, evidence, summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["passages"],
        /,
        *,
        source: Names | None = ...,
    ) -> FrameT:
        """Which passages of which sources is the graph built on, and where are they?
        source: Source.
        Columns: source, sourceLabel, startSeconds, pageNumber, section, evidence, summary,
        link.
        """
    @overload
    def ask(
        self,
        question: Literal["policy-fields-beyond-sti"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which missions reach beyond science, technology and innovation policy, and into which
        fields?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, finding, policyField, policyFieldLabel, host, hostLabel,
        evidence, summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["portfolio-gaps"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which challenges, innovation stages, sides and solutions of a mission are met by no
        project?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, part, item, itemLabel, finding, works, evidence,
        summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["practices"],
        /,
        *,
        actor: Names | None = ...,
        kind: Names | None = ...,
        dimension: Names | None = ...,
        source: Names | None = ...,
    ) -> FrameT:
        """Which ways of working are used for missions, by whom, and to which implementation
        challenges do they respond?
        actor: Who practises or identifies it.
        kind: Responds to.
        dimension: Dimension of what it responds to.
        source: Source that names it.
        Columns: practice, practiceLabel, relation, who, whoLabel, respondsTo, respondsToLabel,
        evidence, summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["search"],
        /,
        *,
        text: Words,
    ) -> FrameT:
        """Which things have a word in their name?
        text: Words, needed.
        Columns: thing, thingLabel, class, classLabel, description, matches.
        """
    @overload
    def ask(
        self,
        question: Literal["shared-challenges"],
        /,
        *,
        mission: Names | None = ...,
        challenge: Names | None = ...,
        place: Names | None = ...,
    ) -> FrameT:
        """Which missions address the same challenge, or one a part of the other's, and is any
        actor in both?
        mission: One of the missions.
        challenge: Challenge.
        place: Place of one of the missions.
        Columns: challenge, challengeLabel, relation, mission, missionLabel, otherMission,
        otherMissionLabel, ownChallenge, ownChallengeLabel, actorsInBoth, evidence,
        startSeconds, link, otherEvidence, otherStartSeconds, otherLink.
        """
    @overload
    def ask(
        self,
        question: Literal["shared-implementation-challenges"],
        /,
        *,
        kind: Names | None = ...,
        dimension: Names | None = ...,
    ) -> FrameT:
        """Which kinds of implementation challenge do several organisations face, and which
        practices answer them?
        kind: Kind.
        dimension: Dimension of the kind.
        Columns: kind, kindLabel, organisations, relation, who, whoLabel, thing, thingLabel,
        evidence, summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["single-solution-risk"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which missions and portfolios rest on one solution or one implementer, so that they may
        be mere projects?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: host, hostLabel, aspect, finding, single, singleLabel, evidence, summary,
        startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["single-source-claims"],
        /,
        *,
        thing: Names | None = ...,
        source: Names | None = ...,
    ) -> FrameT:
        """Which facts rest on one passage only, and which passage is that?
        thing: Thing.
        source: Source.
        Columns: thing, thingLabel, property, propertyLabel, value, valueLabel, source,
        sourceLabel, evidence, summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["source-age"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
    ) -> FrameT:
        """On how many passages and sources does what is known of a mission rest, and how old are
        they?
        mission: Mission.
        place: Place of the mission.
        Columns: mission, missionLabel, passages, sources, undatedSources, oldest, newest,
        lastRead.
        """
    @overload
    def ask(
        self,
        question: Literal["sources"],
        /,
        *,
        year: Numbers | None = ...,
    ) -> FrameT:
        """Which sources is the graph built on, and how much was taken from each?
        year: Year of issue.
        Columns: source, sourceLabel, creator, issued, kind, kindLabel, passages, claims, page.
        """
    @overload
    def ask(
        self,
        question: Literal["strengths"],
        /,
        *,
        actor: Names | None = ...,
        source: Names | None = ...,
    ) -> FrameT:
        """What do missions make possible that other policy does not, and who says so?
        actor: Who names it.
        source: Source that names it.
        Columns: strength, strengthLabel, about, aboutLabel, who, whoLabel, evidence, summary,
        startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["target-progress"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
        year: Numbers | None = ...,
    ) -> FrameT:
        """What has been observed of each target, and does it lie on the line from the baseline to
        the deadline?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        year: Year of the observation.
        Columns: mission, missionLabel, target, targetLabel, observation, value, observedYear,
        baselineValue, targetValue, deadlineYear, done, due, finding, evidence, summary,
        startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["targets-without-deadline"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
    ) -> FrameT:
        """Which missions lack a measurable target or a deadline for it, and which of these is
        lacking?
        mission: Mission.
        place: Place of the mission.
        challenge: Challenge of the mission.
        Columns: mission, missionLabel, lacking, finding, target, targetLabel, evidence,
        summary, startSeconds, link.
        """
    @overload
    def ask(
        self,
        question: Literal["terms"],
        /,
    ) -> FrameT:
        """Which classes and properties does the ontology have, and what do they mean?
        Columns: term, termLabel, kind, definition.
        """
    @overload
    def ask(
        self,
        question: Literal["things-by-class"],
        /,
    ) -> FrameT:
        """How many missions, actors, targets and other things are there?
        Columns: class, classLabel, things.
        """
    @overload
    def ask(
        self,
        question: Literal["timeline"],
        /,
        *,
        mission: Names | None = ...,
        place: Names | None = ...,
        challenge: Names | None = ...,
        year: Numbers | None = ...,
    ) -> FrameT:
        """When did each mission begin, and by when does it want to reach its targets or end?
        mission: Mission.
        place: Place.
        challenge: Challenge of the mission.
        year: Year of a deadline.
        Columns: mission, missionLabel, start, firstDeadline, lastDeadline, end.
        """
    @overload
    def ask(
        self,
        question: Literal["uncoordinated-missions"],
        /,
        *,
        mission: Names | None = ...,
        challenge: Names | None = ...,
        place: Names | None = ...,
    ) -> FrameT:
        """Which missions share a challenge and are joined by no actor and no governance body?
        mission: One of the missions.
        challenge: Challenge.
        place: Place of one of the missions.
        Columns: challenge, challengeLabel, mission, missionLabel, otherMission,
        otherMissionLabel, finding, evidence, link, otherEvidence, otherLink, difficulty,
        difficultyLabel, difficultyEvidence, otherDifficulty, otherDifficultyLabel,
        otherDifficultyEvidence.
        """
    @overload
    def ask(
        self,
        question: Literal["vocabularies"],
        /,
    ) -> FrameT:
        """Which vocabularies are there, what are they for, and how many concepts has each?
        Columns: scheme, schemeLabel, definition, concepts.
        """
    @overload
    def ask(
        self,
        question: Question,
        /,
        **parameters: Names | Words | Numbers | Days | None,
    ) -> FrameT:
        """A question of one's own, or one of ``questions``."""
    @abstractmethod
    def _answer(self, question: str | Question, parameters: Mapping[str, object]) -> FrameT: ...
