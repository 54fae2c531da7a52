"""The fixed cast of people and the line of one call, built by the services only, never by setting a status.

wereld = bouw.wereld()              cast, organisations, zorgzame buurten published, clock in the open round
dossier = bouw.ingediend(wereld)    ... and so on, each step standing on the one before
"""

import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from beoordeling import services as beoordeling
from beoordeling.models import Besluit, Scoreblad
from betalingen import grootboek
from betalingen import services as betalingen
from betalingen.models import Betaling, Krediet
from dossiers import opmaak
from dossiers import services as dossiers
from dossiers.models import Dossier, Indiening, Verslag
from kern import klok, outbox, uploads
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Luik, Oproep, Ronde, Taak
from organisaties.models import Categorie, Gebruiker, Lidmaatschap, Organisatie, Rechtsvorm
from tests.onthouden import onthoudt

IBAN = "BE68539007547034"
WACHTWOORD = "een lang wachtwoord voor proeven"
OPEN = klok.brussel(2021, 10, 4, 10)
DEADLINE = klok.brussel(2021, 11, 8, 9)
GESLOTEN = klok.brussel(2021, 11, 8, 12)
BESLIST = klok.brussel(2022, 2, 1, 14)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

ROLLEN = {
    "bea": Taak.Rol.BEHANDELAAR,
    "jef": Taak.Rol.JURYLID,
    "joke": Taak.Rol.JURYLID,
    "jana": Taak.Rol.JURYLID,
    "vic": Taak.Rol.VOORZITTER,
    "bart": Taak.Rol.BUDGETHOUDER,
    "bo": Taak.Rol.BOEKHOUDER,
    "aude": Taak.Rol.AUDITOR,
}
# Applicants: of Aartselaar, of Boom, and somebody without any organisation.
AANVRAGERS = ("an", "ben", "stan")


@dataclass
class Wereld:
    """Everything a test needs to name: people by first name, organisations, the call and its Flemish track."""

    mensen: dict[str, Gebruiker]
    aartselaar: Organisatie
    boom: Organisatie
    vzw: Organisatie
    oproep: Oproep
    luik: Luik
    ronde: Ronde
    extra: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, naam: str) -> Gebruiker:
        """Give a person by first name: wereld.an."""
        try:
            return self.__dict__["mensen"][naam]
        except KeyError:
            raise AttributeError(naam) from None


def mens(naam: str, **velden: Any) -> Gebruiker:
    """Make a person who can sign in."""
    mens = Gebruiker.objects.create_user(
        f"{naam}@voorbeeld.test", WACHTWOORD, voornaam=naam.capitalize(), familienaam="Proef", **velden
    )
    mens.emailaddress_set.create(email=mens.email, verified=True, primary=True)
    return mens


def organisatie(naam: str, kbo: str | None, categorie: str, rechtsvorm: str, lid: Gebruiker) -> Organisatie:
    """Make an organisation with one tekenbevoegde."""
    rij = Organisatie.objects.create(naam=naam, kbo=kbo, categorie=categorie, rechtsvorm=rechtsvorm, gemeente=naam)
    Lidmaatschap.objects.create(
        organisatie=rij, gebruiker=lid, rol=Lidmaatschap.Rol.TEKENBEVOEGDE, sinds=date(2021, 1, 1)
    )
    return rij


def ontwerp() -> Wereld:
    """Build the cast and the call as a draft, with budget and credits set; the clock stands at launch."""
    klok.zet(klok.brussel(2021, 6, 1, 9))
    mensen = {naam: mens(naam) for naam in (*ROLLEN, *AANVRAGERS)}
    mensen["beheer"] = mens("beheer", is_staff=True)
    systeem = Gebruiker.objects.systeem()
    lokaal = (Categorie.GEMEENTE, Rechtsvorm.LOKAAL_BESTUUR)
    aartselaar = organisatie("Aartselaar", "0207508932", *lokaal, mensen["an"])
    boom = organisatie("Boom", "0207506952", *lokaal, mensen["ben"])
    vzw = organisatie("De Warme Straat", None, Categorie.WELZIJN, Rechtsvorm.PRIVAAT, mensen["an"])
    gegevens = laden.lees_bestand(laden.GEGEVENS / "zorgzame-buurten.json")
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    for naam, rol in ROLLEN.items():
        oproepen.geef_taak(oproep, gebruiker=mensen[naam], rol=rol, door=systeem)
    outbox.sla_nagespeelde_over()  # the mails of the set-up were read long ago
    luik = Luik.objects.get(oproep=oproep, slug="vlaanderen")
    ronde = Ronde.objects.get(luik=luik)
    return Wereld(mensen, aartselaar, boom, vzw, oproep, luik, ronde)


