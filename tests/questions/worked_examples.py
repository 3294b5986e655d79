"""The page docs/questions.md: a worked example of each question over the released data.

``python tests/questions/worked_examples.py`` writes it anew from the current release and from
the answers in ``released/``, whose lines ``#:`` say how the answer was checked.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Final

from written_answers import FOLDER, WrittenAnswer, read_answer

from missiongraph.names import ID, PREFIXES, mg
from missiongraph.questions import all_questions, find_question
from missiongraph.releases import Home
from missiongraph.settings import Settings
from missiongraph.store import Store
from missiongraph.tables import select, text_of, text_of_iri

PAGE: Final = Path(__file__).parents[2] / "docs" / "questions.md"
_TESTED: Final = 'tested-by="tests/questions/test_worked_examples.py"'
OF_THE_GRAPH_ITSELF: Final = {"terms", "things-by-class", "vocabularies"}
"""They list what the graph is made of; tests count it by other means."""
_HEAD: Final = """# Questions, with worked examples

Every stored question, in the words of who asks it, with an example over the released data. Each answer was gone through row by row
against the passages that it names, as the graph records them: what the passage says, where it stands, and whether the row follows from
it. "Checked" says what was found, also where a row leans on an editor's reading; [data quality](data-quality.md) tells of the second
reading of the sources themselves. A test asks every question again and fails when the answer on this page is not the one that the data
give, so a change of the data shows here.

Not here are `terms`, `things-by-class` and `vocabularies`, which list what the graph is made of. The command line takes the
parameters as options, the web service as `?name=value`, and [methods](methods.md) says what is computed.
"""


def examples() -> dict[str, list[tuple[Path, WrittenAnswer]]]:
    """Return the written answers over the released data, by question."""
    found: dict[str, list[tuple[Path, WrittenAnswer]]] = {}
    for file in sorted((FOLDER / "released").glob("*.csv")):
        example = read_answer(file)
        found.setdefault(example.question, []).append((file, example))
    return found


def page(store: Store) -> str:
    """Return the page as it should be."""
    parts = [_HEAD]
    for name, written in examples().items():
        question = find_question(name)
        parts.append(f"## {question.title}\n\n*{question.words}* `{name}`\n\n{question.about}\n")
        parts += [_example(store, example) for _, example in written]
    return "\n".join(parts)


def missing() -> set[str]:
    """Return the questions that have no worked example."""
    asked = {name for name, question in all_questions().items() if not question.hidden}
    return asked - OF_THE_GRAPH_ITSELF - set(examples())


def _example(store: Store, example: WrittenAnswer) -> str:
    options = [
        f"--{name} {shlex.quote(v)}" for name, values in example.given.items() for v in values
    ]
    command = " ".join(["missiongraph ask", example.question, *options])
    rows = [example.columns, ["---"] * len(example.columns), *example.rows]
    table = "\n".join(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)
    passages = _passages(store, example)
    listed = f"Passages:\n\n{passages}\n" if passages else ""
    return f"```sh {_TESTED}\n{command}\n```\n\n{table}\n\nChecked: {example.note}\n\n{listed}"


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace(
        "http://publications.europa.eu/resource/authority/", "eu:"
    )


def _passages(store: Store, example: WrittenAnswer) -> str:
    """Return the passages that the rows name: summary, and link to the place in the source."""
    named = [cell for row in example.rows for cell in row if cell.startswith("id:evidence/")]
    iris = " ".join(f"<{ID}{name.removeprefix('id:')}>" for name in dict.fromkeys(named))
    if not iris:
        return ""
    found = select(
        store,
        f"SELECT ?evidence ?summary (MIN(?page) AS ?link) {{ VALUES ?evidence {{ {iris} }} "
        f"?evidence {mg('summary')} ?summary ; <{PREFIXES['foaf']}page> ?page }} "
        "GROUP BY ?evidence ?summary ORDER BY ?evidence",
    )
    return "\n".join(
        f"- `{text_of(row['evidence'])}`: {text_of(row['summary'])} <{text_of_iri(row['link'])}>"
        for row in found.records()
    )


def main() -> None:
    """Write the page from the current release."""
    release, store = Home(Settings.load().home).load_newest()
    PAGE.write_text(page(store), encoding="utf-8")
    print(f"{PAGE.name}: from release {release.id}", file=sys.stderr)


if __name__ == "__main__":
    main()
