"""What is still missing before a dossier can be handed in: one list for the page and for the act."""

from collections.abc import Iterator
from dataclasses import dataclass

from dossiers.deminimis.opmaak import wat_ontbreekt
from dossiers.models import Begrotingsregel, Dossier
from kern.geld import euro_tekst
from kern.weigering import Weigering
from oproepen.models import Vraag
from organisaties import nummers


@dataclass(frozen=True)
class Gebrek:
    """One thing that is missing or wrong: stable code, the sentence, and on which page and field it is mended."""

    code: str
    zin: str
    pagina: str
    veld: str


def gebreken(dossier: Dossier) -> list[Gebrek]:
    """Return everything that keeps a draft from being handed in, in the order of the pages."""
    return [*_toegang(dossier), *_vragen(dossier), *_begroting(dossier), *_bijlagen(dossier), *_deminimis(dossier)]


def antwoord_fout(vraag: Vraag, waarde: str) -> str | None:
    """Return why an answer is not complete or not allowed, or None. Words are runs without white space."""
    tekst = waarde.strip()
    if not tekst:
        return f"Beantwoord de vraag '{vraag.label}'." if vraag.verplicht else None
    if vraag.max_woorden and len(tekst.split()) > vraag.max_woorden:
        return (
            f"Het antwoord op '{vraag.label}' telt {len(tekst.split())} woorden; "
            f"er mogen er hoogstens {vraag.max_woorden} zijn."
        )
    if vraag.soort == Vraag.Soort.KEUZE and tekst not in vraag.keuzes:
        return f"Kies een antwoord uit de lijst bij '{vraag.label}'."
    if vraag.soort == Vraag.Soort.GETAL and not (tekst.isascii() and tekst.isdigit() and len(tekst) < 10):  # noqa: PLR2004
        return f"Geef een geheel getal bij '{vraag.label}'."
    return None


def toegangsredenen(dossier: Dossier) -> list[str]:
    """Return why the organisation may not apply in this track, one sentence per rule not met."""
    regels = dossier.ronde.luik.voorwaarden.all()
    return [zin for regel in regels if (zin := regel.reden(dossier.organisatie)) is not None]


def _toegang(dossier: Dossier) -> Iterator[Gebrek]:
    for zin in toegangsredenen(dossier):
        yield Gebrek("niet_toegelaten", zin, "indienen", "organisatie")


def _vragen(dossier: Dossier) -> Iterator[Gebrek]:
    antwoorden = {antwoord.sleutel: antwoord.waarde for antwoord in dossier.antwoorden.all()}
    for vraag in dossier.formulierversie.vragen.all():
        zin = antwoord_fout(vraag, antwoorden.get(vraag.sleutel, ""))
        if zin:
            yield Gebrek("antwoord_ontbreekt", zin, "vragen", vraag.sleutel)


def _begroting(dossier: Dossier) -> Iterator[Gebrek]:
    if not dossier.titel.strip():
        yield Gebrek("titel_ontbreekt", "Geef uw project een titel.", "begroting", "titel")
    try:
        nummers.lees_iban(dossier.iban)
    except Weigering as fout:
        yield Gebrek(fout.code, fout.zin, "begroting", "iban")
    gevraagd = dossier.gevraagd_cent
    if not gevraagd:
        yield Gebrek("gevraagd_ontbreekt", "Vul in welk bedrag u vraagt.", "begroting", "gevraagd")
        return
    maximum = dossier.ronde.luik.maximum_cent
    if gevraagd > maximum:
        zin = f"U kunt hoogstens {euro_tekst(maximum)} vragen; u vraagt {euro_tekst(gevraagd)}."
        yield Gebrek("boven_maximum", zin, "begroting", "gevraagd")
    regels = list(dossier.begrotingsregels.all())
    kosten = sum(regel.bedrag_cent for regel in regels if regel.soort == Begrotingsregel.Soort.KOST)
    inbreng = sum(regel.bedrag_cent for regel in regels if regel.soort == Begrotingsregel.Soort.INBRENG)
    if kosten != inbreng + gevraagd:
        zin = (
            f"De begroting klopt niet: de kosten zijn {euro_tekst(kosten)}, de gevraagde subsidie en de inbreng "
            f"samen {euro_tekst(inbreng + gevraagd)}. Die twee moeten gelijk zijn."
        )
        yield Gebrek("begroting_klopt_niet", zin, "begroting", "regels")


def _bijlagen(dossier: Dossier) -> Iterator[Gebrek]:
    stuk = dossier.ronde.luik.oproep.verplichte_bijlage
    if stuk and not dossier.bijlagen.exists():
        yield Gebrek("bijlage_ontbreekt", f"Voeg als bijlage toe: {stuk}.", "bijlagen", "bestanden")


def _deminimis(dossier: Dossier) -> Iterator[Gebrek]:
    for code, zin, veld in wat_ontbreekt(dossier):
        yield Gebrek(code, zin, "deminimis", veld)
