"""The list of bad input about money in docs/inlezen.md names tests that exist."""

import re
from pathlib import Path

WORTEL = Path(__file__).parents[1]


def test_every_bad_input_has_the_tests_that_are_named():
    tabel = (WORTEL / "docs" / "inlezen.md").read_text(encoding="utf-8").split("## Bad input about money")[1]
    rijen = [regel for regel in tabel.splitlines() if regel.startswith("| ") and "::" in regel]
    assert len(rijen) == 14
    weg = []
    for regel in rijen:
        bestand = ""
        for pad, naam in re.findall(r"`([\w/]*(?:\.py)?)::(\w+)`", regel):
            bestand = pad or bestand
            if f"def {naam}(" not in (WORTEL / bestand).read_text(encoding="utf-8"):
                weg.append(f"{bestand}::{naam}")
    assert weg == []
