"""A recovery up to its notification: intention, hearing of the beneficiary, decision, letter.

Clause: artikel 13 of the wet van 16 mei 2003 for conditions that were not met and money not used for its purpose; for
anything else the decision names its own clause. Express motivation: wet van 29 juli 1991, artikels 2 en 3.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, Max, Min, Sum, When
from django.urls import reverse

from betalingen import grootboek, rechten
from betalingen.grootboek import Boeking
from betalingen.models import Begrotingsjaar, Journaalregel, Rekening, Stand, Terugvordering
from dossiers.models import Dossier
from dossiers.services import adressen
from kern import klok, mails
from kern.geld import euro_tekst
from kern.templatetags.loket import dag
from kern.weg import Sloten, handeling, noteer, voer_uit
from kern.weigering import Weigering, eis
from oproepen.models import Taak
from oproepen.queries import adressen_met_taak
from organisaties.models import Gebruiker

Soort = Journaalregel.Soort
Status = Terugvordering.Status
Rechtsregel = Terugvordering.Rechtsregel
# Days to answer or to pay; no source fixes them, so each recovery has its own.
HOOGSTE_TERMIJN = 365
HOOGSTE_INTEREST = 10_000


@dataclass(frozen=True)
class Interest:
    """Interest that is claimed: hundredths of a percent per year, from which day (None: the due date), and why."""

    honderdsten: int = 0
    vanaf: date | None = None
    reden: str = ""


@dataclass(frozen=True)
class Verjaring:
    """Until when the claim can be enforced, and how that day was found."""

    op: date
    reden: str


def eis_verjaring(verjaring: Verjaring) -> None:
    """Refuse a last day that is not to come (verjaring_onmogelijk), or one without its reason (reden_ontbreekt)."""
    zin = "De verjaringsdatum ligt na vandaag."
    eis(verjaring.op > klok.vandaag(), "verjaring_onmogelijk", zin, "verjaart_op")
    eis(verjaring.reden.strip(), "reden_ontbreekt", "Schrijf hoe u die datum vond.", "verjaring_reden")


def hoogstens(dossier: Dossier, behalve: Terugvordering | None = None) -> tuple[int, int]:
    """Return what was paid on a dossier and what is claimed of it already, in cents.

    behalve: a recovery that is not counted. Until its decision a recovery counts for what was intended; what was
    written off stays claimed, and what was withdrawn is not.
    """
    rijen = Terugvordering.objects.filter(dossier=dossier).exclude(status=Status.INGETROKKEN)
    if behalve is not None:
        rijen = rijen.exclude(pk=behalve.pk)
    bedrag = Case(When(bedrag_cent=None, then=F("voorgenomen_cent")), default=F("bedrag_cent"))
    geclaimd: int = rijen.aggregate(som=Sum(bedrag))["som"] or 0
    return grootboek.stand_van(dossier).uitbetaald_cent, geclaimd


def _eis_hoogstens(dossier: Dossier, bedrag_cent: int, behalve: Terugvordering | None = None) -> None:
    eis(bedrag_cent > 0, "bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul.", "bedrag")
    betaald, geclaimd = hoogstens(dossier, behalve)
    zin = (
        f"Op dit dossier is {euro_tekst(betaald)} betaald en al {euro_tekst(geclaimd)} teruggevorderd. Hoogstens "
        f"{euro_tekst(max(betaald - geclaimd, 0))} kan nog teruggevorderd worden."
    )
    eis(bedrag_cent <= betaald - geclaimd, "boven_betaald", zin, "bedrag")


def _eis_rechtsregel(grond: str, rechtsregel: str, tekst: str) -> None:
    eis(grond in Terugvordering.Grond.values, "grond_ontbreekt", "Kies waarom u terugvordert.", "grond")
    eis(rechtsregel in Rechtsregel.values, "rechtsregel_ontbreekt", "Kies de rechtsregel.", "rechtsregel")
    if rechtsregel == Rechtsregel.ARTIKEL_13:
        zin = (
            "Artikel 13 van de wet van 16 mei 2003 gaat over voorwaarden die niet nageleefd zijn en over geld dat niet "
            "voor het doel gebruikt is. Noem voor deze grond de bepaling zelf."
        )
        eis(grond in Terugvordering.GRONDEN_ARTIKEL_13, "rechtsregel_past_niet", zin, "rechtsregel")
        eis(not tekst, "rechtsregel_dubbel", "Laat dit leeg bij artikel 13, of kies een andere bepaling.", "bepaling")
    else:
        eis(tekst, "rechtsregel_ontbreekt", "Schrijf welke bepaling het is.", "bepaling")


def _dossierstand(dossier: Dossier, **_: object) -> Sloten:
    return {Stand: grootboek.standsleutels([grootboek.onderwerp(dossier)])}


@handeling(
    "terugvordering.neem_voor",
    "Terugvordering voornemen",
    mag=rechten.mag_terugvordering_voornemen,
    sloten=_dossierstand,
)
def neem_terugvordering_voor(
    dossier: Dossier,
    *,
    bedrag_cent: int,
    grond: str,
    rechtsregel: str,
    bepaling: str = "",
    motivering: str,
    hoortermijn: date,
    door: Gebruiker,
) -> Terugvordering:
    """Tell a beneficiary that money may be claimed back, and ask what she says to it before `hoortermijn` ends.

    Raises Weigering: bedrag_ongeldig, boven_betaald, grond_ontbreekt, rechtsregel_ontbreekt, rechtsregel_past_niet,
    rechtsregel_dubbel, motivering_ontbreekt, termijn_onmogelijk.
    """
    _eis_hoogstens(dossier, bedrag_cent)
    _eis_rechtsregel(grond, rechtsregel, bepaling.strip())
    eis(motivering.strip(), "motivering_ontbreekt", "Schrijf waarom u wilt terugvorderen.", "motivering")
    vandaag = klok.vandaag()
    zin = "De termijn om te reageren begint ten vroegste morgen en duurt hoogstens een jaar."
    eis(vandaag < hoortermijn <= vandaag + timedelta(days=HOOGSTE_TERMIJN), "termijn_onmogelijk", zin, "hoortermijn")
    rij = Terugvordering.objects.create(
        dossier=dossier,
        grond=grond,
        rechtsregel=rechtsregel,
        rechtsregel_tekst=bepaling.strip(),
        voorgenomen_cent=bedrag_cent,
        toelichting=motivering.strip(),
        hoortermijn=hoortermijn,
        voorgenomen_door=door,
        voorgenomen_op=klok.nu(),
    )
    rij.nummer = f"TV-{vandaag.year}-{rij.pk:05d}"
    rij.save(update_fields=["nummer"])
    inhoud = {
        "dossier": dossier.nummer,
        "nummer": rij.nummer,
        "bedrag_cent": bedrag_cent,
        "grond": grond,
        "rechtsregel": rij.bepaling,
        "motivering": rij.toelichting,
        "hoortermijn": hoortermijn,
    }
    noteer(rij, door=door, naar=rij.status, inhoud=inhoud)
    mail_begunstigde(
        rij,
        "voornemen",
        f"Dossier {dossier.nummer}: wij willen subsidie terugvorderen",
        f"Wij zijn van plan {euro_tekst(bedrag_cent)} terug te vorderen van de subsidie van dossier {dossier.nummer}. "
        "De brief met de reden zit bij deze mail.\n\n"
        f"Voor wij beslissen, willen wij weten wat u ervan vindt. Reageer uiterlijk op {dag(hoortermijn)}, in het "
        "loket. U moet nu niets betalen.",
        {"soort": "terugvordering_voornemen", "terugvordering": rij.pk},
    )
    return rij


def mail_begunstigde(
    rij: Terugvordering, wat: str, onderwerp: str, tekst: str, stuk: dict[str, Any] | None = None
) -> None:
    """Put a mail ready for the members of the beneficiary, with a document when there is one."""
    mails.zet_mail_klaar(
        f"terugvordering {rij.pk} {wat}",
        aan=adressen(rij.dossier),
        onderwerp=onderwerp,
        tekst=tekst,
        pad=reverse("terugvordering", args=[rij.pk]),
        knop="Naar de terugvordering",
        stukken=[stuk] if stuk else (),
    )


def mail_personeel(rij: Terugvordering, wat: str, rol: Taak.Rol, onderwerp: str, tekst: str) -> None:
    """Put a mail ready for who has a role for the track."""
    mails.zet_mail_klaar(
        f"terugvordering {rij.pk} {wat}",
        aan=adressen_met_taak(rij.dossier.ronde.luik, rol),
        onderwerp=onderwerp,
        tekst=tekst,
        pad=reverse("terugvordering", args=[rij.pk]),
        knop="Naar de terugvordering",
    )


@handeling(
    "terugvordering.reageer",
    "Reageren op een voorgenomen terugvordering",
    mag=rechten.mag_op_terugvordering_reageren,
)
def reageer_op_terugvordering(rij: Terugvordering, *, reactie: str, door: Gebruiker) -> Terugvordering:
    """Hand in what the beneficiary says to the intention; once, as long as nobody closed the hearing.

    Raises Weigering: reactie_ontbreekt, verkeerde_status.
    """
    eis(reactie.strip(), "reactie_ontbreekt", "Schrijf uw reactie.", "reactie")
    _hoor(rij, reactie.strip(), door)
    wat = f"het voornemen om {euro_tekst(rij.voorgenomen_cent)} terug te vorderen van dossier {rij.dossier.nummer}"
    mail_personeel(
        rij,
        "reactie",
        Taak.Rol.BEHANDELAAR,
        f"Dossier {rij.dossier.nummer}: reactie op een terugvordering",
        f"{rij.dossier.organisatie} reageerde op {wat}. Lees de reactie en trek het voornemen in, of laat de "
        "budgethouder beslissen.",
    )
    return rij


@handeling(
    "terugvordering.hoor", "Hoorzitting over een terugvordering afsluiten", mag=rechten.mag_terugvordering_behandelen
)
def hoor_over_terugvordering(rij: Terugvordering, *, reactie: str, door: Gebruiker) -> Terugvordering:
    """Record what the beneficiary answered otherwise than online, or (empty) that the term passed without an answer.

    Raises Weigering: termijn_loopt, verkeerde_status.
    """
    zin = (
        f"De begunstigde kan nog reageren tot en met {rij.hoortermijn:%d/%m/%Y}. Schrijf wat zij antwoordde, of wacht "
        "tot daarna."
    )
    voorbij = rij.hoortermijn < klok.vandaag() or rij.status != Status.VOORNEMEN
    eis(reactie.strip() or voorbij, "termijn_loopt", zin, "reactie")
    _hoor(rij, reactie.strip(), door)
    return rij


def _hoor(rij: Terugvordering, reactie: str, door: Gebruiker) -> None:
    rij.reactie, rij.gehoord_door, rij.gehoord_op = reactie, door, klok.nu()
    voer_uit(rij, "hoor", door=door, inhoud={"reactie": reactie})
    dossier = rij.dossier
    mail_personeel(
        rij,
        "gehoord",
        Taak.Rol.BUDGETHOUDER,
        f"Dossier {dossier.nummer}: beslissen over een terugvordering",
        f"De begunstigde van dossier {dossier.nummer} is gehoord over het voornemen om "
        f"{euro_tekst(rij.voorgenomen_cent)} terug te vorderen. Beslis over welk bedrag het gaat, en waarom.",
    )


@handeling(
    "terugvordering.beslis",
    "Over een terugvordering beslissen",
    mag=rechten.mag_terugvordering_beslissen,
    sloten=lambda rij, **_: {**_dossierstand(rij.dossier), Dossier: [rij.dossier_id]},
)
def beslis_terugvordering(
    rij: Terugvordering,
    *,
    bedrag_cent: int,
    motivering: str,
    nummer: str,
    datum: date,
    termijn_dagen: int,
    verjaring: Verjaring,
    interest: Interest | None = None,
    door: Gebruiker,
) -> Terugvordering:
    """Decide how much is claimed back and why; another person than who intended it. Nobody hears of it yet.

    termijn_dagen: to pay, from the notification. Raises Weigering: zelfde_persoon, boven_voornemen, bedrag_ongeldig,
    boven_betaald, motivering_ontbreekt, nummer_ontbreekt, datum_onmogelijk, termijn_onmogelijk, verjaring_onmogelijk,
    reden_ontbreekt, interest_onmogelijk, verkeerde_status.
    """
    zin = "Over een terugvordering beslist een andere persoon dan wie ze voornam."
    eis(rij.voorgenomen_door_id != door.pk, "zelfde_persoon", zin)
    zin = f"Het voornemen ging over {euro_tekst(rij.voorgenomen_cent)}; de beslissing kan niet hoger zijn."
    eis(bedrag_cent <= rij.voorgenomen_cent, "boven_voornemen", zin, "bedrag")
    _eis_hoogstens(rij.dossier, bedrag_cent, rij)
    eis(motivering.strip(), "motivering_ontbreekt", "Schrijf waarom u terugvordert.", "motivering")
    eis(nummer.strip(), "nummer_ontbreekt", "Vul het nummer van de beslissing in.", "nummer")
    _eis_besluitdatum(rij, datum)
    zin = f"De termijn om te betalen is 1 tot {HOOGSTE_TERMIJN} dagen."
    eis(1 <= termijn_dagen <= HOOGSTE_TERMIJN, "termijn_onmogelijk", zin, "termijn")
    eis_verjaring(verjaring)
    interest = interest or Interest()
    _eis_interest(rij, interest)
    rij.bedrag_cent, rij.motivering, rij.beslist_door = bedrag_cent, motivering.strip(), door
    rij.besluit_nummer, rij.besluit_datum, rij.termijn_dagen = nummer.strip(), datum, termijn_dagen
    rij.verjaart_op, rij.verjaring_reden = verjaring.op, verjaring.reden.strip()
    rij.interest_honderdsten, rij.interest_reden = interest.honderdsten, interest.reden.strip()
    rij.interest_vanaf = interest.vanaf if interest.honderdsten else None
    rij.begrotingsjaar = _begrotingsjaar(rij.dossier)
    inhoud = {
        "bedrag_cent": bedrag_cent,
        "motivering": rij.motivering,
        "nummer": rij.besluit_nummer,
        "datum": datum,
        "termijn_dagen": termijn_dagen,
        "verjaart_op": rij.verjaart_op,
        "verjaring_reden": rij.verjaring_reden,
        "interest_honderdsten": rij.interest_honderdsten,
        "interest_vanaf": rij.interest_vanaf,
        "interest_reden": rij.interest_reden,
    }
    voer_uit(rij, "beslis", door=door, inhoud=inhoud)
    nummer_dossier = rij.dossier.nummer
    mail_personeel(
        rij,
        "beslist",
        Taak.Rol.BEHANDELAAR,
        f"Dossier {nummer_dossier}: terugvordering ter kennis geven",
        f"{door.naam} besliste om {euro_tekst(bedrag_cent)} terug te vorderen van dossier {nummer_dossier}. Geef de "
        "beslissing ter kennis.",
    )
    return rij


def _eis_besluitdatum(rij: Terugvordering, datum: date) -> None:
    eis(datum <= klok.vandaag(), "datum_onmogelijk", "De datum van de beslissing ligt in de toekomst.", "datum")
    if rij.gehoord_op is not None:
        gehoord = rij.gehoord_op.astimezone(klok.BRUSSEL).date()
        zin = f"De begunstigde is pas op {gehoord:%d/%m/%Y} gehoord; de beslissing komt daarna."
        eis(datum >= gehoord, "datum_onmogelijk", zin, "datum")


def _eis_interest(rij: Terugvordering, interest: Interest) -> None:
    zin = "Vul een percentage in van 0 tot 100, met hoogstens twee cijfers na de komma."
    eis(0 <= interest.honderdsten <= HOOGSTE_INTEREST, "interest_onmogelijk", zin, "interest")
    if not interest.honderdsten:
        return
    zin = "Schrijf waar het interestpercentage vandaan komt."
    eis(interest.reden.strip(), "reden_ontbreekt", zin, "interest_reden")
    if interest.vanaf is not None:
        betaald = rij.dossier.journaalregels.filter(soort=Soort.UITBETALING).aggregate(op=Min("feitdatum"))["op"]
        zin = f"De eerste betaling was op {betaald:%d/%m/%Y}; interest begint niet eerder."
        eis(interest.vanaf >= betaald, "interest_onmogelijk", zin, "interest_vanaf")


def _begrotingsjaar(dossier: Dossier) -> int:
    """Return the year of the credit that paid last: the claim, and what comes in on it, stand there."""
    regels = Journaalregel.objects.filter(dossier=dossier, soort=Soort.UITBETALING).order_by()
    per_jaar = regels.values("krediet__jaar").annotate(som=Sum("bedrag_cent")).filter(som__gt=0)
    jaar: int = per_jaar.aggregate(laatste=Max("krediet__jaar"))["laatste"]
    return jaar


def krediet_van(rij: Terugvordering) -> int | None:
    """Return the budget year of a recovery as it is now; None before its decision."""
    return Terugvordering.objects.values_list("begrotingsjaar", flat=True).get(pk=rij.pk)


def geldsloten(rij: Terugvordering, feitjaar: int) -> Sloten:
    """Return what must be locked to book on a decided recovery, with its date in a year."""
    onderwerpen = grootboek.onderwerpen([(rij.dossier, krediet_van(rij) or feitjaar)])
    return {
        Begrotingsjaar: [grootboek.begrotingsjaar(feitjaar).pk],
        Stand: grootboek.standsleutels(onderwerpen),
    }


def _sloten_van_kennisgeving(rij: Terugvordering, **_: object) -> Sloten:
    geld: Sloten = {}
    with suppress(Weigering):  # no decision yet: the act refuses on the state
        geld = geldsloten(rij, klok.vandaag().year)
    return {**geld, Dossier: [rij.dossier_id]}


@handeling(
    "terugvordering.geef_kennis",
    "Terugvordering ter kennis geven",
    mag=rechten.mag_terugvordering_behandelen,
    sloten=_sloten_van_kennisgeving,
)
def geef_kennis_van_terugvordering(rij: Terugvordering, *, door: Gebruiker) -> Terugvordering:
    """Send the decision with its letter; from now on the money is claimed, in the books too.

    Raises Weigering: verkeerde_status, rekening_ontbreekt, boven_betaald, jaar_afgesloten.
    """
    dossier = Dossier.objects.select_related("ronde__luik__oproep", "organisatie").get(pk=rij.dossier_id)
    rij.dossier = dossier
    bedrag_cent = rij.bedrag_cent or 0
    vandaag = klok.vandaag()
    rij.kennisgegeven_op = klok.nu()
    rij.uiterlijk = vandaag + timedelta(days=rij.termijn_dagen or 0)
    if rij.interest_honderdsten and rij.interest_vanaf is None:
        rij.interest_vanaf = rij.uiterlijk
    verstrekker = dossier.ronde.luik.oproep.verstrekker
    rij.rekening = Rekening.objects.filter(verstrekker=verstrekker).order_by("-pk").first()
    inhoud = {"bedrag_cent": bedrag_cent, "uiterlijk": rij.uiterlijk, "rekening": rij.rekening and rij.rekening.iban}
    feit = voer_uit(rij, "geef_kennis", door=door, inhoud=inhoud)
    _eis_hoogstens(dossier, bedrag_cent, rij)
    claim = Boeking(
        Soort.TERUGVORDERING,
        bedrag_cent,
        dossier,
        vandaag,
        feit,
        begrotingsjaar=rij.begrotingsjaar,
        terugvordering=rij,
    )
    grootboek.boek([claim])
    mail_begunstigde(
        rij,
        "kennisgeving",
        f"Dossier {dossier.nummer}: wij vorderen subsidie terug",
        f"Wij vorderen {euro_tekst(bedrag_cent)} terug van de subsidie van dossier {dossier.nummer}. In de brief bij "
        f"deze mail leest u waarom, hoe u betaalt en hoe u in beroep kunt gaan.\n\nBetaal uiterlijk op "
        f"{dag(rij.uiterlijk)}.",
        {"soort": "terugvordering_brief", "terugvordering": rij.pk},
    )
    return rij


@handeling("terugvordering.trek_in", "Terugvordering intrekken", mag=rechten.mag_terugvordering_intrekken)
def trek_terugvordering_in(rij: Terugvordering, *, reden: str, door: Gebruiker) -> Terugvordering:
    """Drop a recovery before anything is claimed; the beneficiary hears why. Raises: reden_ontbreekt."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom u niet terugvordert; de begunstigde leest dit.", "reden")
    rij.intrekking_reden = reden.strip()
    voer_uit(rij, "trek_in", door=door, inhoud={"reden": reden.strip()})
    mail_begunstigde(
        rij,
        "ingetrokken",
        f"Dossier {rij.dossier.nummer}: wij vorderen niets terug",
        f"Wij lieten u weten dat wij {euro_tekst(rij.voorgenomen_cent)} wilden terugvorderen van de subsidie van "
        f"dossier {rij.dossier.nummer}. Wij doen dat niet.\n\nReden: {reden.strip()}",
    )
    return rij
