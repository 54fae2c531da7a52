"""The moves that both played calls share: file an application, judge it, advise on it."""

from datetime import datetime
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from beoordeling import services as beoordeling
from beoordeling.models import Scoreblad
from dossiers import opmaak
from dossiers import services as dossiers
from dossiers.models import Dossier
from kern import klok, uploads
from kern.models import Bestand
from oproepen.models import Ronde
from organisaties.models import Gebruiker, Organisatie
from portaal.demo import verzinsels

# The account number of the Belgian examples; every demo applicant has it, so that nobody takes it for a real one.
IBAN = "BE68539007547034"
STUK = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(naam: str) -> SimpleUploadedFile:
    """Return an empty example document as a form would give it."""
    return SimpleUploadedFile(naam, STUK)


def stuk(naam: str, door: Gebruiker) -> Bestand:
    """Store an empty example document."""
    return uploads.bewaar(upload(naam), door=door)


def vul_in(ronde: Ronde, organisatie: Organisatie, door: Gebruiker, nummer: int, gevraagd_cent: int) -> Dossier:
    """Start a draft at the clock's moment and fill it in completely."""
    dossier = dossiers.start_dossier(ronde, organisatie=organisatie, door=door, ontvangen_op=klok.nu())
    for sleutel, tekst in verzinsels.antwoorden(nummer).items():
        opmaak.bewaar_antwoord(dossier, sleutel, tekst, 0, door=door)
    personeel = gevraagd_cent * 8 // 10
    regels = [
        ("kost", "Buurtverantwoordelijke", personeel),
        ("kost", "Werking en materiaal", gevraagd_cent - personeel + 7_500_00),
        ("inbreng", "Eigen inbreng van de aanvrager", 7_500_00),
    ]
    titel = verzinsels.titel(nummer, organisatie.gemeente or organisatie.naam)
    opmaak.bewaar_gegevens(
        dossier, titel=titel, iban=IBAN, gevraagd_cent=gevraagd_cent, regels=regels, versie=0, door=door
    )
    opmaak.voeg_bijlage_toe(dossier, upload("netwerksamenstelling.pdf"), door=door)
    return dossier


def dien_in(dossier: Dossier, door: Gebruiker, moment: datetime) -> None:
    """Hand in at a moment."""
    with klok.op(moment):
        dossiers.dien_in(dossier, door=door, ontvangen_op=moment)


def beoordeel(dossier: Dossier, lezers: list[Gebruiker], behandelaar: Gebruiker, *, goed: bool, toeval: Random) -> None:
    """Let every reader score a dossier: good ones 6 to 9 points everywhere, weak ones 3 to 5."""
    for lezer in lezers:
        blad = wijs_toe(dossier, lezer, behandelaar)
        vul_scoreblad(blad, lezer, goed=goed, toeval=toeval)


def wijs_toe(dossier: Dossier, lezer: Gebruiker, behandelaar: Gebruiker) -> Scoreblad:
    """Give a reader a sheet to fill in."""
    blad: Scoreblad = beoordeling.wijs_toe(dossier, jurylid=lezer, door=behandelaar)
    return blad


def vul_scoreblad(blad: Scoreblad, lezer: Gebruiker, *, goed: bool, toeval: Random) -> None:
    """Fill in and hand in a sheet."""
    laag, hoog = (6, 9) if goed else (3, 5)
    scores: dict[int, tuple[int | None, str]] = {}
    for criterium in blad.dossier.ronde.luik.oproep.criteria.all():
        aantal = toeval.randint(laag, hoog)
        zin = "Sterk en concreet uitgewerkt." if goed else "Blijft te algemeen."
        scores[criterium.pk] = (aantal, zin)
    blad = beoordeling.bewaar_scores(blad, scores, door=lezer)
    beoordeling.dien_scoreblad_in(blad, door=lezer)


def adviseer(dossier: Dossier, voorzitter: Gebruiker, *, goed: bool) -> None:
    """Adopt the advice."""
    zin = (
        "De jury waardeert het sterke netwerk en de heldere aanpak."
        if goed
        else "De jury mist een uitgewerkte buurtanalyse en een duidelijk netwerk."
    )
    beoordeling.stel_advies_vast(dossier, gunstig=goed, motivering=zin, door=voorzitter)
