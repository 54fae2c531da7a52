"""Loading a policy plan from a data file: read and checked whole, then stored whole, or refused with file and line."""

from pathlib import Path
from typing import Any, TypeVar

from django.db import models

from kern.gegevensbestand import JsonBestand, Knoop, lees_json
from kern.opslag import Maken, Opslag, Strijdig, Vergelijken
from kern.weg import handeling, noteer
from oproepen import rechten
from oproepen.models import Actie, Actiebudget, Oproep, Plan, Planbron, Speerpunt
from organisaties.models import Gebruiker

M = TypeVar("M", bound=models.Model)

BESTAND = Path(__file__).parent / "gegevens" / "eenzaamheidsplan.json"
# Fields of the models that have another name in the file.
_IN_BESTAND = {"bedrag_cent": "bedrag", "oproep_slug": "oproep"}


def laad_plan(pad: Path, *, door: Gebruiker) -> tuple[Plan, bool]:
    """Load the plan of a data file; return it, and whether it is new.

    A plan that was loaded before must be the same to the letter, and then nothing changes. Raises Weigering, each
    with file and line: bestand_ontbreekt, bestand_onleesbaar, veld_ontbreekt, waarde_ongeldig, bedrag_onleesbaar,
    gegevens_in_strijd.
    """
    bestand = lees_json(pad)
    slug = bestand.wortel.knoop("plan").tekst("slug")
    if Plan.objects.filter(slug=slug).exists():
        return _verwerk(bestand, Vergelijken()), False
    plan: Plan = maak_plan(door, bestand=bestand, door=door)
    return plan, True


@handeling("plan.laad", "Plan met zijn acties laden", mag=rechten.mag_opmaken)
def maak_plan(_wie: Gebruiker, *, bestand: JsonBestand, door: Gebruiker) -> Plan:
    """Store the plan of a data file. Raises as `laad_plan` does; then nothing is stored."""
    plan = _verwerk(bestand, Maken())
    noteer(plan, door=door, inhoud={"slug": plan.slug, "bestand": bestand.naam, "sha256": bestand.sha256})
    return plan


def _verwerk(bestand: JsonBestand, opslag: Opslag) -> Plan:
    wortel = bestand.wortel
    wortel.alleen({"plan", "speerpunten", "acties"})
    plan = _plan(wortel.knoop("plan"), opslag)
    speerpunten: dict[int, Speerpunt] = {}
    for knoop in wortel.lijst("speerpunten"):
        speerpunt = _speerpunt(plan, knoop, opslag, gezien=set(speerpunten))
        speerpunten[speerpunt.nr] = speerpunt
    _volledig(opslag, wortel, "speerpunten", Speerpunt, plan=plan)
    nummers: set[int] = set()
    for knoop in wortel.lijst("acties"):
        actie = _actie(plan, speerpunten, knoop, opslag, gezien=nummers)
        nummers.add(actie.nr)
    _volledig(opslag, wortel, "acties", Actie, plan=plan)
    return plan


def _plan(knoop: Knoop, opslag: Opslag) -> Plan:
    knoop.alleen({"slug", "titel", "van", "tot", "bron", "bron_status"})
    van, tot = knoop.datum("van"), knoop.datum("tot")
    if tot < van:
        raise knoop.fout("waarde_ongeldig", "het plan eindigt voor zijn begin.", "tot")
    waarden = {"slug": knoop.tekst("slug"), "titel": knoop.tekst("titel"), "van": van, "tot": tot}
    plan = _rij(opslag, knoop, Plan, ("slug",), **waarden)
    for soort in Planbron.Soort.values:
        bron = knoop.knoop(soort)
        bron.alleen({"titel", "uitgever", "gelezen", "sha256"})
        teksten = {veld: bron.tekst(veld) for veld in ("titel", "uitgever", "gelezen", "sha256")}
        _rij(opslag, bron, Planbron, ("plan", "soort"), plan=plan, soort=soort, **teksten)
    return plan


def _speerpunt(plan: Plan, knoop: Knoop, opslag: Opslag, *, gezien: set[int]) -> Speerpunt:
    knoop.alleen({"nr", "titel"})
    nr = _nieuw_nummer(knoop, "speerpunt", gezien)
    return _rij(opslag, knoop, Speerpunt, ("plan", "nr"), plan=plan, nr=nr, titel=knoop.tekst("titel"))


_ACTIEVELDEN = {
    *("nr", "speerpunt", "titel", "ministers", "ministers_tekst", "administraties", "administraties_tekst"),
    *("timing", "van", "tot", "timing_nauwkeurigheid", "timing_opmerking", "status", "oproep"),
    *("budgetten", "geen_bedrag_omdat"),
}


