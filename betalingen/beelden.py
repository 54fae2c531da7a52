"""Pictures of the money, as numbers for the template betalingen/_beeld.html; the table stands beside them."""

from typing import Any

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
