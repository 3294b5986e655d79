"""The closure: what is stated and all that follows from it, which can be changed.

It is computed semi-naively: each round asks only what follows from the facts that the round
before found. What is added is followed up in the same way. What is taken away takes with it all
that may have followed from it; of that, what still follows is put back (delete and rederive).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Quad, Triple

from missiongraph.inference.program import Program
from missiongraph.inference.relations import Relations


@dataclass(frozen=True)
class Closure:
    """Facts and what follows from them; use ``Closure.of``.

    Attributes:
        program: what it follows by.
        stated: the stated facts that matter to the program.
        whole: these, and all that follows.
    """

    program: Program
    stated: Relations
    whole: Relations

    @classmethod
    def of(cls, program: Program, statements: Iterable[Triple | Quad]) -> Closure:
        """Return the closure of statements; of quads, the graphs are merged."""
        return cls.over(program, program.read(statements))

    @classmethod
    def over(cls, program: Program, stated: Relations) -> Closure:
        """Return the closure of facts that the program has read."""
        return cls(program, stated, _saturated(program, Relations(), stated))

    def inferred(self) -> Iterator[Triple]:
        """Yield what follows and is not stated."""
        return self.program.numbering.triples(self.whole - self.stated)

    def inferred_beyond(self, before: Closure) -> Iterator[Triple]:
        """Yield what is inferred here and was not inferred before, by the same program.

        The other way round (``before.inferred_beyond(self)``) it is what is inferred no more.
        """
        new = (self.whole - self.stated) - (before.whole - before.stated)
        return self.program.numbering.triples(new)

    def changed(
        self, added: Iterable[Triple | Quad] = (), removed: Iterable[Triple | Quad] = ()
    ) -> Closure:
        """Return the closure after a change; this one stays as it is.

        Args:
            added: statements that come in. One that was inferred is stated from now on.
            removed: statements that go, before others are added. One that still follows from
                others is inferred from now on.
        """
        program = self.program
        gone = program.read(removed) & self.stated
        stated = self.stated - gone
        whole = self._without(gone, stated) if len(gone) else self.whole
        new = program.read(added)
        if len(new):
            whole = _saturated(program, whole, new - whole)
        return Closure(program, stated | new, whole)

    def _without(self, gone: Relations, stated: Relations) -> Relations:
        doubtful = latest = gone
        while len(latest):
            found = self.program.consequences(latest, self.whole, self.whole)
            latest = found - doubtful - stated
            doubtful |= latest
        left = self.whole - doubtful
        return _saturated(self.program, left, self.program.supported(doubtful, left))


def _saturated(program: Program, before: Relations, new: Relations) -> Relations:
    """Return closed facts with new ones and all that follows from these and those."""
    while len(new):
        after = before | new
        found = program.consequences(new, before, after)
        before, new = after, found - after
    return before
