"""What mkdocs is told beyond the files in docs/: pages that are generated, and where links lead.

The references of questions, ontology and vocabularies are written at each build by the package's
own readers; notebooks become pages; README's neighbours have places on the site.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from missiongraph.names import CONCEPT
from missiongraph.ontology import Kind, Ontology, OntologyClass, Property, our_ontology
from missiongraph.parameters import Parameter
from missiongraph.questions import Question, all_questions

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
NEIGHBOURS: Final = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
"""Pages that stand beside docs/, and what they are called on the site."""
ASSETS: Final = "repository"
"""Where files of the repository that pages link to stand on the site."""
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "How to": ("for-researchers.md", "for-european-data.md", "for-tools.md", "spreadsheets.md"),
    "Tutorials": ("compare-missions.md", "notebooks/"),
    "Use": ("python.md", "query-it-from.md", "questions.md", "releases.md"),
    "Reference": ("reference/questions.md", "reference/ontology.md", "reference/vocabularies.md"),
    "Data": ("data.md", "data-quality.md", "datasheet.md", "european-data.md", "mappings.md"),
    "Connectors": ("connectors/",),
    "Run": ("operate.md", "remote-stores.md"),
    "How it works": ("architecture.md", "methods.md", "ontology.md", "reasoning.md", "shacl.md"),
    "Decisions": ("decisions/",),
    "Project": ("contributing.md", "changelog.md"),
}
"""The navigation; a page that no section names stands under "More"."""
_LINK: Final = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]*)?\)")
_TEXT_LINK: Final = re.compile(r"\[([^\[\]]+)\]\((?!https?:|mailto:|#)([^)\s#]+)\)")
_FENCE: Final = re.compile(r"(?m)^( *```[a-z]+) [^`\n]*$")
_LANGUAGES: Final = {"systemd": "ini", "powerquery": "text"}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Write the navigation from the pages that are there."""
    config.nav = navigation()
    return config


def navigation() -> list[object]:
    """Return the start page and the sections, each page in one of them."""
    pages = set(_pages())
    sections: list[object] = ["index.md"]
    for title, entries in SECTIONS.items():
        found = [page for entry in entries for page in _of(entry, pages)]
        pages -= set(found)
        sections.append({title: found})
    rest = sorted(pages - {"index.md"})
    return [*sections, {"More": rest}] if rest else sections


def _of(entry: str, pages: Iterable[str]) -> list[str]:
    return sorted(p for p in pages if p == entry or (entry.endswith("/") and p.startswith(entry)))


def _pages() -> list[str]:
    """Return all pages of the site, written and generated."""
    written = (file.relative_to(DOCS).as_posix() for file in DOCS.rglob("*.md"))
    return [*written, *generated()]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages, and the files of the repository that pages link to."""
    from mkdocs.structure.files import File

    for name, text in generated().items():
        files.append(File.generated(config, name, content=text))
    for path in sorted(_linked_files()):
        content = (ROOT / path).read_bytes()
        files.append(File.generated(config, f"{ASSETS}/{path}", content=content))
    return files


def generated() -> dict[str, str]:
    """Return the text of each page that is not a file of docs/, by its name."""
    pages = {name: (ROOT / file).read_text("utf-8") for file, name in NEIGHBOURS.items()}
    listed = [question for question in all_questions().values() if not question.hidden]
    pages["reference/questions.md"] = questions_page(listed)
    pages["reference/ontology.md"] = ontology_page(our_ontology())
    pages["reference/vocabularies.md"] = vocabularies_page(our_ontology())
    pages["decisions/index.md"] = decisions_page()
    for notebook in sorted(DOCS.glob("notebooks/*.ipynb")):
        pages[f"notebooks/{notebook.stem}.md"] = notebook_page(notebook)
    return pages


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Leave out what only tests read of a fence, and lead links to where things are here."""
    here = page.file.src_uri
    origin = next((file for file, name in NEIGHBOURS.items() if name == here), f"docs/{here}")
    plain = _FENCE.sub(r"\1", markdown)
    for language, shown in _LANGUAGES.items():
        plain = re.sub(rf"(?m)^( *)```{language}$", rf"\1```{shown}", plain)

    def without_folder(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link[2]))
        outside = not target.startswith("docs/") and (ROOT / target).is_dir()
        return link[1] if outside else link[0]  # a folder of the repository has no place here

    def led(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link[1]))
        place = _place(target)
        if place is None:
            return link[0]
        return f"]({os.path.relpath(place, posixpath.dirname(here) or '.')}{link[2] or ''})"

    return _LINK.sub(led, _TEXT_LINK.sub(without_folder, plain))


