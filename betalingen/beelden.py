"""Pictures of the money, as numbers for the template betalingen/_beeld.html; the table stands beside them."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from betalingen.prognose import Maand, aantal_maanden, eerste_dag, maanden, oplopend
from kern.geld import getal_tekst

# What a year shows, each on a bar of its own: what is paid in a year was often committed in an earlier one.
PER_JAAR = (("Vastgelegd", "vastgelegd"), ("Vereffend", "vereffend"), ("Uitbetaald", "uitbetaald"))


def budgetbeelden(stand: dict[str, Any], *, jaar: int | None = None) -> list[dict[str, Any]]:
    """Return the pictures of `queries.budgetstand`: a bar per call and per track, and of each year what moved.

    Of one year only there are no bars per call and track: a budget belongs to no year. A call without any amount has
    no picture.
    """
    beelden = [_beeld(rij, heel=jaar is None) for rij in stand["oproepen"]]
    return [beeld for beeld in beelden if beeld["balken"] or beeld["jaren"]]


def _beeld(rij: dict[str, Any], *, heel: bool) -> dict[str, Any]:
    delen = [("de hele oproep", rij, rij["oproep"])]
    delen += [(f"luik {luik['naam']}", luik, f"{rij['oproep']}-{luik['luik']}") for luik in rij["luiken"]]
    balken = [balk for deel in delen if heel and (balk := budgetbalk(*deel))]
    return {"titel": rij["titel"], "sleutel": rij["oproep"], "balken": balken, "jaren": _jaren(rij["jaren"])}


def budgetbalk(naam: str, rij: dict[str, Any], sleutel: str) -> dict[str, Any] | None:
    """Return the bar of one row of `queries.budgetstand` (cents), or None where there is nothing to show.

    From left to right: paid, charged but not paid, committed but not charged, reserved, lapsed, available. The parts
    add up to the budget, or where none is set to what is committed and reserved; so nothing is shown twice.
    """
    delen = [
        ("Uitbetaald", "uitbetaald", rij["uitbetaald"]),
        ("Vereffend, nog niet uitbetaald", "vereffend", rij["vereffend"] - rij["uitbetaald"]),
        ("Vastgelegd, nog niet vereffend", "vastgelegd", rij["vastgelegd"] - rij["vereffend"]),
        ("Gereserveerd", "gereserveerd", rij["gereserveerd"]),
        ("Vervallen", "vervallen", rij.get("vervallen", 0)),
        ("Beschikbaar", "beschikbaar", rij["beschikbaar"] or 0),
    ]
    budget = rij["budget"]
    heel = budget or sum(cent for _, _, cent in delen)
    if not heel:
        return None
    segmenten, x = [], 0.0
    for label, klasse, cent in delen:
        breedte = round(cent * 100 / heel, 3)
        if cent:
            waarde = f"€\u00a0{getal_tekst(cent)}"
            segmenten.append({"label": label, "klasse": klasse, "x": x, "breedte": breedte, "waarde": waarde})
        x = round(x + breedte, 3)
    wat = f"Budget van {naam}" if budget else f"Vastgelegd en gereserveerd voor {naam}, zonder eigen budget"
    return {"id": f"balk-{sleutel}", "titel": f"{wat}: €\u00a0{getal_tekst(heel)}", "segmenten": segmenten}


def _jaren(jaren: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return of each year the amounts, and the length of their bars on one scale: the highest amount of all is 100."""
    hoogste = max((rij[klasse] for rij in jaren for _, klasse in PER_JAAR), default=0)
    if hoogste <= 0:
        return []
    return [
        {"jaar": rij["jaar"], "cellen": [_cel(label, klasse, rij[klasse], hoogste) for label, klasse in PER_JAAR]}
        for rij in jaren
    ]


def _cel(label: str, klasse: str, cent: int, hoogste: int) -> dict[str, Any]:
    breedte = round(max(cent, 0) * 100 / hoogste, 3)
    return {"label": label, "klasse": klasse, "waarde": getal_tekst(cent), "breedte": breedte}


# The burn line, in units of its own.
LINKS, RECHTS, BOVEN, ONDER = 74, 630, 14, 236
MEESTE_JAREN = 6


