"""To the bank: the account that a granter pays from, and the file of a payment order."""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from betalingen import rechten
from betalingen.bank import mededeling, pain
from betalingen.models import Betaalbestand, Betaalopdracht, Opdrachtregel, Rekening
from betalingen.resources import opdrachtblad
from kern import klok, werkblad
from kern.weg import handeling, noteer
from kern.weigering import GeenRecht, Weigering, eis
from oproepen.models import Oproep
from organisaties.models import Gebruiker


@handeling("rekening.stel_in", "Rekening van een verstrekker instellen", mag=rechten.mag_rekening_instellen)
def stel_rekening_in(
    wie: Gebruiker, *, verstrekker: str, opdrachtgever: pain.Opdrachtgever, door: Gebruiker
) -> Rekening:
    """Set the account that a granter pays from, from now on; orders of which a file was made keep theirs.

    wie: who sets it. Raises Weigering: onbekende_verstrekker, opdrachtgever_ontbreekt, iban_ongeldig,
    iban_buiten_sepa, bic_ongeldig, kbo_ongeldig.
    """
    bekend = Oproep.objects.filter(verstrekker=verstrekker).exists()
    eis(bekend, "onbekende_verstrekker", f"Geen enkele oproep heeft '{verstrekker}' als verstrekker.", "verstrekker")
    schoon = pain.lees_opdrachtgever(opdrachtgever)
    adres = schoon.adres or pain.Adres("")
    velden = {
        "verstrekker": verstrekker,
        "naam": schoon.naam,
        "iban": schoon.iban,
        "bic": schoon.bic,
        "kbo": schoon.kbo,
        "straat": adres.straat,
        "huisnummer": adres.huisnummer,
        "postcode": adres.postcode,
        "gemeente": adres.gemeente,
    }
    rekening = Rekening.objects.create(**velden, ingesteld_op=klok.nu(), ingesteld_door=door)
    noteer(rekening, door=door, inhoud=velden)
    return rekening


@dataclass(frozen=True)
class Bestand:
    """A payment file: its bytes, and what they were made of; a sheet is of no account."""

    naam: str
    inhoud: bytes
    versie: str
    rekening: Rekening | None

    @property
    def sha256(self) -> str:
        """Return the hash of the bytes."""
        return hashlib.sha256(self.inhoud).hexdigest()


def geef_betaalbestand(
    opdracht: Betaalopdracht, *, versie: str = pain.STANDAARD, opnieuw: str = "", door: Gebruiker
) -> Bestand:
    """Make the file of an order and record that it was made; opnieuw: the reason, when one was made before.

    versie: of pain, or a kind of sheet. The same order and version of pain always give the same bytes. Raises
    Weigering: what `maak_bestand` and `pain.maak_bestand` raise, rekening_ontbreekt, betaalt_extern.
    """
    if not rechten.mag_bestand_maken(door, opdracht):
        raise GeenRecht
    zin = "Deze opdracht wordt betaald door het boekhoudsysteem van de verstrekker; gebruik het rekenblad."
    eis(not opdracht.extern or versie in Betaalbestand.BLADEN, "betaalt_extern", zin)
    # Outside the transaction: checking a large file against its schema takes seconds.
    bestand = _stel_blad_op(opdracht, versie) if versie in Betaalbestand.BLADEN else stel_bestand_op(opdracht, versie)
    maak_bestand(opdracht, bestand=bestand, opnieuw=opnieuw, door=door)
    return bestand


@handeling("betaalopdracht.maak_bestand", "Betaalbestand maken", mag=rechten.mag_bestand_maken)
def maak_bestand(opdracht: Betaalopdracht, *, bestand: Bestand, opnieuw: str, door: Gebruiker) -> Betaalbestand:
    """Record a file that was made of an order: once, and again, or one of another kind, only with a reason.

    Raises Weigering: al_gemaakt, rekening_gewijzigd, bestand_verschilt.
    """
    reden = opnieuw.strip()
    eerdere = list(opdracht.bestanden.select_related("gemaakt_door").order_by("nummer"))
    if eerdere:
        eis(reden, "al_gemaakt", _al_gemaakt(opdracht, eerdere[-1]), "opnieuw")
    zelfde_rekening = bestand.rekening is None or rekening_voor(opdracht).pk == bestand.rekening.pk
    eis(zelfde_rekening, "rekening_gewijzigd", "De rekening is intussen gewijzigd. Maak het bestand nog eens.")
    for eerder in eerdere:
        zelfde_soort = bestand.rekening is not None and eerder.versie == bestand.versie
        verschilt = zelfde_soort and eerder.sha256 != bestand.sha256
        zin = f"Dit bestand is een ander dan bestand {eerder.nummer} van {opdracht.nummer}; het mag niet naar de bank."
        eis(not verschilt, "bestand_verschilt", zin)
    rij = Betaalbestand.objects.create(
        opdracht=opdracht,
        nummer=len(eerdere) + 1,
        versie=bestand.versie,
        rekening=bestand.rekening,
        sha256=bestand.sha256,
        grootte=len(bestand.inhoud),
        reden=reden if eerdere else "",
        gemaakt_op=klok.nu(),
        gemaakt_door=door,
    )
    inhoud = {"bestand": rij.nummer, "versie": rij.versie, "sha256": rij.sha256, "rekening": rij.rekening_id}
    noteer(opdracht, door=door, inhoud=inhoud | ({"reden": rij.reden} if rij.reden else {}))
    return rij


