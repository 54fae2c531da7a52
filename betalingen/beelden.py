"""Pictures of the money, as numbers for the template componenten/balk.html; the table stands beside them."""

from typing import Any

from kern.geld import getal_tekst


def budgetbalk(naam: str, rij: dict[str, Any], sleutel: str) -> dict[str, Any] | None:
    """Return the budget bar of one row of `queries.budgetstand` (cents), or None where no budget is set.

    From left to right: paid, charged but not paid, committed but not charged, reserved, lapsed, available. The parts
    add up to the budget, so that nothing is shown twice.
    """
    budget = rij["budget"]
    if not budget:
        return None
    delen = [
        ("Uitbetaald", "uitbetaald", rij["uitbetaald"]),
        ("Vereffend, nog niet uitbetaald", "vereffend", rij["vereffend"] - rij["uitbetaald"]),
        ("Vastgelegd, nog niet vereffend", "vastgelegd", rij["vastgelegd"] - rij["vereffend"]),
        ("Gereserveerd", "gereserveerd", rij["gereserveerd"]),
        ("Vervallen", "vervallen", rij.get("vervallen", 0)),
        ("Beschikbaar", "beschikbaar", rij["beschikbaar"]),
    ]
    segmenten, x = [], 0.0
    for label, klasse, cent in delen:
        breedte = round(cent * 100 / budget, 3)
        if cent:
            waarde = f"€ {getal_tekst(cent)}"
            segmenten.append({"label": label, "klasse": klasse, "x": x, "breedte": breedte, "waarde": waarde})
        x = round(x + breedte, 3)
    return {"id": f"balk-{sleutel}", "titel": f"Budget van {naam}: € {getal_tekst(budget)}", "segmenten": segmenten}
