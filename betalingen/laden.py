"""Loading the calls of a folder with their budgets and credits: all files, or none.

It stands here and not in oproepen because the same file also says what may be spent.
"""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from betalingen import grootboek, services
from betalingen.models import Begrotingsartikel, Krediet
from kern.gegevensbestand import JsonBestand, Knoop, lees_json
from kern.geld import euro_tekst
from kern.weigering import eis
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Actie, Oproep
from organisaties.models import Gebruiker


@dataclass(frozen=True)
class Uitkomst:
    """A call of a data file, and whether it was stored now or was there already."""

    oproep: Oproep
    nieuw: bool


def laad_oproepen(map_: Path = laden.GEGEVENS, *, door: Gebruiker) -> list[Uitkomst]:
    """Load every data file of a folder that is not loaded yet; door: an administrator or the system.

    A complete call is stored as a draft with its budget and credits, an announcement is announced; only a total
    budget becomes a limit. What was loaded before must be the same, except budgets: those change by acts.
    Raises Weigering with file and line, and then nothing is stored: bestand_ontbreekt, bestand_onleesbaar,
    veld_ontbreekt, waarde_ongeldig, bedrag_onleesbaar, oproep_bestaat, gegevens_in_strijd.
    """
    eis(map_.is_dir(), "bestand_ontbreekt", f"{map_.name}: deze map bestaat niet.")
    bestanden = [lees_json(pad) for pad in sorted(map_.glob("*.json"))]
    eis(bestanden, "bestand_ontbreekt", f"{map_.name}: er staan geen oproepen in deze map.")
    with transaction.atomic():
        return [laad_oproep(bestand, door=door) for bestand in bestanden]


def laad_oproep(bestand: JsonBestand, *, door: Gebruiker) -> Uitkomst:
    """Load one data file; see `laad_oproepen`."""
    gegevens = bestand.waarde
    laden.eis_velden(gegevens, bestand.naam)
    _eis_actie(bestand.wortel)
    if Oproep.objects.filter(slug=gegevens["slug"]).exists():
        return Uitkomst(laden.vergelijk_oproep(gegevens, door=door, bestand=bestand), nieuw=False)
    with transaction.atomic():
        oproep: Oproep = laden.maak_oproep_op(door, gegevens=gegevens, door=door, bestand=bestand)
        if laden.is_aankondiging(gegevens):
            oproep = oproepen.kondig_aan(oproep, door=door)
        _zet_budget(oproep, bestand.wortel, door=door)
        if "kredieten" in gegevens:
            for knoop in bestand.wortel.lijst("kredieten"):
                _zet_krediet(knoop, door=door)
    return Uitkomst(oproep, nieuw=True)


def _eis_actie(wortel: Knoop) -> None:
    """Raise Weigering when a loaded plan names another call for this action."""
    nr = wortel.waarde.get("actie")
    acties = Actie.objects.filter(nr=nr) if isinstance(nr, int) else Actie.objects.none()
    slugs = set(acties.values_list("oproep_slug", flat=True))
    if slugs and wortel.waarde["slug"] not in slugs:
        noemt = ", ".join(sorted(slugs - {""})) or "geen oproep"
        raise wortel.fout("gegevens_in_strijd", f"actie {nr} van het geladen plan noemt {noemt}.", "actie")


def _zet_budget(oproep: Oproep, wortel: Knoop, *, door: Gebruiker) -> None:
    totaal = oproep.aangekondigd_budget_cent if oproep.budget_basis == Oproep.Basis.TOTAAL else None
    per_luik: dict[str, int | None] = {}
    for knoop in wortel.lijst("luiken") if "luiken" in wortel.waarde else []:
        if "budget" in knoop.waarde:
            per_luik[knoop.tekst("slug")] = knoop.cent_of_niets("budget")
    som = sum(cent or 0 for cent in per_luik.values())
    if som > (totaal or 0):
        zin = f"de luiken hebben samen {euro_tekst(som)}, meer dan het budget van {euro_tekst(totaal or 0)}."
        raise wortel.fout("waarde_ongeldig", zin, "luiken")
    if totaal is not None or per_luik:
        services.stel_budget_in(oproep, budget_cent=totaal, per_luik=per_luik, door=door)


def _zet_krediet(knoop: Knoop, *, door: Gebruiker) -> None:
    knoop.alleen({"artikel", "naam", "jaar", "vastleggingskrediet", "betaalkrediet"})
    code, naam, jaar = knoop.tekst("artikel"), knoop.tekst("naam"), knoop.heel("jaar")
    if not 1990 <= jaar <= 2100:  # noqa: PLR2004  what a year can be
        raise knoop.fout("waarde_ongeldig", f"{jaar} is geen jaar.", "jaar")
    vak, vek = (knoop.cent_of_niets(veld) or 0 for veld in ("vastleggingskrediet", "betaalkrediet"))
    bekend = Begrotingsartikel.objects.filter(code=code).first()
    if bekend is not None and bekend.naam != naam:
        raise knoop.fout("gegevens_in_strijd", f"artikel {code} is eerder geladen als '{bekend.naam}'.", "naam")
    krediet, _ = Krediet.objects.get_or_create(artikel=grootboek.artikel(code, naam), jaar=jaar)
    stand = grootboek.stand_van(krediet)
    if stand.limiet_cent is None and stand.betaalkrediet_cent is None:
        services.stel_krediet_in(krediet, vastleggingskrediet_cent=vak, betaalkrediet_cent=vek, door=door)
    elif (stand.limiet_cent, stand.betaalkrediet_cent) != (vak, vek):
        raise knoop.fout("gegevens_in_strijd", f"het krediet van {code} in {jaar} is eerder anders ingesteld.")
