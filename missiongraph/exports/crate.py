"""A release as a research object: an RO-Crate 1.1 with its files and what describes them.

https://www.researchobject.org/ro-crate/specification/1.1/. The crate's description is written by
ro-crate-py, which its authors keep.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

from missiongraph.about import ABOUT, LICENSE, LICENSE_NAME, PUBLISHER, TITLE
from missiongraph.errors import PartMissing
from missiongraph.exports.bibliography import as_bibtex
from missiongraph.exports.rdf import write_rdf
from missiongraph.exports.table_descriptions import write_described_tables
from missiongraph.formats import N_QUADS, TURTLE
from missiongraph.names import BASE
from missiongraph.releases import OWN_FILES, Manifest, Release

_PUBLISHER: Final = "#contributors"
_BUILD: Final = "#build"
_SOFTWARE: Final = "#missiongraph"
_TABLES: Final = "tables"


def write_crate(release: Release, folder: Path) -> None:
    """Write the crate to a folder.

    Raises:
        PartMissing: ro-crate-py is not installed.
        ReleaseDamaged: the release's files are not those that its manifest describes.
        OSError: the folder cannot be written to.
    """
    try:
        from rocrate.rocrate import ROCrate
    except ImportError as cause:
        raise PartMissing(
            "ro-crate-py is not installed.",
            where="rocrate",
            remedy="Install it: pip install 'missiongraph[exports]'.",
        ) from cause
    manifest = release.verify()
    crate = ROCrate(version="1.1")
    _describe(crate, manifest)
    for file, name, media_type in _write_files(release, folder):
        crate.add_file(
            folder / file,
            dest_path=file,
            properties={
                "name": name,
                "encodingFormat": media_type,
                "contentSize": str((folder / file).stat().st_size),
            },
        )
    crate.metadata.write(folder)


def _describe(crate: Any, manifest: Manifest) -> None:
    """Say what the crate is, who publishes it, and how it was made."""
    from rocrate.model.contextentity import ContextEntity
    from rocrate.model.softwareapplication import SoftwareApplication

    root = crate.root_dataset
    crate.name, crate.description = f"{TITLE}, release {manifest.release}", ABOUT
    crate.datePublished = manifest.built
    root["identifier"] = f"{BASE}release/{manifest.release}"
    root["version"] = manifest.release
    license_ = {"@type": "CreativeWork", "name": LICENSE_NAME, "identifier": LICENSE}
    root["license"] = crate.add(ContextEntity(crate, LICENSE, license_))
    publisher = {"@type": "Organization", "name": PUBLISHER}
    root["publisher"] = root["creator"] = crate.add(ContextEntity(crate, _PUBLISHER, publisher))
    software = {"name": "missiongraph", "version": manifest.software_version, "url": BASE}
    instrument = crate.add(SoftwareApplication(crate, _SOFTWARE, software))
    build = {"@type": "CreateAction", "name": "Build of the release", "endTime": manifest.built}
    made = crate.add(ContextEntity(crate, _BUILD, build))
    made["instrument"], made["result"], root["mentions"] = instrument, root, made


def _write_files(release: Release, folder: Path) -> list[tuple[str, str, str]]:
    """Write the crate's files; return the path of each in it, its name and its media type."""
    written = [(f"{release.id}.nq", "Every statement, with its graph", N_QUADS.media_type)]
    for form, name in ((N_QUADS, written[0][0]), (TURTLE, f"{release.id}.ttl")):
        with (folder / name).open("wb") as stream:
            write_rdf(release, form, stream)
    written.append((f"{release.id}.ttl", "The merged graph", TURTLE.media_type))
    (folder / "sources.bib").write_text(as_bibtex(release), encoding="utf-8")
    written.append(("sources.bib", "The sources", "application/x-bibtex"))
    for name, (words, media_type) in OWN_FILES.items():
        if (release.folder / name).is_file():
            shutil.copyfile(release.folder / name, folder / name)
            written.append((name, words, media_type))
    tables = folder / _TABLES
    tables.mkdir()
    write_described_tables(release, tables)
    for file in sorted(tables.iterdir()):
        media_type = "text/csv" if file.suffix == ".csv" else "application/json"
        written.append((f"{_TABLES}/{file.name}", f"Table: {file.stem}", media_type))
    return written
