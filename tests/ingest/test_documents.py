"""Curated files: every kind of mistake is found where it is, and nothing else is one.

``mistakes/<name>.yaml`` opens with a line ``# line:column phrase`` for each thing that
must be reported of it; ``mistakes/<name>.right.yaml`` is the same file put right.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from missiongraph import resources
from missiongraph.errors import BadDocument
from missiongraph.ingest.documents import (
    Document,
    check_document,
    check_documents,
    read_document,
)
from missiongraph.ingest.mistakes import Mistake
from missiongraph.ontology import our_ontology

ONTOLOGY = our_ontology()
MISTAKES = Path(__file__).parent / "mistakes"
OFFENDERS = sorted(p for p in MISTAKES.glob("*.yaml") if not p.name.endswith(".right.yaml"))
DATA = sorted((resources.root() / "data").glob("*.yaml"))

WHOLE = """\
source:
  id: source/report
  title: A report
  page: https://example.org/report
claims:
  - id: evidence/report/passage
    summary: The water is to be clean by 2030.
    states:
      - id: mission/clean-water
        type: Mission
        label: Clean water
"""


def check_text(folder: Path, text: str | bytes) -> tuple[Document | None, tuple[Mistake, ...]]:
    path = folder / "file.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return check_document(path, ONTOLOGY)


@pytest.mark.parametrize("path", OFFENDERS, ids=lambda p: p.stem)
def test_a_mistake_is_reported_where_it_is_and_nothing_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    expected = re.findall(r"^# (\d+:\d+) (.+)$", text, re.MULTILINE)
    assert expected, "say what is expected at the top"
    documents, mistakes = check_documents([path], ONTOLOGY)
    assert documents == []
    assert [m.where for m in mistakes] == [f"{path}:{place}" for place, _ in expected]
    for mistake, (_, phrase) in zip(mistakes, expected, strict=True):
        assert phrase in f"{mistake.what} {mistake.remedy}"


@pytest.mark.parametrize("path", OFFENDERS, ids=lambda p: p.stem)
def test_the_same_file_put_right_passes(path: Path) -> None:
    twin = path.with_name(f"{path.stem}.right.yaml")
    documents, mistakes = check_documents([twin], ONTOLOGY)
    assert mistakes == []
    assert len(documents) == 1
    assert documents[0].quads()


@pytest.mark.parametrize("path", OFFENDERS, ids=lambda p: p.stem)
def test_a_mistake_is_one_sentence_of_what_and_one_of_what_to_write(path: Path) -> None:
    for mistake in check_documents([path], ONTOLOGY)[1]:
        assert mistake.what.endswith(".")
        assert mistake.remedy.endswith(".")
        assert str(mistake) == f"{mistake.where}: {mistake.what}\n{mistake.remedy}"


def test_there_are_the_kinds_of_mistake_that_editors_make() -> None:
    assert len(OFFENDERS) >= 100


def test_a_mistake_reads_as_the_style_guide_says(tmp_path: Path) -> None:
    _, (mistake,) = check_text(tmp_path, WHOLE + "        governanceLevel: federal\n")
    assert str(mistake) == (
        f"{tmp_path}/file.yaml:12:26: "
        'governanceLevel "federal" is not a concept of governance-level.\n'
        "Write one of: global, local, national, regional, supranational."
    )


def test_every_mistake_of_a_file_is_reported_in_order(tmp_path: Path) -> None:
    text = WHOLE.replace("title", "titel").replace("summary", "sumary") + (
        "        status: begun\n        startDate: 2030-13\n        fundedBy: actor/Nobody\n"
    )
    _, mistakes = check_text(tmp_path, text)
    assert [m.line for m in mistakes] == [2, 3, 6, 7, 12, 13, 14]


def test_reading_a_bad_file_raises_one_error_that_lists_them_all(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(WHOLE.replace("label", "lable") + "        status: begun\n")
    with pytest.raises(BadDocument) as caught:
        read_document(path, ONTOLOGY)
    assert f"{path}:11:9: " in str(caught.value)
    assert f"{path}:12:17: " in str(caught.value)


def test_the_curated_data_has_no_mistakes() -> None:
    documents, mistakes = check_documents(DATA, ONTOLOGY)
    assert mistakes == []
    assert [document.path for document in documents] == DATA


def test_the_example_of_the_design_is_accepted(tmp_path: Path) -> None:
    text = """\
