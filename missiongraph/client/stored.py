"""The door to the stored questions; its stub, which editors and type checkers read, names each.

The stub is written from queries/ (``make context``), and a test keeps the two equal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic

from missiongraph.client.frames import FrameT
from missiongraph.questions import Question


class StoredQuestions(ABC, Generic[FrameT]):
    """Asks stored questions."""

    def ask(self, question: str | Question, /, **parameters: object) -> FrameT:
        """Ask a stored question and return its answer as a data frame.

        Args:
            question: its id, such as ``"mission-targets"``, or a question.
            parameters: what the question takes; one value or several of them: slugs, ids, IRIs,
                CURIEs, a country's code (``"DNK"``), texts, numbers, days, things and facts.

        Raises:
            UnknownQuestion: there is none of that id.
            BadParameter: a parameter is not one of the question's, or a value is not known.
            StoreError: the store could not answer.
            PartMissing: the package of the data frames is not installed.
        """
        return self._answer(question, parameters)

    @abstractmethod
    def _answer(self, question: str | Question, parameters: Mapping[str, object]) -> FrameT: ...
