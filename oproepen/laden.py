"""Loading a call from a data file: read and checked whole, then stored whole, or refused with file and place."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from kern.geld import naar_cent
from kern.weg import handeling, noteer
from kern.weigering import Weigering, eis
from oproepen import rechten
from oproepen.models import (
    Betaalschijf,
    Criterium,
    Formulierversie,
    Luik,
    Oproep,
    Ronde,
    Verslagmoment,
    Voorwaarde,
    Vraag,
)
from organisaties.models import Gebruiker

GEGEVENS = Path(__file__).parent / "gegevens" / "oproepen"
# Places of a call's data file that are read here; betalingen reads budget and kredieten.
ONDERDELEN = ("luiken", "voorwaarden", "rondes", "vragen", "criteria", "verslagen", "schijven")


def lees_bestand(pad: Path) -> dict[str, Any]:
    """Return a call's data file. Raises Weigering: bestand_ontbreekt, bestand_onleesbaar, veld_ontbreekt."""
    if not pad.is_file():
        raise Weigering("bestand_ontbreekt", f"{pad.name}: dit bestand bestaat niet.")
    try:
        gegevens: dict[str, Any] = json.loads(pad.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise Weigering("bestand_onleesbaar", f"{pad.name}: dit bestand is geen UTF-8.") from None
    except json.JSONDecodeError as fout:
        raise Weigering("bestand_onleesbaar", f"{pad.name}, regel {fout.lineno}: geen geldige JSON.") from None
    for veld in ("slug", "code", "titel", "samenvatting", "verstrekker", "doelgroep", *ONDERDELEN):
        eis(veld in gegevens, "veld_ontbreekt", f"{pad.name}: het veld '{veld}' ontbreekt.")
    return gegevens


def bedrag(waarde: Any, plaats: str) -> int:
    """Return the cents of a decimal string ('50000.00'). Raises Weigering(bedrag_onleesbaar) with the place."""
    try:
        if not isinstance(waarde, str):
            raise InvalidOperation
        return naar_cent(Decimal(waarde))
    except (InvalidOperation, Weigering):
        zin = f"{plaats}: het bedrag {waarde!r} kan niet gelezen worden; schrijf het als \"50000.00\"."
        raise Weigering("bedrag_onleesbaar", zin) from None


@handeling("oproep.maak_op", "Oproep opmaken uit een gegevensbestand", mag=rechten.mag_opmaken)
def maak_oproep_op(wie: Gebruiker, *, gegevens: Mapping[str, Any], door: Gebruiker) -> Oproep:
    """Store a call with everything in its data file, as a draft. Raises Weigering: oproep_bestaat, veld_ontbreekt,
    waarde_ongeldig, bedrag_onleesbaar; then nothing is stored."""
    slug = gegevens["slug"]
    eis(not Oproep.objects.filter(slug=slug).exists(), "oproep_bestaat", f"De oproep '{slug}' bestaat al.")
    gewichten = sum(c["gewicht"] for c in gegevens["criteria"])
    eis(gewichten == 100, "waarde_ongeldig", f"{slug}: de gewichten van de criteria tellen op tot {gewichten}, niet 100.")  # noqa: PLR2004
    procenten = sum(s["procent"] for s in gegevens["schijven"])
    eis(procenten == 100, "waarde_ongeldig", f"{slug}: de schijven tellen op tot {procenten} procent, niet 100.")  # noqa: PLR2004
    try:
        oproep = _maak(gegevens, wie)
    except KeyError as fout:
        raise Weigering("veld_ontbreekt", f"{slug}: het veld {fout} ontbreekt.") from None
    except (ValueError, TypeError) as fout:
        raise Weigering("waarde_ongeldig", f"{slug}: {fout}") from None
    noteer(oproep, door=door, naar=oproep.status, inhoud={"slug": slug})
    return oproep


def _maak(gegevens: Mapping[str, Any], wie: Gebruiker) -> Oproep:
    oproep = Oproep.objects.create(
        slug=gegevens["slug"],
        code=gegevens["code"],
        titel=gegevens["titel"],
        actie_nr=gegevens.get("actie"),
        samenvatting=gegevens["samenvatting"],
        verstrekker=gegevens["verstrekker"],
        voor_wie=gegevens["doelgroep"],
        verplichte_bijlage=gegevens.get("verplichte_bijlage", ""),
        opgesteld_door=wie,
    )
    _maak_formulier(oproep, gegevens["vragen"])
    for volgorde, rij in enumerate(gegevens["criteria"], start=1):
        Criterium.objects.create(oproep=oproep, volgorde=volgorde, **rij)
    for rij in gegevens["luiken"]:
        _maak_luik(oproep, rij, gegevens)
    return oproep


def _maak_formulier(oproep: Oproep, vragen: list[dict[str, Any]]) -> None:
    versie = Formulierversie.objects.create(oproep=oproep, nummer=1)
    for volgorde, rij in enumerate(vragen, start=1):
        if rij["soort"] not in Vraag.Soort.values:
            raise ValueError(f"onbekende soort vraag '{rij['soort']}'")
        Vraag.objects.create(versie=versie, volgorde=volgorde, **rij)


def _maak_luik(oproep: Oproep, rij: Mapping[str, Any], gegevens: Mapping[str, Any]) -> None:
    luik = Luik.objects.create(
        oproep=oproep,
        slug=rij["slug"],
        naam=rij["naam"],
        max_per_jaar_cent=bedrag(rij["max_per_jaar"], f"{oproep.slug}, luik {rij['slug']}"),
        aantal_jaren=rij["jaren"],
        project_van=date.fromisoformat(rij["project_van"]),
        project_tot=date.fromisoformat(rij["project_tot"]),
        beslisser=rij["beslisser"],
        begrotingsartikel=rij["begrotingsartikel"],
    )
    for voorwaarde in gegevens["voorwaarden"]:
        Voorwaarde.objects.create(luik=luik, **voorwaarde)
    for ronde in gegevens["rondes"]:
        _maak_ronde(luik, ronde)
    momenten = {
        v["sleutel"]: Verslagmoment.objects.create(
            luik=luik, sleutel=v["sleutel"], soort=v["soort"], uiterlijk=date.fromisoformat(v["uiterlijk"])
        )
        for v in gegevens["verslagen"]
    }
    for volgorde, schijf in enumerate(gegevens["schijven"], start=1):
        Betaalschijf.objects.create(
            luik=luik,
            volgorde=volgorde,
            naam=schijf["naam"],
            procent=schijf["procent"],
            aanleiding=schijf["aanleiding"],
            verslagmoment=momenten[schijf["verslag"]] if "verslag" in schijf else None,
        )


def _maak_ronde(luik: Luik, rij: Mapping[str, Any]) -> None:
    opent, sluit = datetime.fromisoformat(rij["opent"]), datetime.fromisoformat(rij["sluit"])
    if opent.tzinfo is None or sluit.tzinfo is None:
        raise ValueError(f"ronde {rij['nr']}: een moment heeft een tijdzone nodig")
    if rij["selectie"] not in Ronde.Selectie.values:
        raise ValueError(f"onbekende selectieregel '{rij['selectie']}'")
    Ronde.objects.create(
        luik=luik,
        nummer=rij["nr"],
        opent_op=opent,
        sluit_op=sluit,
        selectie=rij["selectie"],
        minimumscore=rij["minimumscore"],
        lezers_per_dossier=rij["lezers_per_dossier"],
    )
