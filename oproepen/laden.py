"""Loading a call from a data file: read and checked whole, then stored whole, or refused with file and place.

A file describes a call completely (with tracks, questions, criteria, ...), or only announces it with what its sources
say (`is_aankondiging`).
"""

import functools
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from django.db import models

from kern.gegevensbestand import JsonBestand, Pad
from kern.geld import naar_cent
from kern.opslag import Maken, Opslag, Strijdig, Vergelijken
from kern.weg import handeling, noteer
from kern.weigering import Weigering, eis
from oproepen import rechten
from oproepen.deminimis import VOOR_LUIK
from oproepen.laad_kosten import eis_saldo_bij_tarief, kosten_van, maak_regeling
from oproepen.laad_schijven import eis_schema, maak_schijf
from oproepen.models import (
    AangekondigdeRonde,
    AangekondigdeSchijf,
    Aanname,
    Betaalschijf,
    Bron,
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
_BASIS = ("slug", "code", "titel", "samenvatting", "verstrekker", "doelgroep")
# Places of a call's data file that are read here; betalingen reads budget and kredieten.
ONDERDELEN = ("luiken", "voorwaarden", "rondes", "vragen", "criteria", "verslagen", "schijven")
_AANKONDIGING = (
    *("actie", "budget", "budget_basis", "budget_toelichting", "looptijd_maanden", "max_per_project", "max_basis"),
    *("selectieregel", "schijven", "voor_wie", "rondes", "aannames", "bronnen"),
)
_BEDRAG = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")


def is_aankondiging(gegevens: Mapping[str, Any]) -> bool:
    """Return whether a data file only announces its call: it says what a budget is for, and has no tracks."""
    return "luiken" not in gegevens and "budget_basis" in gegevens


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
    eis_velden(gegevens, pad.name)
    return gegevens


def eis_velden(gegevens: Any, naam: str) -> None:
    """Raise Weigering (bestand_onleesbaar, veld_ontbreekt) unless a data file holds a call with all its parts."""
    eis(isinstance(gegevens, dict), "bestand_onleesbaar", f"{naam}: dit bestand bevat geen oproep.")
    for veld in (*_BASIS, *(_AANKONDIGING if is_aankondiging(gegevens) else ONDERDELEN)):
        eis(veld in gegevens, "veld_ontbreekt", f"{naam}: het veld '{veld}' ontbreekt.")
    for veld in ("slug", "code"):
        eis(isinstance(gegevens[veld], str), "waarde_ongeldig", f"{naam}: het veld '{veld}' moet een tekst zijn.")


def bedrag(waarde: Any, plaats: str) -> int:
    """Return the cents of a decimal string ('50000.00'). Raises Weigering(bedrag_onleesbaar) with the place."""
    try:
        if not isinstance(waarde, str) or not _BEDRAG.fullmatch(waarde):
            raise InvalidOperation  # noqa: TRY301  one sentence for all
        return naar_cent(Decimal(waarde))
    except (InvalidOperation, Weigering):
        zin = f'{plaats}: het bedrag {waarde!r} kan niet gelezen worden; schrijf het als "50000.00".'
        raise Weigering("bedrag_onleesbaar", zin) from None


class Plek:
    """Where the reading of a file is, so that a refusal can name the line; without a file, its words."""

    def __init__(self, bestand: JsonBestand | None, slug: str) -> None:
        self.bestand = bestand
        self.slug = slug
        self.pad: Pad = ()

    def zet(self, *pad: str | int) -> None:
        """Say which part is read now."""
        self.pad = pad

    def tekst(self, wat: str = "") -> str:
        """Return the place: 'x.json, regel 20 (luiken[1])', or 'zorgzame-buurten, luik brussel'."""
        if self.bestand is not None:
            return self.bestand.plaats(self.pad)
        return f"{self.slug}, {wat}" if wat else self.slug


@handeling("oproep.maak_op", "Oproep opmaken uit een gegevensbestand", mag=rechten.mag_opmaken)
def maak_oproep_op(
    wie: Gebruiker, *, gegevens: Mapping[str, Any], door: Gebruiker, bestand: JsonBestand | None = None
) -> Oproep:
    """Store a call with everything in its data file, as a draft.

    bestand: the file the data came from, when refusals should name its lines.
    Raises Weigering: oproep_bestaat, veld_ontbreekt, waarde_ongeldig, bedrag_onleesbaar; then nothing is stored.
    """
    slug = gegevens["slug"]
    plek = Plek(bestand, slug)
    eis(not Oproep.objects.filter(slug=slug).exists(), "oproep_bestaat", f"De oproep '{slug}' bestaat al.")
    code = gegevens["code"]
    plek.zet("code")
    zin = f"{plek.tekst()}: de code '{code}' is al in gebruik."
    eis(not Oproep.objects.filter(code=code).exists(), "oproep_bestaat", zin)
    oproep = _verwerk(gegevens, wie, Maken(), plek)
    noteer(oproep, door=door, naar=oproep.status, inhoud={"slug": slug})
    return oproep


def vergelijk_oproep(gegevens: Mapping[str, Any], *, door: Gebruiker, bestand: JsonBestand | None = None) -> Oproep:
    """Return the call that was loaded from this data file before; nothing is stored.

    Raises Weigering: gegevens_in_strijd when the file says something else now, and what `maak_oproep_op` raises.
    """
    return _verwerk(gegevens, door, Vergelijken(), Plek(bestand, gegevens["slug"]))


def _verwerk(gegevens: Mapping[str, Any], wie: Gebruiker, opslag: Opslag, plek: Plek) -> Oproep:
    try:
        if is_aankondiging(gegevens):
            return _kondig_aan(gegevens, wie, opslag, plek)
        _eis_sommen(gegevens, plek)
        return _maak(gegevens, wie, opslag, plek)
    except KeyError as fout:
        raise Weigering("veld_ontbreekt", f"{plek.tekst()}: het veld {fout} ontbreekt.") from None
    except Strijdig as fout:
        raise Weigering("gegevens_in_strijd", f"{plek.tekst()}: {fout}") from None
    except ValueError as fout:
        raise Weigering("waarde_ongeldig", f"{plek.tekst()}: {fout}") from None
    except (TypeError, AttributeError):
        zin = f"{plek.tekst()}: een lijst of veld heeft niet de verwachte vorm."
        raise Weigering("waarde_ongeldig", zin) from None


def _eis_sommen(gegevens: Mapping[str, Any], plek: Plek) -> None:
    plek.zet("criteria")
    gewichten = _som(gegevens["criteria"], "gewicht")
    if gewichten != 100:  # noqa: PLR2004
        raise ValueError(f"de gewichten van de criteria tellen op tot {gewichten}, niet 100.")
    plek.zet("schijven")
    eis_schema(gegevens["schijven"])


def _som(rijen: list[dict[str, Any]], veld: str) -> int:
    for rij in rijen:
        if not isinstance(rij[veld], int):
            raise ValueError(f"{veld} {rij[veld]!r} is geen geheel getal.")  # noqa: TRY004  one kind of fault
    return sum(rij[veld] for rij in rijen)


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


def _moment_of_niets(waarde: Any, wat: str) -> datetime | None:
    return None if waarde is None else _moment(waarde, wat)


def _cent_of_niets(gegevens: Mapping[str, Any], veld: str, plek: Plek) -> int | None:
    plek.zet(veld)
    waarde = gegevens.get(veld)
    if waarde is None:
        return None
    cent = bedrag(waarde, plek.tekst(veld))
    if cent <= 0:
        raise ValueError(f"{veld}: een bedrag is meer dan nul; leeg (null) is nog niet bekend.")
    return cent


def _maak_oproep(gegevens: Mapping[str, Any], wie: Gebruiker, opslag: Opslag, plek: Plek, **meer: Any) -> Oproep:
    budget_cent = _cent_of_niets(gegevens, "budget", plek)
    # A complete file gives the whole budget of the call.
    basis = gegevens.get("budget_basis", Oproep.Basis.TOTAAL if budget_cent is not None else "") or ""
    if bool(basis) != (budget_cent is not None):
        raise ValueError("een budget heeft een budget_basis, en alleen dan.")
    plek.zet()
    return opslag.rij(
        Oproep,
        "oproep",
        ("slug",),
        slug=gegevens["slug"],
        code=gegevens["code"],
        titel=gegevens["titel"],
        actie_nr=gegevens.get("actie"),
        samenvatting=gegevens["samenvatting"],
        verstrekker=gegevens["verstrekker"],
        voor_wie=gegevens["doelgroep"],
        verplichte_bijlage=gegevens.get("verplichte_bijlage", ""),
        tweede_goedkeuring_vanaf_cent=_cent_of_niets(gegevens, "tweede_goedkeuring_vanaf", plek),
        aangekondigd_budget_cent=budget_cent,
        budget_basis=basis,
        budget_toelichting=gegevens.get("budget_toelichting", ""),
        **meer,
        **({"opgesteld_door": wie} if isinstance(opslag, Maken) else {}),
    )


def _maak_herkomst(oproep: Oproep, gegevens: Mapping[str, Any], opslag: Opslag, plek: Plek) -> None:
    """Store what the sources leave open, and the sources."""
    for volgorde, rij in enumerate(gegevens.get("aannames", []), start=1):
        plek.zet("aannames", volgorde - 1)
        velden = {**rij, "waarde": "" if rij["waarde"] is None else rij["waarde"]}
        opslag.rij(Aanname, f"aanname {volgorde}", ("oproep", "volgorde"), oproep=oproep, volgorde=volgorde, **velden)
    for volgorde, rij in enumerate(gegevens.get("bronnen", []), start=1):
        plek.zet("bronnen", volgorde - 1)
        opslag.rij(Bron, f"bron {volgorde}", ("oproep", "volgorde"), oproep=oproep, volgorde=volgorde, **rij)
    for model, lijst in ((Aanname, "aannames"), (Bron, "bronnen")):
        plek.zet(lijst)
        opslag.volledig(model, lijst, len(gegevens.get(lijst, [])), oproep=oproep)


def _kondig_aan(gegevens: Mapping[str, Any], wie: Gebruiker, opslag: Opslag, plek: Plek) -> Oproep:
    maximum_cent = _cent_of_niets(gegevens, "max_per_project", plek)
    if bool(gegevens["max_basis"]) != (maximum_cent is not None):
        raise ValueError("een max_per_project heeft een max_basis, en alleen dan.")
    plek.zet("voor_wie")
    soorten = gegevens["voor_wie"]
    if not soorten or not all(isinstance(soort, str) for soort in soorten):
        raise ValueError("voor_wie moet een lijst van codes zijn.")
    oproep = _maak_oproep(
        gegevens,
        wie,
        opslag,
        plek,
        aangekondigd_maximum_cent=maximum_cent,
        maximum_basis=gegevens["max_basis"] or "",
        looptijd_maanden=gegevens["looptijd_maanden"],
        aangekondigde_selectie=gegevens["selectieregel"] or "",
        aangekondigde_aanvragers=list(soorten),
    )
    for plaats, rij in enumerate(gegevens["rondes"]):
        plek.zet("rondes", plaats)
        wat = f"ronde {rij['nr']}"
        opent, sluit = _moment_of_niets(rij["opent"], wat), _moment_of_niets(rij["sluit"], wat)
        if opent and sluit and opent >= sluit:
            raise ValueError(f"{wat}: de ronde sluit niet na haar opening.")
        velden = {"oproep": oproep, "nummer": rij["nr"], "opent_op": opent, "sluit_op": sluit}
        opslag.rij(AangekondigdeRonde, wat, ("oproep", "nummer"), **velden)
    for plaats, rij in enumerate(gegevens["schijven"]):
        plek.zet("schijven", plaats)
        wat, tekst = f"schijf {rij['nr']}", rij["percentage"]
        if not isinstance(tekst, str) or not re.fullmatch(r"[1-9][0-9]{0,2}", tekst):
            raise ValueError(f"{wat}: percentage {tekst!r} is geen geheel getal.")
        velden = {"oproep": oproep, "nummer": rij["nr"], "procent": int(tekst), "wanneer": rij["wanneer"]}
        opslag.rij(AangekondigdeSchijf, wat, ("oproep", "nummer"), **velden)
    plek.zet("schijven")
    procenten = sum(int(rij["percentage"]) for rij in gegevens["schijven"])
    if procenten not in {0, 100}:
        raise ValueError(f"de schijven tellen op tot {procenten} procent, niet 100.")
    opslag.volledig(AangekondigdeSchijf, "schijven", len(gegevens["schijven"]), oproep=oproep)
    plek.zet("rondes")
    opslag.volledig(AangekondigdeRonde, "rondes", len(gegevens["rondes"]), oproep=oproep)
    _maak_herkomst(oproep, gegevens, opslag, plek)
    return oproep


def _maak(gegevens: Mapping[str, Any], wie: Gebruiker, opslag: Opslag, plek: Plek) -> Oproep:
    oproep = _maak_oproep(gegevens, wie, opslag, plek)
    _maak_formulier(oproep, gegevens["vragen"], opslag, plek)
    for volgorde, rij in enumerate(gegevens["criteria"], start=1):
        plek.zet("criteria", volgorde - 1)
        velden = {**rij, "oproep": oproep, "volgorde": volgorde}
        opslag.rij(Criterium, f"criterium {volgorde}", ("oproep", "sleutel"), **velden)
    plek.zet("criteria")
    opslag.volledig(Criterium, "criteria", len(gegevens["criteria"]), oproep=oproep)
    for plaats in range(len(gegevens["luiken"])):
        _maak_luik(oproep, gegevens, plaats, opslag, plek)
    plek.zet("luiken")
    opslag.volledig(Luik, "luiken", len(gegevens["luiken"]), oproep=oproep)
    _maak_herkomst(oproep, gegevens, opslag, plek)
    return oproep


def _maak_formulier(oproep: Oproep, vragen: list[dict[str, Any]], opslag: Opslag, plek: Plek) -> None:
    plek.zet("vragen")
    versie = opslag.rij(Formulierversie, "formulier", ("oproep", "nummer"), oproep=oproep, nummer=1)
    for volgorde, rij in enumerate(vragen, start=1):
        plek.zet("vragen", volgorde - 1)
        if rij["soort"] not in Vraag.Soort.values:
            raise ValueError(f"onbekende soort vraag '{rij['soort']}'.")
        velden = {**rij, "versie": versie, "volgorde": volgorde}
        opslag.rij(Vraag, f"vraag {volgorde}", ("versie", "sleutel"), **velden)
    plek.zet("vragen")
    opslag.volledig(Vraag, "vragen", len(vragen), versie=versie)


def _maak_luik(oproep: Oproep, gegevens: Mapping[str, Any], plaats: int, opslag: Opslag, plek: Plek) -> None:
    plek.zet("luiken", plaats)
    rij = gegevens["luiken"][plaats]
    wat = f"luik {rij['slug']}"
    plek.zet("luiken", plaats, "max_per_jaar")
    max_cent = bedrag(rij["max_per_jaar"], plek.tekst(wat))
    plek.zet("luiken", plaats, "uitbetaling_max_per_jaar")
    grens = rij.get("uitbetaling_max_per_jaar")
    grens_cent = None if grens is None else bedrag(grens, plek.tekst(wat))
    plek.zet("luiken", plaats)
    if rij.get("deminimis", "") not in {"", *VOOR_LUIK}:
        raise ValueError(f"{wat}: onbekende de-minimisverordening '{rij['deminimis']}'.")
    luik = opslag.rij(
        Luik,
        wat,
        ("oproep", "slug"),
        oproep=oproep,
        slug=rij["slug"],
        naam=rij["naam"],
        max_per_jaar_cent=max_cent,
        aantal_jaren=rij["jaren"],
        project_van=_datum(rij["project_van"], wat),
        project_tot=_datum(rij["project_tot"], wat),
        beslisser=rij["beslisser"],
        begrotingsartikel=rij["begrotingsartikel"],
        uitbetaling_max_per_jaar_cent=grens_cent,
        deminimis=rij.get("deminimis", ""),
    )
    for nummer, voorwaarde in enumerate(gegevens["voorwaarden"]):
        plek.zet("voorwaarden", nummer)
        opslag.rij(Voorwaarde, "voorwaarde", ("luik", "soort", "zin"), luik=luik, **voorwaarde)
    for nummer, ronde in enumerate(gegevens["rondes"]):
        plek.zet("rondes", nummer)
        _maak_ronde(luik, ronde, opslag)
    _maak_schijven(luik, gegevens["schijven"], _maak_verslagmomenten(luik, gegevens, opslag, plek), opslag, plek)
    for model, lijst in ((Voorwaarde, "voorwaarden"), (Ronde, "rondes"), (Betaalschijf, "schijven")):
        plek.zet(lijst)
        opslag.volledig(model, lijst, len(gegevens[lijst]), luik=luik)
    _maak_kosten(luik, gegevens, plaats, opslag, plek)


def _maak_kosten(luik: Luik, gegevens: Mapping[str, Any], plaats: int, opslag: Opslag, plek: Plek) -> None:
    kosten, pad = kosten_van(gegevens, plaats)
    plek.zet(*pad)
    altijd = kosten["steekproef"].get("altijd_vanaf") if kosten is not None else None
    maak_regeling(luik, kosten, opslag, None if altijd is None else bedrag(altijd, plek.tekst("kosten")))
    eis_saldo_bij_tarief(kosten, gegevens["schijven"])


def _maak_verslagmomenten(
    luik: Luik, gegevens: Mapping[str, Any], opslag: Opslag, plek: Plek
) -> dict[str, Verslagmoment]:
    momenten: dict[str, Verslagmoment] = {}
    for nummer, rij in enumerate(gegevens["verslagen"]):
        plek.zet("verslagen", nummer)
        sleutel = rij["sleutel"]
        wat = f"verslag {sleutel}"
        uiterlijk = _datum(rij["uiterlijk"], wat)
        momenten[sleutel] = opslag.rij(
            Verslagmoment, wat, ("luik", "sleutel"), luik=luik, sleutel=sleutel, soort=rij["soort"], uiterlijk=uiterlijk
        )
    plek.zet("verslagen")
    opslag.volledig(Verslagmoment, "verslagen", len(gegevens["verslagen"]), luik=luik)
    return momenten


def _maak_schijven(
    luik: Luik, schijven: list[dict[str, Any]], momenten: dict[str, Verslagmoment], opslag: Opslag, plek: Plek
) -> None:
    for volgorde, schijf in enumerate(schijven, start=1):
        plek.zet("schijven", volgorde - 1)
        naar_cent = functools.partial(bedrag, plaats=plek.tekst(f"schijf {volgorde}"))
        maak_schijf(luik, schijf, volgorde, momenten, opslag=opslag, lees=(naar_cent, _datum))


def _maak_ronde(luik: Luik, rij: Mapping[str, Any], opslag: Opslag) -> None:
    wat = f"ronde {rij['nr']}"
    opent, sluit = _moment(rij["opent"], wat), _moment(rij["sluit"], wat)
    if opent >= sluit:
        raise ValueError(f"{wat}: de ronde sluit niet na haar opening.")
    if rij["selectie"] not in Ronde.Selectie.values:
        raise ValueError(f"onbekende selectieregel '{rij['selectie']}'.")
    if rij["lezers_per_dossier"] < 1:
        raise ValueError(f"{wat}: minstens één jurylid leest een dossier.")
    if rij.get("reservelijst", False) not in {True, False}:
        raise ValueError(f"{wat}: een reservelijst is er (true) of is er niet (false).")
    opslag.rij(
        Ronde,
        wat,
        ("luik", "nummer"),
        luik=luik,
        nummer=rij["nr"],
        opent_op=opent,
        sluit_op=sluit,
        selectie=rij["selectie"],
        minimumscore=rij["minimumscore"],
        lezers_per_dossier=rij["lezers_per_dossier"],
        reservelijst=rij.get("reservelijst", False),
    )
