"""What the pages use of other projects is what .ci/vendor fetched, and is listed with its licence."""

import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "api" / "static" / "vendor"


def test_every_vendored_file_is_the_one_that_was_listed() -> None:
    listed = json.loads((VENDOR / "vendored.json").read_text())
    files = {file.name for file in VENDOR.iterdir()} - {"vendored.json"}
    assert files == set(listed)
    for name, about in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == about["sha256"], name
        assert all(about[key] for key in ("package", "version", "licence"))
