"""The sources of a release as BibTeX or CSL-JSON, for a paper that rests on them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from missiongraph.names import ID
from missiongraph.questions import answer_table, find_question
from missiongraph.releases import Release
from missiongraph.tables import text_of, text_of_iri

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
_CSL_TYPES: Final = {
    "article": "article",
    "data-set": "dataset",
    "evaluation": "report",
    "press-release": "webpage",
    "report": "report",
    "web-page": "webpage",
    "webinar": "broadcast",
}
"""CSL's type of each kind of source (https://docs.citationstyles.org/, appendix III)."""
_ISSUED: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


def as_bibtex(release: Release) -> str:
    """Return an entry for each source, keyed by its slug, in UTF-8.

    Names and titles stand in double braces, so that BibTeX changes no capital of them.

    Raises:
        ReleaseDamaged: the release's files are not those that its manifest describes.
    """
    return "\n".join(_entry(slug, _fields(words)) for slug, words in _sources(release))


def as_csl(release: Release) -> str:
    """Return an item for each source in CSL-JSON (https://citeproc-js.readthedocs.io/), for Zotero.

    Raises:
        ReleaseDamaged: the release's files are not those that its manifest describes.
    """
    items = [_item(slug, words) for slug, words in _sources(release)]
    return json.dumps(items, indent=2, ensure_ascii=False) + "\n"


def _sources(release: Release) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the slug of each source, and what is known of it, in words."""
    read_on = {source.iri: source.retrieved for source in release.manifest.sources}
    for record in answer_table(release.load(), find_question("sources"), {}).records():
        iri = text_of_iri(record["source"])
        if iri.startswith(_SOURCE):
            words = {name: text_of(term) for name, term in record.items()}
            words["kind"] = text_of_iri(record.get("kind")).rpartition("/")[2]
            words["retrieved"] = read_on.get(iri) or ""
            yield iri.removeprefix(_SOURCE), words


def _item(slug: str, words: Mapping[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": slug,
        "type": _CSL_TYPES.get(words["kind"], "document"),
        "title": words.get("sourceLabel", ""),
        "URL": words.get("page", ""),
    }
    if creator := words.get("creator"):
        item["author"] = [{"literal": creator}]
    for name, date in (("issued", words.get("issued", "")), ("accessed", words["retrieved"])):
        if found := _ISSUED.fullmatch(date):
            item[name] = {"date-parts": [[int(part) for part in found.groups() if part]]}
    return {name: value for name, value in item.items() if value}


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
