"""The events of a dossier as a person reads them."""

from typing import Any

from dossiers.models import Dossier
from kern import ketens


def tijdlijn(dossier: Dossier, omschrijvingen: dict[str, str]) -> list[dict[str, Any]]:
    """Return the events of a dossier, newest first: moment, title, text and who."""
    statussen = dict(Dossier.Status.choices)
    punten = []
    for gebeurtenis in ketens.gebeurtenissen_van(dossier):
        inhoud = ketens.inhoud_van(gebeurtenis)
        tekst = "De inhoud is gewist." if inhoud is None else str(inhoud.get("motivering", ""))
        naar = statussen.get(gebeurtenis.naar, "")
        punten.append(
            {
                "moment": gebeurtenis.moment,
                "titel": omschrijvingen.get(gebeurtenis.handeling, gebeurtenis.handeling),
                "tekst": tekst or (f"Status: {naar.lower()}" if gebeurtenis.van != gebeurtenis.naar and naar else ""),
                "door": gebeurtenis.door.naam,
            }
        )
    return punten[::-1]
