"""Start Apache Jena Fuseki on loopback, to try a remote store or to test against one.

    python bench/servers/fuseki.py --port 3030
    missiongraph publish --to http://127.0.0.1:3030/ds/data
    missiongraph serve --store http://127.0.0.1:3030/ds/query

It prints its addresses, its process id and, once it answers, ``ready``. It ends with
Ctrl-C. Needs Java 17 and the server's jar, which ``.ci/install-fuseki`` fetches.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from launching import LOOPBACK, free_port, serve

_JARS = Path(__file__).parents[2] / ".servers"


def find_jar() -> Path | None:
    """Return the server's jar: ``FUSEKI_JAR``, else the newest that was fetched, else None."""
    if given := os.environ.get("FUSEKI_JAR"):
        return Path(given)
    return max(_JARS.glob("jena-fuseki-server-*.jar"), default=None)


def main() -> int:
    """Start it as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0, help="HTTP port; 0 for a free one")
    parser.add_argument("--folder", type=Path, help="keep the data here (default: in memory)")
    parser.add_argument("--password", help="ask for user admin with this password (env: no)")
    parser.add_argument("--auth", choices=["basic", "digest"], default="digest")
    given = parser.parse_args()
    jar, java = find_jar(), shutil.which("java")
    if jar is None or java is None:
        print("Fuseki or Java is missing: run .ci/install-fuseki, or set FUSEKI_JAR.")
        return 1
    port = given.port or free_port()
    with tempfile.TemporaryDirectory(prefix="fuseki-") as scratch:
        command = [java, "-Xmx2g", "-jar", str(jar.absolute()), f"--port={port}", "--localhost"]
        if given.password:
            users = Path(scratch, "users")
            users.write_text(f"admin: {given.password}\n", encoding="utf-8")
            users.chmod(0o600)
            command += [f"--passwd={users}", f"--auth={given.auth}"]
        if given.folder:
            given.folder.mkdir(parents=True, exist_ok=True)
            command += ["--tdb2", f"--loc={given.folder.absolute()}"]
        else:
            command += ["--mem"]
        base = f"http://{LOOPBACK}:{port}/ds"
        lines = (f"query: {base}/query", f"graph store: {base}/data")
        return serve([*command, "--update", "/ds"], Path(scratch), port, lambda: None, lines)


if __name__ == "__main__":
    sys.exit(main())
