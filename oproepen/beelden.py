"""The timeline of a track, as milestones for the template componenten/stappen.html."""

from datetime import date, datetime
from typing import Any

from kern import klok
from kern.templatetags.loket import dag, moment
from oproepen.models import Luik, Ronde


def mijlpalen(luik: Luik, ronde: Ronde) -> list[dict[str, Any]]:
    """Return what happens when in a round, oldest first, each 'gedaan', 'nu' or 'later'.

    The first milestone that lies ahead is 'nu' only while its period runs.
    """
    vandaag = klok.vandaag()
    rijen: list[tuple[str, str, date]] = [
        ("Indienen kan vanaf", dag(ronde.opent_op), _dag(ronde.opent_op)),
        ("Indienen kan tot", moment(ronde.sluit_op), _dag(ronde.sluit_op)),
        ("Projecten starten", dag(luik.project_van), luik.project_van),
    ]
    rijen += [(v.get_soort_display(), f"uiterlijk {dag(v.uiterlijk)}", v.uiterlijk) for v in luik.verslagmomenten.all()]
    rijen.append(("Projecten eindigen", dag(luik.project_tot), luik.project_tot))
    rijen.sort(key=lambda rij: rij[2])
    eerste_later = next((i for i, rij in enumerate(rijen) if rij[2] >= vandaag), len(rijen))
    return [
        {"titel": titel, "tekst": tekst, "toestand": _toestand(i, eerste_later)}
        for i, (titel, tekst, _) in enumerate(rijen)
    ]


def _dag(waarde: datetime) -> date:
    return waarde.astimezone(klok.BRUSSEL).date()


def _toestand(plaats: int, eerste_later: int) -> str:
    if plaats < eerste_later:
        return "gedaan"
    return "nu" if plaats == eerste_later else "later"