def _al_gemaakt(opdracht: Betaalopdracht, laatste: Betaalbestand) -> str:
    moment = laatste.gemaakt_op.astimezone(klok.BRUSSEL)
    return (
        f"Het bestand van {opdracht.nummer} is al gemaakt, op {moment:%d/%m/%Y} om {moment:%H:%M} door "
        f"{laatste.gemaakt_door.naam}. Geef een reden om het opnieuw te maken."
    )


def stel_bestand_op(opdracht: Betaalopdracht, versie: str) -> Bestand:
    """Return the file of an order, without recording anything; the lines and the account of an order never change."""
    rekening = rekening_voor(opdracht)
    inhoud = pain.maak_bestand(
        pain.Opdracht(
            nummer=opdracht.nummer or "",
            gemaakt_op=opdracht.verstuurd_op,
            uitvoeren_op=opdracht.verstuurd_op.astimezone(klok.BRUSSEL).date(),
            opdrachtgever=_opdrachtgever(rekening),
            overschrijvingen=tuple(_overschrijving(regel) for regel in opdracht.regels.order_by("betaling_id")),
            verwacht_aantal=opdracht.aantal,
            verwacht_cent=opdracht.totaal_cent,
        ),
        versie=versie,
    )
    return Bestand(f"{opdracht.nummer}.xml", inhoud, versie, rekening)


def _stel_blad_op(opdracht: Betaalopdracht, formaat: str) -> Bestand:
    schrijf, _ = werkblad.FORMATEN[formaat]
    inhoud = BytesIO()
    schrijf(opdrachtblad(opdracht), inhoud)
    return Bestand(f"{opdracht.nummer}.{formaat}", inhoud.getvalue(), formaat, None)


def waarschuwingen(opdracht: Betaalopdracht, *, onderweg: int) -> list[str]:
    """Return what somebody should know who makes a file of an order now; onderweg: its payments that wait for the bank.

    A file is made all the same: what left in an order does not change.
    """
    dag = opdracht.verstuurd_op.astimezone(klok.BRUSSEL).date()
    uit = []
    if onderweg < opdracht.aantal:
        uit.append(
            f"Nog {onderweg} van de {opdracht.aantal} betalingen van deze opdracht wachten op de bank; de andere zijn "
            "uitbetaald of teruggekomen, en kunnen met dit bestand nog eens betaald worden."
        )
    if dag < klok.vandaag() and not opdracht.extern:
        uit.append(
            f"Het bestand vraagt uitvoering op {dag:%d/%m/%Y}, de dag van de opdracht. Die is voorbij: een bank "
            "betaalt dan op haar volgende werkdag, of weigert het bestand."
        )
    return uit


def rekening_voor(opdracht: Betaalopdracht) -> Rekening:
    """Return the account of an order: of its first file, or else the one that its granter pays from now.

    Raises Weigering: rekening_ontbreekt.
    """
    eerste = opdracht.bestanden.exclude(rekening=None).select_related("rekening").order_by("nummer").first()
    if eerste is not None and eerste.rekening is not None:
        return eerste.rekening
    verstrekker = opdracht.oproep.verstrekker
    rekening = Rekening.objects.filter(verstrekker=verstrekker).order_by("-pk").first()
    if rekening is None:
        raise Weigering(
            "rekening_ontbreekt",
            f"De rekening waarvan {verstrekker} betaalt, is nog niet ingevuld. Een beheerder doet dat bij Beheer, "
            "Rekeningen van verstrekkers.",
        )
    return rekening


def _opdrachtgever(rekening: Rekening) -> pain.Opdrachtgever:
    adres = pain.Adres(
        rekening.gemeente, postcode=rekening.postcode, straat=rekening.straat, huisnummer=rekening.huisnummer
    )
    return pain.Opdrachtgever(rekening.naam, rekening.iban, rekening.bic, rekening.kbo, adres)


def _overschrijving(regel: Opdrachtregel) -> pain.Overschrijving:
    sleutel = regel.betaling_id
    return pain.Overschrijving(sleutel, regel.naam, regel.iban, regel.bedrag_cent, ogm=mededeling.maak(sleutel))