source:
  id: source/opsi-webinar-2021
  title: Mission-oriented innovation, challenges and implementation
  page: https://www.youtube.com/watch?v=PSQUKrdPM70
claims:
  - id: evidence/opsi-webinar-2021/drought-target
    startSeconds: 2389
    summary: The mission aims to cut the harm done by drought by 30 % by 2030.
    states:
      - id: mission/csiro-drought-resilience
        type: Mission
        label: Drought Resilience Mission
        hasTarget: {id: target/csiro-drought-2030, targetValue: 30, unit: percent, direction: decrease, deadline: "2030"}
"""
    path = tmp_path / "example.yaml"
    path.write_text(text)
    documents, mistakes = check_documents([path], ONTOLOGY)
    assert mistakes == []
    assert documents[0].source_iri == "https://w3id.org/missiongraph/id/source/opsi-webinar-2021"


# Several files


def other_file(folder: Path, name: str, **changes: str) -> Path:
    text = WHOLE.replace("report", name)
    for old, new in changes.items():
        text = text.replace(old, new)
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


def test_a_thing_of_another_file_may_be_referred_to(tmp_path: Path) -> None:
    introducing = other_file(tmp_path, "one")
    referring = other_file(tmp_path, "two", **{"        type: Mission\n": "", "label": "altLabel"})
    assert check_documents([introducing, referring], ONTOLOGY)[1] == []
    assert check_documents([referring], ONTOLOGY, known=[introducing])[1] == []
    assert len(check_documents([referring], ONTOLOGY)[1]) == 1


def test_mistakes_of_known_files_are_not_reported(tmp_path: Path) -> None:
    known = other_file(tmp_path, "one", summary="sumary")
    _, mistakes = check_documents([other_file(tmp_path, "two")], ONTOLOGY, known=[known])
    assert mistakes == []


def test_two_files_of_one_source_are_a_mistake_of_both(tmp_path: Path) -> None:
    one = other_file(tmp_path, "one")
    two = tmp_path / "two.yaml"
    two.write_text(one.read_text())
    _, mistakes = check_documents([one, two], ONTOLOGY)
    assert [m.file for m in mistakes] == [str(one), str(two)]
    assert "is the source of" in mistakes[0].what


def test_an_edited_copy_stands_in_for_the_file_of_its_source(tmp_path: Path) -> None:
    one = other_file(tmp_path, "one")
    copy = tmp_path / "copy.yaml"
    copy.write_text(one.read_text())
    assert check_documents([copy], ONTOLOGY, known=[one])[1] == []
    assert check_documents([one], ONTOLOGY, known=[one])[1] == []
    assert len(check_documents([copy], ONTOLOGY, known=[one, copy])[1]) == 1


def test_one_id_with_two_classes_that_do_not_go_together_is_a_mistake(tmp_path: Path) -> None:
    one = other_file(tmp_path, "one")
    two = other_file(tmp_path, "two", **{"type: Mission": "type: Programme"})
    _, mistakes = check_documents([one, two], ONTOLOGY)
    assert any("is of type Mission here and Programme elsewhere" in m.what for m in mistakes)


def test_an_actor_may_be_a_governance_body_elsewhere(tmp_path: Path) -> None:
    actor = {"mission/clean-water": "actor/board", "type: Mission": "type: Actor"}
    body = actor | {"type: Mission": "type: GovernanceBody"}
    one, two = other_file(tmp_path, "one", **actor), other_file(tmp_path, "two", **body)
    assert check_documents([one, two], ONTOLOGY)[1] == []


def test_a_file_that_cannot_be_read_makes_nothing_dangle(tmp_path: Path) -> None:
    unreadable = tmp_path / "one.yaml"
    unreadable.write_text("source: [")
    referring = other_file(tmp_path, "two", **{"        type: Mission\n": ""})
    _, mistakes = check_documents([unreadable, referring], ONTOLOGY)
    assert [m.file for m in mistakes] == [str(unreadable)]


def test_positions_are_where_things_are_first_described(tmp_path: Path) -> None:
    document, _ = check_text(tmp_path, WHOLE)
    assert document is not None
    places = {iri.rpartition("/id/")[2]: str(p) for iri, p in document.positions.items()}
    assert places == {
        "source/report": "2:3",
        "evidence/report/passage": "6:5",
        "mission/clean-water": "9:9",
    }


def test_what_messages_quote_can_be_printed_anywhere(tmp_path: Path) -> None:
    _, (mistake,) = check_text(tmp_path, WHOLE + '        aim: "\\x9bx"\n')
    assert mistake.what.startswith('aim "\\u009bx" holds')
    assert str(mistake).encode()


# Whatever is written

FRAGMENTS = st.sampled_from(
    ["source:", "claims:", "states:", "id: ", "- ", "  ", "\n", "{", "}", "[", "]", "&a ", "*a",
     "!t ", "? ", ": ", "#", "|\n", ">\n", "'", '"', "\\u", "@context", "<<: ", "---\n", "%", "\t",
     "mission/x", "concept:", "label", "2030", "\ufeff", "\x85", "\u2028", "é", "\ud7ff", "null"]
)  # fmt: skip
QUICKLY = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@QUICKLY
@given(st.one_of(st.binary(max_size=200), st.lists(FRAGMENTS, max_size=30).map("".join)))
def test_any_bytes_give_mistakes_and_never_a_traceback(tmp_path: Path, raw: bytes | str) -> None:
    document, mistakes = check_text(tmp_path, raw)
    assert document is None
    assert mistakes


@QUICKLY
@given(st.data())
def test_a_file_with_something_put_in_never_gives_a_traceback(
    tmp_path: Path, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(WHOLE)))
    put_in = data.draw(st.lists(FRAGMENTS, max_size=4).map("".join) | st.text(max_size=5))
    text = WHOLE[:place] + put_in + WHOLE[place:]
    document, mistakes = check_text(tmp_path, text.encode("utf-8", "surrogatepass"))
    assert (document is None) == bool(mistakes)
    if document is not None:
        document.quads()


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(1000)),
        "[" * 1_000_000,
        "{" * 1_000_000,
        "- " * 1_000_000,
        "? " * 1_000_000,
        "!" * 3_000_000,
        "a: &" + "x" * 3_000_000,
        "a: '" + "\n" * 1_000_000 + "'",
        "".join(f"key{n}: value\n" for n in range(50_000)),
        "x" * 6_000_000,
    ],
    ids=["aliases", "lists", "mappings", "items", "keys", "tag", "anchor", "lines", "wide", "big"],
)
def test_a_bomb_is_refused_in_seconds(tmp_path: Path, bomb: str) -> None:
    started = time.process_time()
    document, mistakes = check_text(tmp_path, bomb)
    assert document is None
    assert mistakes
    assert all(len(str(mistake)) < 5_000 for mistake in mistakes)
    assert time.process_time() - started < 20


def test_two_thousand_claims_are_read_in_seconds(tmp_path: Path) -> None:
    head, claim = WHOLE.split("claims:\n")
    claims = [
        claim.replace("passage", f"passage-{n}").replace("clean-water", f"water-{n}")
        for n in range(2_000)
    ]
    started = time.process_time()
    document, mistakes = check_text(tmp_path, f"{head}claims:\n{''.join(claims)}")
    assert mistakes == ()
    assert document is not None
    assert len(document.quads()) == 2_000 * 7 + 4
    assert time.process_time() - started < 20
