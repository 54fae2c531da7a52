"""Reading the payment schedule of a data file: `schijven`, the same for every track.

A row: naam, aanleiding, and procent or bedrag ("10000.00") or saldo (true); with verslag, datum or aanvraag_tot where
the trigger asks for it; optionally voorwaarde (what is confirmed first) and schuldvordering (true).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kern.opslag import Opslag
from oproepen.models import Betaalschijf, Luik, Verslagmoment

Soort, Aanleiding = Betaalschijf.Soort, Betaalschijf.Aanleiding
VELDEN = (
    *("naam", "procent", "bedrag", "saldo", "aanleiding", "verslag", "datum", "aanvraag_tot", "voorwaarde"),
    "schuldvordering",
)
# What belongs to a trigger, and to it alone.
_BIJ = {
    "verslag": (Aanleiding.VERSLAG, "noem een verslag wanneer, en alleen wanneer, de aanleiding een verslag is."),
    "datum": (Aanleiding.DATUM, "noem een datum wanneer, en alleen wanneer, de aanleiding een datum is."),
}


def eis_schema(rijen: Sequence[Mapping[str, Any]]) -> None:
    """Raise ValueError unless the instalments cover any award: they are 100 percent, or a balance comes last."""
    soorten = [_soort(rij, f"schijf {nummer}") for nummer, rij in enumerate(rijen, start=1)]
    delen = (_procent(rij, f"schijf {nummer}") for nummer, rij in enumerate(rijen, start=1))
    procenten = sum((deel for deel in delen if deel is not None), Decimal(0))
    if Soort.SALDO in soorten[:-1]:
        raise ValueError("het saldo is de laatste schijf; er komt er geen na.")
    if Soort.SALDO in soorten:
        if procenten >= 100:  # noqa: PLR2004
            raise ValueError(
                f"de schijven tellen op tot {procenten.normalize():f} procent; voor het saldo blijft niets over."
            )
    elif Soort.BEDRAG in soorten:
        raise ValueError("met een vast bedrag is de laatste schijf het saldo.")
    elif procenten != 100:  # noqa: PLR2004
        raise ValueError(f"de schijven tellen op tot {procenten.normalize():f} procent, niet 100.")


def _procent(rij: Mapping[str, Any], wat: str) -> Decimal | None:
    """Return a percentage of the file: a whole number, or a text with at most two decimals ("22.5")."""
    waarde = rij.get("procent")
    if waarde is None:
        return None
    geheel = isinstance(waarde, int) and not isinstance(waarde, bool)
    if not geheel and not (isinstance(waarde, str) and re.fullmatch(r"[0-9]{1,3}\.[0-9]{1,2}", waarde)):
        raise ValueError(f'{wat}: procent {waarde!r} kan niet gelezen worden; schrijf 50 of "22.5".')
    return Decimal(waarde).quantize(Decimal("0.01"))


def _soort(rij: Mapping[str, Any], wat: str) -> Betaalschijf.Soort:
    genoemd = [soort for soort in Soort if soort.value in rij]
    if len(genoemd) != 1 or rij.get("saldo", True) is not True:
        raise ValueError(f"{wat}: noem één van procent, bedrag of saldo (true).")
    return genoemd[0]


def maak_schijf(
    luik: Luik,
    rij: Mapping[str, Any],
    volgorde: int,
    momenten: Mapping[str, Verslagmoment],
    *,
    opslag: Opslag,
    lees: tuple[Callable[[Any], int], Callable[[Any, str], date]],
) -> Betaalschijf:
    """Store or compare one instalment. Raises ValueError or Strijdig with a sentence without place.

    lees: how an amount of the file becomes cents, and a text a day.
    """
    wat = f"schijf {volgorde}"
    _eis_vorm(rij, momenten, wat)
    naar_cent, naar_dag = lees
    dagen = {veld: naar_dag(rij[veld], wat) if veld in rij else None for veld in ("datum", "aanvraag_tot")}
    return opslag.rij(
        Betaalschijf,
        wat,
        ("luik", "volgorde"),
        luik=luik,
        volgorde=volgorde,
        naam=rij["naam"],
        soort=_soort(rij, wat),
        procent=_procent(rij, wat),
        bedrag_cent=naar_cent(rij["bedrag"]) if "bedrag" in rij else None,
        aanleiding=rij["aanleiding"],
        verslagmoment=momenten[rij["verslag"]] if "verslag" in rij else None,
        **dagen,
        voorwaarde=rij.get("voorwaarde", ""),
        schuldvordering=rij.get("schuldvordering", False),
    )


def _eis_vorm(rij: Mapping[str, Any], momenten: Mapping[str, Verslagmoment], wat: str) -> None:
    for veld in rij:
        if veld not in VELDEN:
            raise ValueError(f"{wat}: onbekend veld '{veld}'.")
    if rij["aanleiding"] not in Aanleiding.values:
        raise ValueError(f"{wat}: onbekende aanleiding '{rij['aanleiding']}'.")
    if rij.get("verslag") not in {None, *momenten}:
        raise ValueError(f"{wat}: onbekend verslag '{rij['verslag']}'.")
    for veld, (aanleiding, zin) in _BIJ.items():
        if (rij["aanleiding"] == aanleiding) != (veld in rij):
            raise ValueError(f"{wat}: {zin}")
    if "aanvraag_tot" in rij and rij["aanleiding"] != Aanleiding.AANVRAAG:
        raise ValueError(f"{wat}: een laatste dag om te vragen past alleen bij een schijf op aanvraag.")
