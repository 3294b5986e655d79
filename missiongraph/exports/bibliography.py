"""The sources of a release as BibTeX, for a paper that rests on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from missiongraph.names import ID
from missiongraph.questions import answer_table, find_question
from missiongraph.releases import Release
from missiongraph.tables import Table, text_of, text_of_iri

_SOURCE: Final = f"{ID}source/"
_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_ESCAPED: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}
_SPECIAL: Final = re.compile("[" + re.escape("".join(_ESCAPED)) + "]")
_ISSUED: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


def write_bibtex(release: Release) -> str:
    """Return an entry for each source, keyed by its slug, in UTF-8.

    Names and titles stand in double braces, so that BibTeX changes no capital of them.

    Raises:
        ReleaseDamaged: the release's files are not those that its manifest describes.
    """
    read_on = {source.iri: source.retrieved for source in release.manifest.sources}
    return "\n".join(_entries(answer_table(release.load(), find_question("sources"), {}), read_on))


def _entries(table: Table, read_on: Mapping[str, str | None]) -> Iterable[str]:
    for record in table.records():
        words = {name: text_of(term) for name, term in record.items()}
        iri = text_of_iri(record["source"])
        if iri.startswith(_SOURCE):
            words["retrieved"] = read_on.get(iri) or ""
            yield _entry(iri.removeprefix(_SOURCE), _fields(words))


def _fields(words: Mapping[str, str]) -> dict[str, str]:
    fields = {"title": f"{{{escaped(words.get('sourceLabel', ''))}}}"}
    if creator := words.get("creator"):
        fields["author"] = f"{{{escaped(creator)}}}"
    if issued := _ISSUED.fullmatch(words.get("issued", "")):
        fields |= {"date": issued[0], "year": issued[1]}
        if issued[2]:
            fields["month"] = _MONTHS[int(issued[2]) - 1]
    fields["url"] = _address(words.get("page", ""))
    if retrieved := words.get("retrieved"):
        fields["urldate"] = retrieved
    return {name: value for name, value in fields.items() if value}


def _entry(slug: str, fields: Mapping[str, str]) -> str:
    # A month is one of BibTeX's own abbreviations, which stand without braces.
    lines = [f"  {k} = {v if k == 'month' else f'{{{v}}}'}," for k, v in fields.items()]
    return "\n".join((f"@misc{{{slug},", *lines, "}", ""))


def escaped(text: str) -> str:
    r"""Return a text as LaTeX reads it.

    >>> escaped("R&D: 50 %")
    'R\\&D: 50 \\%'
    """
    return _SPECIAL.sub(lambda found: _ESCAPED[found[0]], " ".join(text.split()))


def _address(page: str) -> str:
    """Return an address for ``url``, which is read as it is; braces would end it."""
    return page.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
