import os
import shutil
import subprocess
import sys
from pathlib import Path

import missiongraph


def test_a_checkout_without_links_says_so(tmp_path: Path) -> None:
    package = tmp_path / "missiongraph"
    package.mkdir()
    shutil.copy(str(missiongraph.__file__), package)
    (package / "api").write_text("../api")
    done = subprocess.run(
        [sys.executable, "-c", "import missiongraph"],
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "core.symlinks=true" in done.stderr