def _place(target: str) -> str | None:
    """Return where on the site something of the repository is; None where it has no place."""
    if target in NEIGHBOURS:
        return NEIGHBOURS[target]
    inside = target.removeprefix("docs/")
    if target.startswith("docs/"):
        if inside.endswith(".ipynb"):
            return inside.removesuffix(".ipynb") + ".md"
        return f"{inside}/index.md" if (ROOT / target).is_dir() else inside
    return f"{ASSETS}/{target}" if (ROOT / target).is_file() else None


def _linked_files() -> set[str]:
    """Return the files outside docs/ that pages link to, which are no pages of the site."""
    written = [*DOCS.rglob("*.md"), *(ROOT / file for file in NEIGHBOURS)]
    found = {
        posixpath.normpath((file.parent.relative_to(ROOT) / link).as_posix())
        for file in written
        for link, _ in _LINK.findall(file.read_text("utf-8"))
    }
    outside = {path for path in found if not path.startswith("docs/") and path not in NEIGHBOURS}
    return {path for path in outside if (ROOT / path).is_file()}


_QUESTIONS_HEAD: Final = """\
Each is one file in `queries/`, a query that runs as it stands in any SPARQL tool, and is asked at
`/questions/<id>`, by `missiongraph ask <id>` and by `g.ask("<id>")`. This page is written from the
files."""
_ONTOLOGY_HEAD: Final = """\
`{namespace}`, prefix `mg`, version {version}. OWL 2 DL, in `ontology/missiongraph.ttl`; a service
shows it at `/ontology`. This page is written from it."""
_VOCABULARIES_HEAD: Final = """\
One SKOS scheme a file, in `ontology/vocabularies/`; each concept has its definition and source
there, and at `/concept/<scheme>/<slug>` of a service."""


def questions_page(questions: Iterable[Question]) -> str:
    """Return the reference of the questions: what each asks, takes and gives, and its SPARQL."""
    lines = [
        "# Questions",
        "",
        _QUESTIONS_HEAD,
        "",
    ]
    for question in questions:
        lines += _question(question)
    return "\n".join(lines)


def _question(question: Question) -> list[str]:
    lines = [f"## {question.id}", "", f"**{question.title}.** {question.words}", ""]
    if question.about:
        lines += [_text(question.about), ""]
    if question.parameters:
        lines += ["| parameter | | takes |", "|---|---|---|"]
        lines += [_parameter(parameter) for parameter in question.parameters.values()] + [""]
    if question.columns:
        lines += ["| column | | unit |", "|---|---|---|"]
        lines += [
            f"| `{name}` | {_cell(label)} | {_unit(question, name)} |"
            for name, label in question.columns.items()
        ] + [""]
    return [*lines, "```sparql", question.sparql.rstrip(), "```", ""]


def _unit(question: Question, column: str) -> str:
    unit = question.units.get(column, "")
    return f"in `{unit}`" if unit in question.columns else unit


def _parameter(parameter: Parameter) -> str:
    if parameter.scheme:
        takes = f"a concept of [{parameter.scheme}](vocabularies.md#{parameter.scheme})"
    elif parameter.class_name:
        takes = f"a thing: [{parameter.class_name}](ontology.md#{parameter.class_name.lower()})"
    else:
        takes = "any thing" if parameter.type == "iri" else parameter.type
    several = ", or several" if parameter.several else ""
    needed = ", needed" if parameter.required else ""
    return f"| `{parameter.name}` | {_cell(parameter.label)} | {takes}{several}{needed} |"


