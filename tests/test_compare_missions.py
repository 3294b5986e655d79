"""The lines of docs/compare-missions.md run as they stand, and leave the files they name."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[1] / "docs" / "compare-missions.md").read_text(encoding="utf-8")
LINES = [
    line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()
]
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.slow
def test_the_lines_of_the_walk_through_run(tmp_path: Path, built_home: Path) -> None:
    program = Path(sys.executable).with_name("missiongraph")
    environment = os.environ | {"MISSIONGRAPH_HOME": str(built_home)}
    assert len(LINES) > 8
    for line in LINES:
        name, *arguments = shlex.split(line)
        assert name == "missiongraph"
        done = subprocess.run(
            [program, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        for position, argument in enumerate(arguments):
            if argument == "--output":
                assert (tmp_path / arguments[position + 1]).stat().st_size > 200
    (program_text,) = PYTHON
    done = subprocess.run(
        [sys.executable, "-c", program_text],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4
