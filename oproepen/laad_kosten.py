"""Reading what a data file says of cost claims: `kosten`, of the whole call or of one track."""

from collections.abc import Mapping, Sequence
from typing import Any

from kern.opslag import Opslag
from oproepen.models import Kostencategorie, Kostenforfait, Kostenregeling, Luik

VELDEN = ("tarief", "vanaf", "categorieen", "forfaits", "bewijs", "steekproef")
STEEKPROEF = ("minimum", "procent", "altijd_vanaf")


def kosten_van(gegevens: Mapping[str, Any], plaats: int) -> tuple[Mapping[str, Any] | None, tuple[str | int, ...]]:
    """Return the rules for the track at `plaats`, and where they stand; None: it asks for no cost claims.

    What a track says itself goes before what the call says; null in a track means that it asks for none.
    """
    rij = gegevens["luiken"][plaats]
    if "kosten" in rij:
        return rij["kosten"], ("luiken", plaats, "kosten")
    return gegevens.get("kosten"), ("kosten",)


def maak_regeling(luik: Luik, kosten: Mapping[str, Any] | None, opslag: Opslag, altijd_vanaf_cent: int | None) -> None:
    """Store or compare the rules of a track. Raises ValueError or Strijdig with a sentence without place."""
    opslag.volledig(Kostenregeling, "kostenregelingen", 0 if kosten is None else 1, luik=luik)
    if kosten is None:
        return
    eis_vorm(kosten)
    steekproef = kosten["steekproef"]
    regeling = opslag.rij(
        Kostenregeling,
        "kosten",
        ("luik",),
        luik=luik,
        tarief_procent=_procent(kosten["tarief"], "tarief"),
        vanaf=kosten.get("vanaf", Kostenregeling.Vanaf.PROJECT),
        bewijs=kosten["bewijs"],
        steekproef_minimum=_geheel(steekproef["minimum"], "steekproef.minimum", 1, 500),
        steekproef_procent=_geheel(steekproef["procent"], "steekproef.procent", 0, 100),
        steekproef_altijd_vanaf_cent=altijd_vanaf_cent,
    )
    _maak_categorieen(regeling, kosten["categorieen"], opslag)
    _maak_forfaits(regeling, kosten, opslag)


def eis_saldo_bij_tarief(kosten: Mapping[str, Any] | None, schijven: Sequence[Mapping[str, Any]]) -> None:
    """Raise ValueError when the subsidy pays a share of the costs and no instalment follows them.

    With all costs paid, fixed instalments are right until something is rejected, and that is claimed back.
    """
    if kosten is None or kosten["tarief"] == 100 or any("saldo" in rij for rij in schijven):  # noqa: PLR2004
        return
    raise ValueError(
        "kosten: de subsidie betaalt een deel van de kosten, maar de laatste schijf heeft een vast bedrag; "
        'schrijf daar "saldo": true, of een tarief van 100.'
    )


def eis_vorm(kosten: Mapping[str, Any]) -> None:
    """Raise ValueError for a field that is not known, or a choice that is not."""
    for rij, bekend, waar in ((kosten, VELDEN, "kosten"), (kosten["steekproef"], STEEKPROEF, "steekproef")):
        for veld in rij:
            if veld not in bekend:
                raise ValueError(f"{waar}: onbekend veld '{veld}'.")
    if kosten["bewijs"] not in Kostenregeling.Bewijs.values:
        raise ValueError(f"kosten: onbekende keuze bewijs '{kosten['bewijs']}'.")
    if kosten.get("vanaf", "project") not in Kostenregeling.Vanaf.values:
        raise ValueError(f"kosten: onbekende keuze vanaf '{kosten['vanaf']}'.")


def _maak_categorieen(regeling: Kostenregeling, rijen: list[dict[str, Any]], opslag: Opslag) -> None:
    if not rijen:
        raise ValueError("kosten: er is minstens één kostensoort nodig.")
    for veld in ("sleutel", "naam"):
        if len({rij[veld] for rij in rijen}) < len(rijen):
            raise ValueError(f"kosten: twee kostensoorten hebben dezelfde {veld}.")
    for volgorde, rij in enumerate(rijen, start=1):
        wat = f"kostensoort {volgorde}"
        _alleen(rij, ("sleutel", "naam", "marge", "aandeel"), wat)
        opslag.rij(
            Kostencategorie,
            wat,
            ("regeling", "sleutel"),
            regeling=regeling,
            sleutel=rij["sleutel"],
            volgorde=volgorde,
            naam=rij["naam"],
            marge_procent=None if rij.get("marge") is None else _geheel(rij["marge"], f"{wat}: marge", 0, 1000),
            aandeel_procent=None if rij.get("aandeel") is None else _procent(rij["aandeel"], f"{wat}: aandeel"),
        )
    opslag.volledig(Kostencategorie, "kostensoorten", len(rijen), regeling=regeling)


def _maak_forfaits(regeling: Kostenregeling, kosten: Mapping[str, Any], opslag: Opslag) -> None:
    rijen = kosten.get("forfaits", [])
    soorten = [rij["sleutel"] for rij in kosten["categorieen"]]
    if len({rij["sleutel"] for rij in rijen}) < len(rijen):
        raise ValueError("kosten: twee forfaits hebben dezelfde sleutel.")
    for volgorde, rij in enumerate(rijen, start=1):
        wat = f"forfait {volgorde}"
        _alleen(rij, ("sleutel", "naam", "procent", "op"), wat)
        grondslag = rij.get("op", [])
        for sleutel in grondslag:
            if sleutel not in soorten:
                raise ValueError(f"{wat}: onbekende kostensoort '{sleutel}'.")
        opslag.rij(
            Kostenforfait,
            wat,
            ("regeling", "sleutel"),
            regeling=regeling,
            sleutel=rij["sleutel"],
            volgorde=volgorde,
            naam=rij["naam"],
            procent=_procent(rij["procent"], f"{wat}: procent"),
            grondslag=list(grondslag),
        )
    opslag.volledig(Kostenforfait, "forfaits", len(rijen), regeling=regeling)


def _alleen(rij: Mapping[str, Any], bekend: tuple[str, ...], wat: str) -> None:
    for veld in rij:
        if veld not in bekend:
            raise ValueError(f"{wat}: onbekend veld '{veld}'.")


def _procent(waarde: Any, wat: str) -> int:
    return _geheel(waarde, wat, 1, 100)


def _geheel(waarde: Any, wat: str, laagste: int, hoogste: int) -> int:
    if not isinstance(waarde, int) or isinstance(waarde, bool) or not laagste <= waarde <= hoogste:
        raise ValueError(f"{wat} {waarde!r} is geen geheel getal van {laagste} tot {hoogste}.")
    return waarde