def _actie(plan: Plan, speerpunten: dict[int, Speerpunt], knoop: Knoop, opslag: Opslag, *, gezien: set[int]) -> Actie:
    knoop.alleen(_ACTIEVELDEN)
    nr = _nieuw_nummer(knoop, "actie", gezien)
    speerpunt = speerpunten.get(knoop.heel("speerpunt"))
    if speerpunt is None:
        raise knoop.fout("waarde_ongeldig", f"er is geen speerpunt {knoop.heel('speerpunt')}.", "speerpunt")
    van, tot = knoop.datum_of_niets("van"), knoop.datum_of_niets("tot")
    if van and tot and tot < van:
        raise knoop.fout("waarde_ongeldig", "de actie eindigt voor haar begin.", "tot")
    precies = knoop.tekst_of_leeg("timing_nauwkeurigheid")
    actie = _rij(
        opslag,
        knoop,
        Actie,
        ("plan", "nr"),
        plan=plan,
        nr=nr,
        speerpunt=speerpunt,
        titel=knoop.tekst("titel"),
        ministers=knoop.teksten("ministers"),
        ministers_tekst=knoop.tekst("ministers_tekst"),
        administraties=knoop.teksten("administraties"),
        administraties_tekst=knoop.tekst("administraties_tekst"),
        timing=knoop.tekst("timing"),
        van=van,
        tot=tot,
        timing_nauwkeurigheid=precies and knoop.keuze("timing_nauwkeurigheid", Actie.Nauwkeurigheid.values),
        timing_opmerking=knoop.tekst_of_leeg("timing_opmerking"),
        status=knoop.keuze("status", Actie.Status.values),
        oproep_slug=_oproep(knoop, nr),
        geen_bedrag_omdat=knoop.tekst_of_leeg("geen_bedrag_omdat"),
    )
    for volgorde, regel in enumerate(knoop.lijst("budgetten"), start=1):
        _budget(actie, volgorde, regel, opslag)
    _volledig(opslag, knoop, "budgetten", Actiebudget, actie=actie)
    return actie


def _oproep(knoop: Knoop, nr: int) -> str:
    slug = knoop.tekst_of_leeg("oproep")
    geladen = Oproep.objects.filter(slug=slug).first() if slug else None
    if geladen is not None and geladen.actie_nr != nr:
        zin = f"de oproep '{slug}' is geladen bij actie {geladen.actie_nr}, niet bij actie {nr}."
        raise knoop.fout("gegevens_in_strijd", zin, "oproep")
    return slug


def _budget(actie: Actie, volgorde: int, knoop: Knoop, opslag: Opslag) -> None:
    knoop.alleen({"soort", "bedrag", "jaar", "omschrijving", "telt_mee", "opmerking", "bronfragment"})
    cent = knoop.cent_of_niets("bedrag")
    if cent == 0:
        raise knoop.fout("waarde_ongeldig", "een bedrag is meer dan nul; leeg (null) is nog te bepalen.", "bedrag")
    _rij(
        opslag,
        knoop,
        Actiebudget,
        ("actie", "volgorde"),
        actie=actie,
        volgorde=volgorde,
        soort=knoop.keuze("soort", Actiebudget.Soort.values),
        bedrag_cent=cent,
        jaar=knoop.heel_of_niets("jaar"),
        omschrijving=knoop.tekst("omschrijving"),
        telt_mee=knoop.ja_nee("telt_mee"),
        opmerking=knoop.tekst_of_leeg("opmerking"),
        bronfragment=knoop.tekst("bronfragment"),
    )


def _nieuw_nummer(knoop: Knoop, wat: str, gezien: set[int]) -> int:
    nr = knoop.heel("nr")
    if nr in gezien:
        raise knoop.fout("waarde_ongeldig", f"{wat} {nr} staat hier voor de tweede keer.", "nr")
    return nr


def _rij(opslag: Opslag, knoop: Knoop, model: type[M], sleutel: tuple[str, ...], **velden: Any) -> M:
    try:
        return opslag.rij(model, "", sleutel, **velden)
    except Strijdig as fout:
        veld = None if fout.veld is None else _IN_BESTAND.get(fout.veld, fout.veld)
        raise knoop.fout("gegevens_in_strijd", str(fout), veld) from None
    except ValueError as fout:
        raise knoop.fout("waarde_ongeldig", str(fout)) from None


def _volledig(opslag: Opslag, knoop: Knoop, lijst: str, model: type[models.Model], **waar: Any) -> None:
    try:
        opslag.volledig(model, lijst, len(knoop.lijst(lijst)), **waar)
    except Strijdig as fout:
        raise knoop.fout("gegevens_in_strijd", str(fout), lijst) from None
