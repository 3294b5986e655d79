"""What the data set is called, is about, and who publishes it under which licence."""

from __future__ import annotations

from typing import Final

TITLE: Final = "missiongraph: designs of mission-oriented innovation policies"
ABOUT: Final = (
    "How countries, regions and international bodies design missions of innovation policy: the societal challenges "
    "they address, their targets, actors, governance levels, instruments and money, compared, linked with the EU "
    "Missions and their projects, and with the passage of the source behind every curated fact."
)
PUBLISHER: Final = "The missiongraph contributors"
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
LICENSE_NAME: Final = "CC-BY-4.0"
