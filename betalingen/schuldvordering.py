"""The schuldvordering of an instalment, all but signed. Facts that do not change give the same bytes."""

from dataclasses import dataclass
from datetime import datetime

from betalingen.models import Betaling
from betalingen.queries import vastleggingsnummer
from dossiers.ontvangstbewijs import inhoud_van
from dossiers.stukken import Aanvraag, aanvraag, euro, laatste_indiening
from kern import pdf
from kern.mails import Stukbestand
from kern.pdf import Alinea, Bedrag, Feiten, Kop, Stuk
from organisaties.nummers import iban_leesbaar


@dataclass(frozen=True)
class Schuldvordering:
    """The facts of a schuldvordering."""

    aanvraag: Aanvraag
    op: datetime
    schijf: str
    bedrag_cent: int
    iban: str
    vastlegging: str
    kbo: str


def schuldvordering_feiten(betaling: Betaling) -> Schuldvordering:
    """Return the facts (dossier, call, organisation, instalment read along); a moment is that of the amount."""
    dossier = betaling.dossier
    assert dossier.kennisgegeven_op is not None, "een schuldvordering komt na de kennisgeving"  # noqa: S101
    laatste = laatste_indiening(dossier)
    afrekening = getattr(betaling, "afrekening", None)
    return Schuldvordering(
        aanvraag=aanvraag(dossier, inhoud_van(laatste) if laatste else None),
        op=afrekening.opgemaakt_op if afrekening else dossier.kennisgegeven_op,
        schijf=betaling.schijf.naam,
        bedrag_cent=betaling.bedrag_cent,
        iban=iban_leesbaar(betaling.iban),
        vastlegging=vastleggingsnummer(dossier),
        kbo=dossier.organisatie.kbo or "",
    )


def schuldvordering(feiten: Schuldvordering) -> Stuk:
    """Return the paper to sign."""
    wat = feiten.aanvraag
    return Stuk(
        titel="Schuldvordering",
        afzender=wat.adres[0],
        kenmerk=wat.nummer,
        moment=feiten.op,
        aan=(wat.verstrekker,),
        gegevens=(("Dossier", wat.nummer), ("Vastlegging", feiten.vastlegging)),
        blokken=(
            Alinea(
                f"De ondergetekende vordert namens {wat.adres[0]} de betaling van deze schijf van de subsidie voor "
                f"“{wat.titel}”, in de oproep {wat.oproep} ({wat.luik})."
            ),
            Bedrag(feiten.schijf, euro(feiten.bedrag_cent)),
            Kop("Gegevens"),
            Feiten(
                (
                    ("Dossier", wat.nummer),
                    ("Vastlegging", feiten.vastlegging),
                    ("Schuldeiser", wat.adres[0]),
                    *((("Ondernemingsnummer", feiten.kbo),) if feiten.kbo else ()),
                    ("Op rekening", feiten.iban),
                )
            ),
            Alinea("De ondergetekende verklaart dat dit bedrag verschuldigd is en niet eerder gevorderd werd."),
            Kop("Ondertekening"),
            Feiten(
                (
                    ("Naam en functie", "." * 60),
                    ("Datum", "." * 60),
                    ("Handtekening", "." * 60),
                )
            ),
            Alinea(
                f"Onderteken dit stuk, bewaar het als pdf en dien het in het loket in bij dossier {wat.nummer}.",
                klein=True,
            ),
        ),
    )


def schuldvordering_bestand(betaling: Betaling) -> Stukbestand:
    """Return the paper as a file."""
    feiten = schuldvordering_feiten(betaling)
    naam = f"schuldvordering-{feiten.aanvraag.nummer}-{betaling.schijf.volgorde}.pdf"
    return Stukbestand(naam, pdf.maak(schuldvordering(feiten)))
