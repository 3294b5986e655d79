"""A comparison as data frames and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Generic

from missiongraph.client.frames import FrameT
from missiongraph.comparison.forms import NAMES, WRITERS
from missiongraph.comparison.matrix import Comparison
from missiongraph.errors import FormatNotOffered


@dataclass(frozen=True)
class ComparedMissions(Generic[FrameT]):
    """Missions against criteria.

    No cell of ``matrix`` is empty: ``unknown`` (no source that was read tells), ``no`` and ``not
    applicable`` (a coder finds so) are written.

    Attributes:
        matrix: a row for each mission, a column for each criterion, as people read them; where
            sources or coders differ, the cell has all of it and ends in ``[disagreement]``.
        findings: a row for each finding and each passage that states it, with ``state``, ``value``,
            ``coder``, ``evidence``, ``locator`` and ``link``; one for each cell with no finding.
        criteria: a row for each criterion, with its label, dimension, typology and definition.
        comparison: the comparison itself, cell by cell.
    """

    matrix: FrameT
    findings: FrameT
    criteria: FrameT
    comparison: Comparison = field(repr=False)

    def written(self, form: str) -> bytes:
        """Return the comparison as a file: ``xlsx``, ``latex``, ``markdown``, ``svg``, ``tidy``…

        Raises:
            FormatNotOffered: there is no form of that name.
        """
        if form not in NAMES:
            raise FormatNotOffered(
                f"{form!r} is not a form of a comparison.",
                where="form",
                remedy=f"Take one of: {', '.join(NAMES)}.",
            )
        return WRITERS[NAMES[form]](self.comparison)


CRITERIA: Final = ("criterion", "label", "dimension", "typology", "iri", "definition")
