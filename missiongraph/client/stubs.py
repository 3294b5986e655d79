"""The stub of ``stored``: each stored question by name, with its parameters, for editors."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from keyword import iskeyword
from typing import Final

from missiongraph.parameters import Parameter
from missiongraph.questions import Question, all_questions

_HEAD: Final = '''\
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
'''
_ONE: Final = {
    "iri": "Name",
    "concept": "Name",
    "text": "str",
    "integer": "Number",
    "decimal": "Number",
    "year": "Number",
    "date": "Day",
}
_SEVERAL: Final = {"Name": "Names", "str": "Words", "Number": "Numbers", "Day": "Days"}
_WIDTH: Final = 96


def stub(questions: Iterable[Question]) -> str:
    """Return the stub that offers these questions."""
    listed = sorted(questions, key=lambda question: question.id)
    names = "".join(f'    "{question.id}",\n' for question in listed)
    head = f"{_HEAD}QuestionId: TypeAlias = Literal[\n{names}]\n\nclass StoredQuestions(ABC, Generic[FrameT]):\n"
    return head + "".join(_overload(question) for question in listed) + _OF_ONES_OWN


def our_stub() -> str:
    """Return the stub of the questions that are listed, as its file holds it."""
    return stub(question for question in all_questions().values() if not question.hidden)


_OF_ONES_OWN: Final = '''\
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
'''


def _overload(question: Question) -> str:
    named = [parameter for parameter in question.parameters.values() if _can_be_named(parameter)]
    parameters = "".join(f"        {_parameter(parameter)},\n" for parameter in named)
    rest = "        **parameters: Names | None,\n" if len(named) < len(question.parameters) else ""
    keyword_only = "        /,\n        *,\n" if parameters else "        /,\n"
    return (
        "    @overload\n"
        "    def ask(\n"
        "        self,\n"
        f'        question: Literal["{question.id}"],\n'
        f"{keyword_only}{parameters}{rest}"
        "    ) -> FrameT:\n"
        f"{_docstring(question)}\n"
    )


def _parameter(parameter: Parameter) -> str:
    one = _ONE[parameter.type]
    written = _SEVERAL[one] if parameter.several else one
    optional = "" if parameter.required else " | None = ..."
    return f"{parameter.name}: {written}{optional}"


def _can_be_named(parameter: Parameter) -> bool:
    return parameter.name.isidentifier() and not iskeyword(parameter.name)


def _docstring(question: Question) -> str:
    """Return what an editor shows: the question, what it takes, and the columns of its answer."""
    taken = [
        f"{p.name}: {p.label}{', needed' if p.required else ''}."
        for p in question.parameters.values()
    ]
    columns = f"Columns: {', '.join(question.columns)}."
    paragraphs = [question.words, *taken, columns]
    text = "\n".join(textwrap.fill(" ".join(part.split()), _WIDTH - 8) for part in paragraphs)
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    return textwrap.indent(f'"""{text}\n"""', "        ")
