"""The letters of a decision: motivated, with the appeal clause that the law asks for.

Motivation: wet van 29 juli 1991, art. 2 and 3. Appeal clause: gecoordineerde wetten op de Raad van State,
art. 19, second paragraph: rule and forms, not an end date.
"""

from beoordeling.models import Besluit, Besluitregel
from kern.geld import euro_tekst
from kern.templatetags.loket import dag

BEROEP = (
    "Tegen dit besluit kunt u een beroep tot nietigverklaring instellen bij de afdeling Bestuursrechtspraak van de "
    "Raad van State, binnen zestig dagen nadat u deze kennisgeving ontving. De dag van ontvangst telt niet mee. U doet "
    "dat met een ondertekend verzoekschrift, aangetekend verstuurd naar de griffie van de Raad van State "
    "(Wetenschapsstraat 33, 1040 Brussel) of elektronisch ingediend via de website van de Raad van State."
)

_KERN = {
    Besluitregel.Uitkomst.TOEKENNING: "krijgt een subsidie van {bedrag}",
    Besluitregel.Uitkomst.WEIGERING_KWALITEIT: "krijgt geen subsidie, omdat het de minimumscore niet haalt",
    Besluitregel.Uitkomst.WEIGERING_KREDIET: "krijgt geen subsidie, omdat het budget opgebruikt is",
}


def brief_aan_aanvrager(regel: Besluitregel, besluit: Besluit) -> tuple[str, str]:
    """Return subject and text of the letter to one applicant."""
    dossier = regel.dossier
    kern = _KERN[Besluitregel.Uitkomst(regel.uitkomst)].format(bedrag=euro_tekst(regel.bedrag_cent))
    tekst = (
        f"Aan {dossier.organisatie.naam}\n\n"
        f"Uw project '{dossier.titel}' (dossier {dossier.nummer}) in de oproep {dossier.ronde.luik.oproep.titel} {kern}.\n\n"
        f"Dat besliste {besluit.beslisser} op {dag(besluit.datum)} (besluit {besluit.nummer}).\n\n"
        f"Motivering\n{regel.motivering}\n\nBeroep\n{BEROEP}"
    )
    return f"Beslissing over uw dossier {dossier.nummer}", tekst
