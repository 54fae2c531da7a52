"""Loading a call from a data file: read and checked whole, then stored whole, or refused with file and place."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

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

M = TypeVar("M", bound=models.Model)

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
    eis(isinstance(gegevens, dict), "bestand_onleesbaar", f"{pad.name}: dit bestand bevat geen oproep.")
    for veld in ("slug", "code", "titel", "samenvatting", "verstrekker", "doelgroep", *ONDERDELEN):
        eis(veld in gegevens, "veld_ontbreekt", f"{pad.name}: het veld '{veld}' ontbreekt.")
    return gegevens


def bedrag(waarde: Any, plaats: str) -> int:
    """Return the cents of a decimal string ('50000.00'). Raises Weigering(bedrag_onleesbaar) with the place."""
    try:
        if not isinstance(waarde, str):
            raise InvalidOperation  # noqa: TRY301  one sentence for all
        return naar_cent(Decimal(waarde))
    except (InvalidOperation, Weigering):
        zin = f'{plaats}: het bedrag {waarde!r} kan niet gelezen worden; schrijf het als "50000.00".'
        raise Weigering("bedrag_onleesbaar", zin) from None


@handeling("oproep.maak_op", "Oproep opmaken uit een gegevensbestand", mag=rechten.mag_opmaken)
def maak_oproep_op(wie: Gebruiker, *, gegevens: Mapping[str, Any], door: Gebruiker) -> Oproep:
    """Store a call with everything in its data file, as a draft.

    Raises Weigering: oproep_bestaat, veld_ontbreekt, waarde_ongeldig, bedrag_onleesbaar; then nothing is stored.
    """
    slug = gegevens["slug"]
    eis(not Oproep.objects.filter(slug=slug).exists(), "oproep_bestaat", f"De oproep '{slug}' bestaat al.")
    code = gegevens["code"]
    eis(not Oproep.objects.filter(code=code).exists(), "oproep_bestaat", f"{slug}: de code '{code}' is al in gebruik.")
    try:
        gewichten = _som(gegevens["criteria"], "gewicht", slug)
        zin = f"{slug}: de gewichten van de criteria tellen op tot {gewichten}, niet 100."
        eis(gewichten == 100, "waarde_ongeldig", zin)  # noqa: PLR2004
        procenten = _som(gegevens["schijven"], "procent", slug)
        zin = f"{slug}: de schijven tellen op tot {procenten} procent, niet 100."
        eis(procenten == 100, "waarde_ongeldig", zin)  # noqa: PLR2004
        oproep = _maak(gegevens, wie)
    except KeyError as fout:
        raise Weigering("veld_ontbreekt", f"{slug}: het veld {fout} ontbreekt.") from None
    except ValueError as fout:
        raise Weigering("waarde_ongeldig", f"{slug}: {fout}") from None
    except (TypeError, AttributeError):
        raise Weigering("waarde_ongeldig", f"{slug}: een lijst of veld heeft niet de verwachte vorm.") from None
    noteer(oproep, door=door, naar=oproep.status, inhoud={"slug": slug})
    return oproep


def _som(rijen: list[dict[str, Any]], veld: str, slug: str) -> int:
    for rij in rijen:
        heel = isinstance(rij[veld], int)
        eis(heel, "waarde_ongeldig", f"{slug}: {veld} {rij[veld]!r} is geen geheel getal.")
    return sum(rij[veld] for rij in rijen)


def _bewaar(model: type[M], wat: str, **velden: Any) -> M:
    """Check a row by the rules of its model and store it; ValueError with a Dutch sentence when it breaks one."""
    bekend = {veld.name for veld in model._meta.fields}
    for naam, waarde in velden.items():
        if naam not in bekend:
            raise ValueError(f"{wat}: onbekend veld '{naam}'.")
        if isinstance(waarde, float):
            raise ValueError(f"{wat}: {naam} {waarde!r} is geen geheel getal.")  # noqa: TRY004  one kind of fault
    rij = model(**velden)
    try:
        rij.clean_fields(exclude={veld.name for veld in model._meta.fields if veld.is_relation} | {"status"})
    except ValidationError as fout:
        naam, zinnen = next(iter(fout.message_dict.items()))
        raise ValueError(f"{wat}: {naam}: {zinnen[0].rstrip('.')}.") from None
    rij.save()
    return rij


def _datum(waarde: Any, wat: str) -> date:
    try:
        return date.fromisoformat(waarde)
    except (ValueError, TypeError):
        raise ValueError(f"{wat}: {waarde!r} is geen datum; schrijf ze als 2022-03-01.") from None


def _moment(waarde: Any, wat: str) -> datetime:
    try:
        moment = datetime.fromisoformat(waarde)
    except (ValueError, TypeError):
        raise ValueError(f"{wat}: {waarde!r} is geen moment; schrijf het als 2021-11-08T09:00:00+01:00.") from None
    if moment.tzinfo is None:
        raise ValueError(f"{wat}: een moment heeft een tijdzone nodig.")
    return moment


def _maak(gegevens: Mapping[str, Any], wie: Gebruiker) -> Oproep:
    oproep = _bewaar(
        Oproep,
        "oproep",
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
        _bewaar(Criterium, f"criterium {volgorde}", oproep=oproep, volgorde=volgorde, **rij)
    for rij in gegevens["luiken"]:
        _maak_luik(oproep, rij, gegevens)
    return oproep


def _maak_formulier(oproep: Oproep, vragen: list[dict[str, Any]]) -> None:
    versie = Formulierversie.objects.create(oproep=oproep, nummer=1)
    for volgorde, rij in enumerate(vragen, start=1):
        if rij["soort"] not in Vraag.Soort.values:
            raise ValueError(f"onbekende soort vraag '{rij['soort']}'.")
        _bewaar(Vraag, f"vraag {volgorde}", versie=versie, volgorde=volgorde, **rij)


def _maak_luik(oproep: Oproep, rij: Mapping[str, Any], gegevens: Mapping[str, Any]) -> None:
    wat = f"luik {rij['slug']}"
    luik = _bewaar(
        Luik,
        wat,
        oproep=oproep,
        slug=rij["slug"],
        naam=rij["naam"],
        max_per_jaar_cent=bedrag(rij["max_per_jaar"], f"{oproep.slug}, {wat}"),
        aantal_jaren=rij["jaren"],
        project_van=_datum(rij["project_van"], wat),
        project_tot=_datum(rij["project_tot"], wat),
        beslisser=rij["beslisser"],
        begrotingsartikel=rij["begrotingsartikel"],
    )
    for voorwaarde in gegevens["voorwaarden"]:
        _bewaar(Voorwaarde, "voorwaarde", luik=luik, **voorwaarde)
    for ronde in gegevens["rondes"]:
        _maak_ronde(luik, ronde)
    momenten = {
        v["sleutel"]: _bewaar(
            Verslagmoment,
            f"verslag {v['sleutel']}",
            luik=luik,
            sleutel=v["sleutel"],
            soort=v["soort"],
            uiterlijk=_datum(v["uiterlijk"], f"verslag {v['sleutel']}"),
        )
        for v in gegevens["verslagen"]
    }
    for volgorde, schijf in enumerate(gegevens["schijven"], start=1):
        wat = f"schijf {volgorde}"
        if schijf.get("verslag") not in {None, *momenten}:
            raise ValueError(f"{wat}: onbekend verslag '{schijf['verslag']}'.")
        if (schijf["aanleiding"] == Betaalschijf.Aanleiding.VERSLAG) != ("verslag" in schijf):
            raise ValueError(f"{wat}: noem een verslag wanneer, en alleen wanneer, de aanleiding een verslag is.")
        _bewaar(
            Betaalschijf,
            wat,
            luik=luik,
            volgorde=volgorde,
            naam=schijf["naam"],
            procent=schijf["procent"],
            aanleiding=schijf["aanleiding"],
            verslagmoment=momenten[schijf["verslag"]] if "verslag" in schijf else None,
        )


def _maak_ronde(luik: Luik, rij: Mapping[str, Any]) -> None:
    wat = f"ronde {rij['nr']}"
    opent, sluit = _moment(rij["opent"], wat), _moment(rij["sluit"], wat)
    if opent >= sluit:
        raise ValueError(f"{wat}: de ronde sluit niet na haar opening.")
    if rij["selectie"] not in Ronde.Selectie.values:
        raise ValueError(f"onbekende selectieregel '{rij['selectie']}'.")
    if rij["lezers_per_dossier"] < 1:
        raise ValueError(f"{wat}: minstens één jurylid leest een dossier.")
    _bewaar(
        Ronde,
        wat,
        luik=luik,
        nummer=rij["nr"],
        opent_op=opent,
        sluit_op=sluit,
        selectie=rij["selectie"],
        minimumscore=rij["minimumscore"],
        lezers_per_dossier=rij["lezers_per_dossier"],
    )
