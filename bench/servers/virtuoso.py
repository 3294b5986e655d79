"""Start Virtuoso Open Source on loopback, to try a remote store or to test against one.

    python bench/servers/virtuoso.py --port 8890
    MISSIONGRAPH_PUBLISH_USER=publisher MISSIONGRAPH_PUBLISH_PASSWORD=… \\
      missiongraph publish --to http://127.0.0.1:8890/sparql-graph-crud-auth
    missiongraph serve --store http://127.0.0.1:8890/sparql

It prints its addresses, its process id and, once it answers, ``ready``. It ends with
Ctrl-C. Needs ``virtuoso-t`` and ``isql-vt`` (Debian: virtuoso-opensource-7-bin).
User ``publisher`` may update the graph and nothing else; ``dba`` gets a password that
nobody knows. Without --password a new one is made up and printed.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from launching import LOOPBACK, free_port, serve, wait_until_open

_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa

[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx

[Parameters]
ServerPort = {host}:{sql_port}
CaseMode = 2
DirsAllowed = {folder}
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
ServerThreads = 20

[HTTPServer]
ServerPort = {host}:{port}
ServerRoot = {folder}
ServerThreads = 10

[URIQA]
DefaultHost = {host}:{port}

[SPARQL]
ResultSetMaxRows = {max_rows}
"""


def main() -> int:
    """Start it as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0, help="HTTP port; 0 for a free one")
    parser.add_argument("--folder", type=Path, help="keep the data here (default: for this run)")
    parser.add_argument("--password", help="of user publisher")
    parser.add_argument("--max-rows", type=int, default=1_000_000, help="rows of one answer")
    given = parser.parse_args()
    program, console = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or console is None:
        print("Virtuoso is missing: install virtuoso-opensource-7-bin.")
        return 1
    with tempfile.TemporaryDirectory(prefix="virtuoso-") as scratch:
        folder = (given.folder or Path(scratch)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        port, sql_port = given.port or free_port(), free_port()
        password = given.password or secrets.token_urlsafe(12)
        settings = folder / "virtuoso.ini"
        settings.write_text(
            _SETTINGS.format(
                folder=folder, host=LOOPBACK, port=port, sql_port=sql_port, max_rows=given.max_rows
            ),
            encoding="utf-8",
        )
        new = not (folder / "virtuoso.db").exists()
        base = f"http://{LOOPBACK}:{port}"
        lines = [f"query: {base}/sparql", f"graph store: {base}/sparql-graph-crud-auth"]
        if new and not given.password:
            lines.append(f"user: publisher, password: {password}")
        return serve(
            [program, "-f", "-c", str(settings)],
            folder,
            port,
            lambda: _add_publisher(console, sql_port, password) if new else None,
            lines,
        )


def _add_publisher(console: str, sql_port: int, password: str) -> None:
    quoted = password.replace("'", "''")
    statements = f"""\
DB.DBA.USER_CREATE('publisher', '{quoted}');
GRANT SPARQL_UPDATE TO "publisher";
SET PASSWORD "dba" "{secrets.token_hex(16)}";
CHECKPOINT;
"""
    wait_until_open(sql_port)  # the HTTP port opens first
    done = subprocess.run(
        [console, f"{LOOPBACK}:{sql_port}", "dba", "dba", "ERRORS=STDOUT"],
        input=statements,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode or "Error" in done.stdout:
        raise SystemExit(f"Virtuoso takes no new user:\n{done.stdout}")


if __name__ == "__main__":
    sys.exit(main())
