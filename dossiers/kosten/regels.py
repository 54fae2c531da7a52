"""What one line may say: refused when it can never be right, a warning when a person must look at it.

Used by the form, by a sheet that is read in, and by the page of the handler, so that all say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format

from dossiers.kosten.dubbel import factuur_sleutel, leverancier_sleutel
from dossiers.kosten.models import Kostenregel, Kostenstaat
from kern import klok
from kern.canoniek import tekst_fout
from kern.geld import HOOGSTE_CENT
from kern.weigering import Weigering
from oproepen.models import Kostencategorie, Kostenregeling
from organisaties.nummers import lees_kbo

MAX_REGELS = 500
# The lengths of the columns.
LENGTES = {"omschrijving": 200, "leverancier": 200, "factuurnummer": 80}


@dataclass(frozen=True)
class Regelgegevens:
    """What an applicant fills in for one line; the amount in cents, the enterprise number as typed or as ten digits."""

    categorie: Kostencategorie
    omschrijving: str
    factuurdatum: date
    betaaldatum: date
    bedrag_cent: int
    leverancier: str = ""
    leverancier_kbo: str = ""
    factuurnummer: str = ""

    def als_velden(self) -> dict[str, Any]:
        """Return the columns of the line, with the keys by which it is found again."""
        return {
            "categorie": self.categorie,
            "omschrijving": self.omschrijving.strip(),
            "leverancier": self.leverancier.strip(),
            "leverancier_kbo": self.leverancier_kbo,
            "factuurnummer": self.factuurnummer.strip(),
            "factuurdatum": self.factuurdatum,
            "betaaldatum": self.betaaldatum,
            "bedrag_cent": self.bedrag_cent,
            "leverancier_sleutel": leverancier_sleutel(self.leverancier),
            "factuur_sleutel": factuur_sleutel(self.factuurnummer),
        }


@dataclass(frozen=True)
class Kader:
    """Within what a cost must fall: the rules of the track, the project, the claim, and today."""

    regeling: Kostenregeling
    van: date
    tot: date
    kosten_vanaf: date
    project_tot: date
    vandaag: date


def kader_van(staat: Kostenstaat) -> Kader:
    """Return the frame of a claim (dossier, round, track and rules read along)."""
    dossier = staat.dossier
    luik = dossier.ronde.luik
    return Kader(
        regeling=luik.kostenregeling,
        van=staat.van,
        tot=staat.tot,
        kosten_vanaf=kosten_vanaf(luik.kostenregeling, luik.project_van, dossier.ingediend_op),
        project_tot=luik.project_tot,
        vandaag=klok.vandaag(),
    )


def kosten_vanaf(regeling: Kostenregeling, project_van: date, ingediend_op: datetime | None) -> date:
    """Return the first day on which a cost counts.

    Usually that of the project. Some calls take costs from the application on, at the applicant's own risk (the rule of
    Gemeente zonder Gemeentehuis, gzg.vlaanderen.be/index.php/stappenplan).
    """
    if regeling.vanaf == Kostenregeling.Vanaf.AANVRAAG and ingediend_op is not None:
        return min(project_van, ingediend_op.astimezone(klok.BRUSSEL).date())
    return project_van


def gezuiverd(gegevens: Regelgegevens, kader: Kader) -> Regelgegevens:
    """Return a line that may be kept, with its enterprise number as ten digits.

    Raises Weigering with the field: categorie_onbekend, veld_leeg, tekst_te_lang, tekst_onbewaarbaar, kbo_ongeldig,
    bedrag_te_laag, bedrag_te_groot, datum_in_toekomst, datum_te_vroeg.
    """
    if gegevens.categorie.regeling_id != kader.regeling.pk:
        raise Weigering("categorie_onbekend", "Deze kostensoort hoort niet bij uw oproep.", "categorie")
    if not gegevens.omschrijving.strip():
        raise Weigering("veld_leeg", "Schrijf waarvoor deze kost diende.", "omschrijving")
    for veld, hoogstens in LENGTES.items():
        tekst = getattr(gegevens, veld)
        fout = tekst_fout(tekst)
        if fout is not None:
            raise Weigering("tekst_onbewaarbaar", fout, veld)
        if len(tekst.strip()) > hoogstens:
            raise Weigering("tekst_te_lang", f"Deze tekst is langer dan {hoogstens} tekens.", veld)
    if gegevens.factuurnummer.strip() and not (gegevens.leverancier.strip() or gegevens.leverancier_kbo.strip()):
        raise Weigering("veld_leeg", "Schrijf van welke leverancier deze factuur is.", "leverancier")
    _eis_bedrag(gegevens.bedrag_cent)
    _eis_datums(gegevens, kader)
    return replace(gegevens, leverancier_kbo=_kbo(gegevens.leverancier_kbo))


def _kbo(tekst: str) -> str:
    if not tekst.strip():
        return ""
    try:
        return lees_kbo(tekst.strip().upper().removeprefix("BE"))
    except Weigering as fout:
        raise Weigering(fout.code, fout.zin, "leverancier_kbo") from None


def _eis_bedrag(cent: int) -> None:
    if cent <= 0:
        raise Weigering("bedrag_te_laag", "Het bedrag moet meer dan nul zijn.", "bedrag")
    if cent > HOOGSTE_CENT:
        raise Weigering("bedrag_te_groot", "Dit bedrag is te groot.", "bedrag")


def _eis_datums(gegevens: Regelgegevens, kader: Kader) -> None:
    for veld, wat in (("factuurdatum", "De factuurdatum"), ("betaaldatum", "De datum van betaling")):
        dag = getattr(gegevens, veld)
        if dag > kader.vandaag:
            raise Weigering("datum_in_toekomst", f"{wat}, {toon(dag)}, ligt in de toekomst.", veld)
    if gegevens.factuurdatum < kader.kosten_vanaf:
        zin = f"Deze kost is van {toon(gegevens.factuurdatum)}. Kosten tellen pas vanaf {toon(kader.kosten_vanaf)}."
        raise Weigering("datum_te_vroeg", zin, "factuurdatum")


def waarschuwingen(regel: Kostenregel | Regelgegevens, kader: Kader) -> list[str]:
    """Return what a person must look at in a line that may be kept, a sentence each."""
    uit = []
    dag = regel.factuurdatum
    if dag > kader.project_tot:
        uit.append(f"Deze kost is van {toon(dag)}, na het einde van het project op {toon(kader.project_tot)}.")
    if not kader.van <= dag <= kader.tot:
        uit.append(f"Deze kost is van {toon(dag)} en valt buiten de periode van deze kostenstaat.")
    if regel.betaaldatum < dag - timedelta(days=365):
        uit.append("De datum van betaling ligt meer dan een jaar voor de factuurdatum.")
    return uit


def toon(dag: date) -> str:
    """Return a day as people read it: '3 maart 2022'."""
    return date_format(dag, "j F Y")


def waarden_van(regel: Kostenregel) -> Mapping[str, Any]:
    """Return a line as its form begins."""
    return {
        "categorie": regel.categorie_id,
        "omschrijving": regel.omschrijving,
        "leverancier": regel.leverancier,
        "leverancier_kbo": regel.leverancier_kbo,
        "factuurnummer": regel.factuurnummer,
        "factuurdatum": regel.factuurdatum,
        "betaaldatum": regel.betaaldatum,
        "bedrag": regel.bedrag_cent,
        "versie": regel.versie,
    }