def zet_geld(w: Wereld, *, budget_cent: int | None = 13_500_000_00, luik_cent: int | None = 12_300_000_00) -> None:
    """Set budget and credits."""
    betalingen.stel_budget_in(
        w.oproep,
        budget_cent=budget_cent,
        per_luik={"vlaanderen": luik_cent, "brussel": 1_200_000_00 if luik_cent else None},
        door=w.bart,
    )
    artikel = grootboek.artikel("WELZIJN-EENZAAMHEID", "Subsidies voor de aanpak van eenzaamheid")
    for jaar, vak, vek in ((2022, 13_500_000_00, 7_000_000_00), (2023, 500_000_00, 5_000_000_00)):
        krediet, _ = Krediet.objects.get_or_create(artikel=artikel, jaar=jaar)
        betalingen.stel_krediet_in(krediet, vastleggingskrediet_cent=vak, betaalkrediet_cent=vek, door=w.bart)


@onthoudt
def wereld(*, budget_cent: int | None = 13_500_000_00, luik_cent: int | None = 12_300_000_00) -> Wereld:
    """Build the published call; the clock stands in its open round."""
    w = ontwerp()
    if budget_cent is not None:
        zet_geld(w, budget_cent=budget_cent, luik_cent=luik_cent)
    oproepen.leg_oproep_voor(w.oproep, door=w.bea)
    oproepen.publiceer(w.oproep, door=w.bart)
    outbox.sla_nagespeelde_over()
    klok.zet(OPEN)
    return vers(w)


def vers(w: Wereld) -> Wereld:
    """Read the call, track and round again."""
    w.oproep = Oproep.objects.get(pk=w.oproep.pk)
    w.luik = Luik.objects.get(pk=w.luik.pk)
    w.ronde = Ronde.objects.select_related("luik__oproep").get(pk=w.ronde.pk)
    return w


def upload(naam: str = "netwerk.pdf", inhoud: bytes = PDF) -> SimpleUploadedFile:
    """Return an upload as a view gets it."""
    return SimpleUploadedFile(naam, inhoud)