def verloop(
    plan: Sequence[tuple[date, int]],
    betaald: Sequence[tuple[date, int]],
    vooruit: Sequence[Maand],
    vandaag: date,
) -> dict[str, Any] | None:
    """Return the picture and the table of paid against planned, by month and as running totals; None without any.

    plan, betaald: (day, cents). From today on the picture goes on with what is expected, and its band. The table has
    the months in which something was due or paid.
    """
    dagen = [dag for dag, _ in (*plan, *betaald)]
    if not dagen:
        return None
    reeks = maanden(min(dagen), aantal_maanden(min(dagen), max(*dagen, vandaag, vooruit[-2].maand or vandaag)))
    gepland, uit = oplopend(plan, reeks), oplopend(betaald, reeks)
    nu = reeks.index(eerste_dag(vandaag)) if eerste_dag(vandaag) in reeks else -1
    lijnen = {naam: _oplopend(uit[nu], [getattr(m, f"{naam}_cent") for m in vooruit[:-1]]) for naam in NAMEN}
    hoogste = max(*gepland, *uit, *(lijn[-1] for lijn in lijnen.values() if lijn), 1)
    vlak = _Vlak(len(reeks), hoogste)
    hier = vlak.x(nu + vandaag.day / monthrange(vandaag.year, vandaag.month)[1])
    punt_nu = (hier, vlak.y(uit[nu]))
    toekomst = {
        naam: [punt_nu, *((vlak.x(nu + i + 1), vlak.y(cent)) for i, cent in enumerate(lijn))]
        for naam, lijn in lijnen.items()
        if lijn
    }
    band = [*toekomst["vlot"], *reversed(toekomst["traag"])] if len(toekomst) == len(NAMEN) else []
    geraakt = {eerste_dag(dag) for dag in dagen}
    return {
        "plan": _pad([(vlak.x(0), vlak.y(0)), *((vlak.x(i + 1), vlak.y(c)) for i, c in enumerate(gepland))]),
        "betaald": _pad(
            [(vlak.x(0), vlak.y(0)), *((vlak.x(i + 1), vlak.y(c)) for i, c in enumerate(uit[:nu])), punt_nu]
        ),
        "verwacht": _pad(toekomst.get("verwacht", [])),
        "band": _pad(band),
        "vandaag": hier,
        "jaren": vlak.jaren(reeks),
        "hoogten": [{"y": vlak.y(cent), "cent": cent} for cent in (0, hoogste // 2, hoogste)],
        "rijen": [
            {"maand": maand, "tot": _laatste(maand), "gepland": g, "betaald": u if maand <= vandaag else None}
            for maand, g, u in zip(reeks, gepland, uit, strict=True)
            if maand in geraakt
        ],
        "gepland_nu": sum(cent for dag, cent in plan if dag <= vandaag),
        "gepland_heel": gepland[-1],
        "betaald_nu": uit[nu],
    }


NAMEN = ("verwacht", "vlot", "traag")


def _oplopend(vanaf: int, centen: Iterable[int | None]) -> list[int]:
    uit: list[int] = []
    for cent in centen:
        if cent is None:
            return []
        vanaf += cent
        uit.append(vanaf)
    return uit


def _laatste(maand: date) -> date:
    return (maand + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _pad(punten: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in punten)


class _Vlak:
    """Turns months and cents into places in the picture."""

    def __init__(self, aantal: int, hoogste: int) -> None:
        self.aantal, self.hoogste = aantal, hoogste

    def x(self, maand: float) -> float:
        return round(LINKS + (RECHTS - LINKS) * maand / self.aantal, 1)

    def y(self, cent: int) -> float:
        return round(ONDER - (ONDER - BOVEN) * cent / self.hoogste, 1)

    def jaren(self, reeks: Sequence[date]) -> list[dict[str, Any]]:
        """Return the turns of years, thinned out where there are many; the first month when there are none."""
        alle = [(i, maand.year) for i, maand in enumerate(reeks) if maand.month == 1 or not i]
        if len(alle) > 1 and alle[1][0] - alle[0][0] < len(reeks) // MEESTE_JAREN:
            alle = alle[1:]  # the first label would touch the next one
        return [{"x": self.x(i), "jaar": jaar} for i, jaar in alle[:: len(alle) // MEESTE_JAREN + 1]]