def ontology_page(ontology: Ontology) -> str:
    """Return the reference of the ontology: its classes, then its properties."""
    ours = [prop for prop in ontology.properties.values() if prop.iri.startswith(_MG)]
    lines = [
        "# Ontology",
        "",
        _ONTOLOGY_HEAD.format(namespace=_MG, version=ontology.version),
        "",
        "## Classes",
        "",
    ]
    for name in sorted(ontology.classes, key=str.lower):
        lines += _class(ontology.classes[name], ours)
    lines += ["## Properties", "", "| property | of | values | |", "|---|---|---|---|"]
    lines += [_property(prop, ontology) for prop in sorted(ours, key=lambda p: p.key.lower())]
    return "\n".join([*lines, ""])


_MG: Final = "https://w3id.org/missiongraph/ontology#"


def _class(described: OntologyClass, properties: Iterable[Property]) -> list[str]:
    parents = ", ".join(_class_link(parent) for parent in described.parents)
    having = ", ".join(f"`{p.key}`" for p in properties if described.name in p.domain)
    things = (
        f"Its things are concepts, `{CONCEPT}{described.segment}/…`."
        if described.is_concept
        else f"Things: `…/id/{described.segment}/<slug>`."
    )
    lines = [f"### {described.name}", "", _text(described.definition), "", things]
    lines += ["", f"Narrower than {parents}."] if parents else []
    lines += ["", f"Properties: {having}."] if having else []
    return [*lines, ""]


def _property(prop: Property, ontology: Ontology) -> str:
    domain = ", ".join(_class_link(name) for name in prop.domain if name in ontology.classes)
    if prop.kind is Kind.CONCEPT:
        values = ", ".join(f"[{s}](vocabularies.md#{s})" for s in prop.schemes)
    elif prop.kind is Kind.NODE:
        values = ", ".join(_class_link(c) for c in prop.classes if c in ontology.classes)
    else:
        values = prop.kind.value
    notes = [_cell(prop.definition)]
    notes += ["*Only ever inferred.*"] if prop.derived else []
    notes += ["*Two values of one subject contradict each other.*"] if prop.single_valued else []
    return f"| `{prop.key}` | {domain} | {values} | {' '.join(notes)} |"


def _class_link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def vocabularies_page(ontology: Ontology) -> str:
    """Return the reference of the vocabularies: each scheme with its concepts."""
    lines = [
        "# Vocabularies",
        "",
        _VOCABULARIES_HEAD,
        "",
    ]
    for scheme, slugs in ontology.schemes.items():
        values_of = [p.key for p in ontology.properties.values() if scheme in p.schemes]
        used = (
            f"Values of {', '.join(f'`{key}`' for key in sorted(values_of))}." if values_of else ""
        )
        lines += [f"## {scheme}", "", used, "", ", ".join(f"`{s}`" for s in sorted(slugs)), ""]
    return "\n".join(lines)


def decisions_page() -> str:
    """Return the list of decisions."""
    lines = [
        "# Decisions",
        "",
        "Why things are as they are: question, choice, measured, rejected.",
        "",
    ]
    for file in sorted(DOCS.glob("decisions/[0-9]*.md")):
        title = file.read_text("utf-8").splitlines()[0].removeprefix("# ")
        lines.append(f"- [{title}]({file.name})")
    return "\n".join([*lines, ""])


def notebook_page(file: Path) -> str:
    """Return a notebook as a page: its words, and its programs without what they print."""
    parts = []
    for cell in json.loads(file.read_text("utf-8"))["cells"]:
        text = "".join(cell["source"])
        parts.append(f"```python\n{text}\n```" if cell["cell_type"] == "code" else text)
    note = f'*A notebook to run: <a href="../{file.name}">{file.name}</a>.*'
    return "\n\n".join([parts[0], note, *parts[1:]]) + "\n"


def _text(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 120).replace("<", "&lt;")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
