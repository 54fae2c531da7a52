"""The milestones of a round, as a picture and as a list, for the template componenten/mijlpalen.html."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kern import klok
from kern.templatetags.loket import dag, moment
from oproepen.models import Luik, Ronde, Verslagmoment

# The picture in units of its own: the axis, the least room between two numbers in a lane, and the height of a lane.
LINKS, RECHTS = 30, 610
TUSSENRUIMTE = 48
LAAG = 40
MEESTE_JAREN = 6


@dataclass(frozen=True)
class Mijlpaal:
    """What happens when; `toestand` is 'gedaan', 'nu' (the first one ahead) or 'later'."""

    nummer: int
    titel: str
    tekst: str
    dag: date
    toestand: str


def mijlpalen(luik: Luik, ronde: Ronde, momenten: Iterable[Verslagmoment]) -> list[Mijlpaal]:
    """Return what happens when in a round with these reports, oldest first."""
    vandaag = klok.vandaag()
    rijen: list[tuple[str, str, date]] = [
        ("Indienen kan vanaf", dag(ronde.opent_op), _dag(ronde.opent_op)),
        ("Indienen kan tot", moment(ronde.sluit_op), _dag(ronde.sluit_op)),
        ("Projecten starten", dag(luik.project_van), luik.project_van),
    ]
    rijen += [(v.get_soort_display(), f"uiterlijk {dag(v.uiterlijk)}", v.uiterlijk) for v in momenten]
    rijen.append(("Projecten eindigen", dag(luik.project_tot), luik.project_tot))
    rijen.sort(key=lambda rij: rij[2])
    eerste_later = next((i for i, rij in enumerate(rijen) if rij[2] >= vandaag), len(rijen))
    return [
        Mijlpaal(i + 1, titel, tekst, wanneer, _toestand(i, eerste_later))
        for i, (titel, tekst, wanneer) in enumerate(rijen)
    ]


def _dag(waarde: datetime) -> date:
    return waarde.astimezone(klok.BRUSSEL).date()


def _toestand(plaats: int, eerste_later: int) -> str:
    if plaats < eerste_later:
        return "gedaan"
    return "nu" if plaats == eerste_later else "later"


def ronde_in_beeld(rondes: list[Ronde]) -> Ronde | None:
    """Return the round of a track that a picture tells most of: the first that is not over, else the last."""
    nu = klok.nu()
    return next((ronde for ronde in rondes if ronde.sluit_op > nu), rondes[-1] if rondes else None)


@dataclass(frozen=True)
class _As:
    """Turns days into places on the axis."""

    van: date
    tot: date

    def x(self, wanneer: date) -> float:
        deel = (wanneer - self.van).days / max((self.tot - self.van).days, 1)
        return round(LINKS + deel * (RECHTS - LINKS), 1)

    def balk(self, van: date, tot: date, klasse: str) -> dict[str, Any]:
        return {"x": self.x(van), "breedte": round(max(self.x(tot) - self.x(van), 2), 1), "klasse": klasse}

    def jaren(self) -> list[dict[str, Any]]:
        """Return the turns of years, thinned out where there are many."""
        alle = [date(jaar, 1, 1) for jaar in range(self.van.year + 1, self.tot.year + 1)]
        stap = len(alle) // MEESTE_JAREN + 1
        return [{"x": self.x(wanneer), "jaar": wanneer.year} for wanneer in alle[::stap]]


def tijdbeeld(luik: Luik, ronde: Ronde, momenten: Iterable[Verslagmoment]) -> dict[str, Any]:
    """Return the picture of a round: numbers of milestones above an axis, periods on it, years below, and today."""
    punten = mijlpalen(luik, ronde, momenten)
    as_ = _As(punten[0].dag, max(punten[-1].dag, punten[0].dag + timedelta(days=1)))
    lagen = _lagen([as_.x(punt.dag) for punt in punten])
    hoogte = LAAG * (max(lagen) + 1) + 22
    nu = klok.vandaag()
    vandaag = as_.x(nu) if as_.van <= nu <= as_.tot else None
    return {
        "id": f"tijd-{ronde.pk}",
        "titel": f"Mijlpalen van {luik.naam}, ronde {ronde.nummer}",
        "tekst": "; ".join(f"{punt.nummer}: {punt.titel} {punt.tekst}" for punt in punten),
        "punten": [
            {"punt": punt, "x": as_.x(punt.dag), "y": hoogte - 16 - LAAG * laag - LAAG // 2}
            for punt, laag in zip(punten, lagen, strict=True)
        ],
        "balken": [
            as_.balk(_dag(ronde.opent_op), _dag(ronde.sluit_op), "indienen"),
            as_.balk(luik.project_van, luik.project_tot, "project"),
        ],
        "jaren": as_.jaren(),
        "begin": as_.van.year,
        "hoogte": hoogte,
        "heel": hoogte + (44 if vandaag is None else 66),
        "vandaag": vandaag,
    }


def _lagen(plaatsen: list[float]) -> list[int]:
    """Return for each place, from left to right, the lowest lane in which it touches nothing."""
    laatste: list[float] = []
    uit = []
    for x in plaatsen:
        laag = next((i for i, vorige in enumerate(laatste) if x - vorige >= TUSSENRUIMTE), len(laatste))
        laatste[laag : laag + 1] = [x]
        uit.append(laag)
    return uit