def xlsx() -> bytes:
    """Return the smallest content that counts as xlsx."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archief:
        archief.writestr("[Content_Types].xml", "<Types/>")
        archief.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def concept(w: Wereld, wie: str = "an", organisatie: Organisatie | None = None) -> Dossier:
    """Start a draft."""
    bij = organisatie or (w.aartselaar if wie == "an" else w.boom)
    return dossiers.start_dossier(w.ronde, organisatie=bij, door=w.mensen[wie], ontvangen_op=klok.nu())


def volledig(w: Wereld, wie: str = "an", *, gevraagd_cent: int = 100_000_00, titel: str = "De Warme Buurt") -> Dossier:
    """Start a draft and fill in everything."""
    dossier = concept(w, wie)
    door = w.mensen[wie]
    for sleutel in ("buurtanalyse", "doelgroep", "acties", "netwerk"):
        opmaak.bewaar_antwoord(dossier, sleutel, f"Antwoord over {sleutel}.", 0, door=door)
    opmaak.bewaar_antwoord(dossier, "bewoners", "1200", 0, door=door)
    opmaak.bewaar_antwoord(dossier, "soort_buurt", "Dorpskern", 0, door=door)
    regels = [("kost", "Buurtwerker", gevraagd_cent), ("kost", "Lokaal", 5_000_00), ("inbreng", "Gemeente", 5_000_00)]
    dossier = opmaak.bewaar_gegevens(
        dossier, titel=titel, iban=IBAN, gevraagd_cent=gevraagd_cent, regels=regels, versie=0, door=door
    )
    opmaak.voeg_bijlage_toe(dossier, upload(), door=door)
    return dossier


def ingediend(w: Wereld, wie: str = "an", **velden: Any) -> Dossier:
    """Fill in and hand in."""
    dossier = volledig(w, wie, **velden)
    dossiers.dien_in(dossier, door=w.mensen[wie], ontvangen_op=klok.nu())
    return opnieuw(dossier)


def opnieuw(dossier: Dossier) -> Dossier:
    """Read a dossier again."""
    return Dossier.objects.select_related("ronde__luik__oproep", "organisatie", "formulierversie").get(pk=dossier.pk)


def sluit(w: Wereld) -> None:
    """Close the round after its deadline."""
    klok.zet(GESLOTEN)
    dossiers.sluit_ronde(w.ronde, door=w.bea)
    vers(w)


@onthoudt
def ontvankelijk(w: Wereld, *wie: str, **velden: Any) -> list[Dossier]:
    """Hand in for these people, close the round and declare all admissible."""
    rijen = [ingediend(w, naam, **velden) for naam in wie or ("an",)]
    sluit(w)
    for rij in rijen:
        dossiers.verklaar_ontvankelijk(rij, motivering="Alles is er.", door=w.bea)
    return [opnieuw(rij) for rij in rijen]


@onthoudt
def gescoord(w: Wereld, punten: dict[str, int], **velden: Any) -> list[Dossier]:
    """Judge a dossier per applicant with the same points everywhere: {'an': 8} gives a score of 80."""
    rijen = ontvankelijk(w, *punten, **velden)
    oproepen.start_beoordeling(w.ronde, door=w.bea)
    vers(w)
    for rij, aantal in zip(rijen, punten.values(), strict=True):
        for jurylid in (w.jef, w.joke):
            scoreblad_ingediend(w, rij, jurylid, aantal)
        beoordeling.stel_advies_vast(rij, gunstig=aantal >= 6, motivering="Zo vindt de jury.", door=w.vic)
    return [opnieuw(rij) for rij in rijen]


def scoreblad_ingediend(w: Wereld, dossier: Dossier, jurylid: Gebruiker, punten: int) -> Scoreblad:
    """Assign, fill in and hand in one sheet."""
    blad = beoordeling.wijs_toe(dossier, jurylid=jurylid, door=w.bea)
    scores: dict[int, tuple[int | None, str]] = {c.pk: (punten, "Goed uitgewerkt.") for c in w.oproep.criteria.all()}
    blad = beoordeling.bewaar_scores(blad, scores, door=jurylid)
    return beoordeling.dien_scoreblad_in(blad, door=jurylid)


@onthoudt
def voorgesteld(w: Wereld, punten: dict[str, int] | None = None, **velden: Any) -> Besluit:
    """Judge, rank, draft the decision and present it for signature."""
    gescoord(w, punten or {"an": 8}, **velden)
    klok.zet(BESLIST - timedelta(days=7))
    besluit = beoordeling.stel_voor(w.ronde, door=w.bea)
    return beoordeling.leg_besluit_voor(besluit, door=w.bea)


def onderteken(w: Wereld, besluit: Besluit, datum: date | None = None) -> Besluit:
    """Register the signature."""
    document = uploads.bewaar(upload("besluit.pdf"), door=w.bart)
    return beoordeling.registreer_ondertekening(
        besluit, nummer="MB-2022-1", datum=datum or BESLIST.date(), document=document, door=w.bart
    )


@onthoudt
def beslist(w: Wereld, punten: dict[str, int] | None = None, **velden: Any) -> Besluit:
    """... and sign on 1 February 2022."""
    besluit = voorgesteld(w, punten, **velden)
    klok.zet(BESLIST)
    return onderteken(w, besluit)


@onthoudt
def kennisgegeven(w: Wereld, punten: dict[str, int] | None = None, **velden: Any) -> Besluit:
    """... and notify."""
    besluit = beoordeling.geef_kennis(beslist(w, punten, **velden), door=w.bea)
    vers(w)
    return besluit


@onthoudt
def goedgekeurde_betaling(w: Wereld) -> Betaling:
    """... and bring the first instalment to approval."""
    kennisgegeven(w)
    betaling = Betaling.objects.order_by("pk").first()
    assert betaling is not None
    betaling = betalingen.stel_betaling_op(betaling, door=w.bea)
    return betalingen.keur_betaling_goed(betaling, door=w.bart)


@onthoudt
def verstuurde_betaling(w: Wereld) -> Betaling:
    """... and send it."""
    betaling = goedgekeurde_betaling(w)
    betalingen.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    return Betaling.objects.get(pk=betaling.pk)


def eerste_verslag(w: Wereld) -> Verslag:
    """Return the first report that is owed."""
    verslag = Verslag.objects.order_by("uiterlijk", "pk").first()
    assert verslag is not None
    return verslag


def laatste_indiening(dossier: Dossier) -> Indiening:
    """Return the last submission of a dossier."""
    return Indiening.objects.filter(dossier=dossier).latest("volgnummer")


def op(moment: datetime) -> Any:
    """Hold the clock at a moment inside a with block."""
    return klok.op(moment)
