"""The mail of a decision; the letter itself (beoordeling/stukken.py) goes along with it.

Motivated (wet van 29 juli 1991, art. 2 and 3), with the appeal clause (dossiers/beroep.py).
"""

from beoordeling.models import Besluit, Besluitregel
from dossiers.beroep import BEROEP
from kern.geld import euro_tekst
from kern.templatetags.loket import dag

_KERN = {
    Besluitregel.Uitkomst.TOEKENNING: "krijgt een subsidie van {bedrag}",
    Besluitregel.Uitkomst.RESERVE: "staat op plaats {plaats} van de reservelijst",
    Besluitregel.Uitkomst.WEIGERING_KWALITEIT: "krijgt geen subsidie, omdat het de minimumscore niet haalt",
    Besluitregel.Uitkomst.WEIGERING_KREDIET: "krijgt geen subsidie, omdat het budget opgebruikt is",
    Besluitregel.Uitkomst.WEIGERING_BEDRAG: "krijgt geen subsidie",
}
_KERN_UIT_RESERVE = {
    Besluitregel.Uitkomst.TOEKENNING: "stond op de reservelijst en krijgt nu een subsidie van {bedrag}",
    Besluitregel.Uitkomst.WEIGERING_KREDIET: (
        "stond op de reservelijst en krijgt geen subsidie, omdat er niet genoeg budget vrijkwam"
    ),
    Besluitregel.Uitkomst.WEIGERING_BEDRAG: "stond op de reservelijst en krijgt geen subsidie",
}


def brief_aan_aanvrager(regel: Besluitregel, besluit: Besluit) -> tuple[str, str]:
    """Return subject and text of the letter to one applicant."""
    dossier = regel.dossier
    kernen = _KERN if besluit.is_eerste else _KERN_UIT_RESERVE
    kern = kernen[Besluitregel.Uitkomst(regel.uitkomst)].format(
        bedrag=euro_tekst(regel.bedrag_cent), plaats=regel.reserveplaats
    )
    gevraagd = dossier.gevraagd_cent or 0
    minder = f" U vroeg {euro_tekst(gevraagd)}; bij de motivering leest u waarom het minder is."
    minder = minder if 0 < regel.bedrag_cent < gevraagd else ""
    tekst = (
        f"Uw project '{dossier.titel}' (dossier {dossier.nummer}) in de oproep {dossier.ronde.luik.oproep.titel} "
        f"{kern}.{minder}\n\nDat besliste {besluit.beslisser} op {dag(besluit.datum)} (besluit {besluit.nummer}).\n\n"
        f"Motivering\n{regel.motivering}\n\nBeroep\n{BEROEP}\n\n"
        "De brief met deze beslissing zit bij deze mail."
    )
    return f"Beslissing over uw dossier {dossier.nummer}", tekst
