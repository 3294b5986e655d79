"""The fenced blocks of README, CONTRIBUTING and docs/, and how each kind of them is run.

A block's info string is its language, then attributes that readers do not see:

    ```sh not-run="fetches from npm"        says why it is not run
    ```sh tested-by="tests/test_new.py"     another test reads this page and runs it
    ```yaml file="portfolio.table.yaml"     is a file that later blocks of the page read

A block of ``text`` or ``csv`` below one that runs is what that prints. Blocks of one page run in
order, in one folder.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
OUTPUTS: Final = ("text", "csv")
ATTRIBUTES: Final = {"not-run", "tested-by", "file"}
_FENCE: Final = re.compile(
    r"(?m)^(?P<indent> *)```(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=indent)```[ ]*$", re.DOTALL
)
_ATTRIBUTE: Final = re.compile(r' ([a-z-]+)="([^"]+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: the page it is on, relative to the checkout.
        line: the line of its opening fence.
        language: the first word of its info string.
        attributes: the others, by name.
        text: what it holds, without the indentation of its fence.
        output: what it is said to print; None where the page shows nothing.
    """

    page: str
    line: int
    language: str
    attributes: dict[str, str]
    text: str
    output: str | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}-{self.language}"


def blocks_of(page: str, text: str) -> list[Block]:
    """Return the blocks of a page, in order, each with the output that is shown below it."""
    found = list(_found(page, text))
    return [
        Block(**{**vars(block), "output": _output(block, following)})
        for block, following in zip(found, [*found[1:], None], strict=False)
    ]


def all_blocks() -> list[Block]:
    """Return the blocks of all pages."""
    return [
        block
        for page in PAGES
        for block in blocks_of(str(page.relative_to(ROOT)), page.read_text(encoding="utf-8"))
    ]


def _found(page: str, text: str) -> Iterator[Block]:
    for match in _FENCE.finditer(text):
        language, _, rest = match["info"].partition(" ")
        attributes = dict(_ATTRIBUTE.findall(f" {rest}"))
        line = text.count("\n", 0, match.start()) + 1
        if _ATTRIBUTE.sub("", f" {rest}").strip():
            raise ValueError(f"{page}:{line}: {rest!r} is not made of attributes")
        yield Block(page, line, language, attributes, textwrap.dedent(match["text"]))


def _output(block: Block, following: Block | None) -> str | None:
    """Return the text of the block below, if it is what this one prints."""
    shown = following is not None and following.language in OUTPUTS and not following.attributes
    runs = block.language not in OUTPUTS and not {"not-run", "tested-by"} & set(block.attributes)
    return following.text if following is not None and shown and runs else None
