"""LibreOffice without a window, as a reader and writer of spreadsheets that is not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

XLSX: Final = "xlsx:Calc MS Excel 2007 XML"


def needs_libreoffice(test: Any) -> Any:
    """Mark what LibreOffice does; without it the test is skipped, except in CI."""
    absent = shutil.which("soffice") is None and os.environ.get("CI") != "true"
    skip = pytest.mark.skipif(absent, reason="LibreOffice is not installed")
    return pytest.mark.libreoffice(skip(test))


def convert(file: Path, form: str, folder: Path) -> Path:
    """Open a file and save it in another form; return the new file, in a folder of its own."""
    ending = form.partition(":")[0]
    into = folder / f"as-{ending}"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(into)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=180)
    return into / f"{file.stem}.{ending}"
