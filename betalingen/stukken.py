"""Letters of a recovery: the intention with its hearing, the decision, the reminder.

Each in two steps, as in dossiers/stukken.py: facts that do not change give the same bytes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from betalingen.bank import mededeling
from betalingen.models import Terugvordering
from dossiers.ontvangstbewijs import inhoud_van
from dossiers.stukken import Aanvraag, aanvraag, euro, laatste_indiening, slot
from kern import ketens, klok, pdf
from kern.mails import Stukbestand, stukmaker
from kern.models import Gebeurtenis
from kern.pdf import Alinea, Bedrag, Blok, Feiten, Kop, Stuk
from kern.templatetags.loket import dag
from organisaties.nummers import iban_leesbaar

AANMANING = "terugvordering.maan_aan"


@dataclass(frozen=True)
class Betaalwijze:
    """Where to pay: account, in whose name, and the structured communication that says what for."""

    naam: str
    rekening: str
    mededeling: str


@dataclass(frozen=True)
class Voornemen:
    """The facts of the letter that announces a recovery."""

    aanvraag: Aanvraag
    nummer: str
    op: datetime
    bedrag_cent: int
    grond: str
    bepaling: str
    motivering: str
    hoortermijn: date


@dataclass(frozen=True)
class Beslissing:
    """The facts of the letter with the decision."""

    aanvraag: Aanvraag
    nummer: str
    op: datetime
    bedrag_cent: int
    voorgenomen_cent: int
    grond: str
    bepaling: str
    motivering: str
    reactie: str
    besluit: str
    besluitdatum: date
    uiterlijk: date
    interest_honderdsten: int
    interest_vanaf: date | None
    interest_reden: str
    betaalwijze: Betaalwijze


@dataclass(frozen=True)
class Aanmaning:
    """The facts of a reminder."""

    aanvraag: Aanvraag
    nummer: str
    op: datetime
    besluit: str
    besluitdatum: date
    verviel_op: date
    tot: date
    open_cent: int
    interest_cent: int
    betaalwijze: Betaalwijze


def ogm(terugvordering: Terugvordering) -> str:
    """Return the structured communication of a recovery, as it stands in a letter."""
    return mededeling.schrijf(mededeling.maak(terugvordering.pk, mededeling.Reeks.TERUGVORDERING))


def _aanvraag(rij: Terugvordering) -> Aanvraag:
    laatste = laatste_indiening(rij.dossier)
    return aanvraag(rij.dossier, inhoud_van(laatste) if laatste else None)


def betaalwijze(rij: Terugvordering) -> Betaalwijze:
    """Return how a notified recovery is paid."""
    assert rij.rekening is not None, "de rekening staat vast vanaf de kennisgeving"  # noqa: S101
    return Betaalwijze(rij.rekening.naam, iban_leesbaar(rij.rekening.iban), ogm(rij))


def voornemen_feiten(rij: Terugvordering) -> Voornemen:
    """Return the facts of the intention (dossier, call and organisation read along)."""
    return Voornemen(
        aanvraag=_aanvraag(rij),
        nummer=str(rij),
        op=rij.voorgenomen_op,
        bedrag_cent=rij.voorgenomen_cent,
        grond=rij.get_grond_display(),
        bepaling=rij.bepaling,
        motivering=rij.toelichting,
        hoortermijn=rij.hoortermijn,
    )


def voornemen(feiten: Voornemen) -> Stuk:
    """Return the letter that announces a recovery and asks for an answer."""
    wat = feiten.aanvraag
    return Stuk(
        titel="Wij willen subsidie terugvorderen",
        afzender=wat.verstrekker,
        kenmerk=wat.nummer,
        moment=feiten.op,
        aan=wat.adres,
        gegevens=(("Terugvordering", feiten.nummer), ("Datum", dag(feiten.op))),
        blokken=(
            Alinea("Geachte,"),
            Alinea(
                f"U kreeg een subsidie voor dossier {wat.nummer}, “{wat.titel}”, in de oproep {wat.oproep} "
                f"({wat.luik}). Wij zijn van plan een deel of alles daarvan terug te vorderen. Er is nog niets "
                "beslist, en u moet nu niets betalen."
            ),
            Bedrag("Wat wij willen terugvorderen", euro(feiten.bedrag_cent)),
            Kop("Waarom"),
            Feiten((("Reden", feiten.grond), ("Rechtsregel", feiten.bepaling))),
            Alinea(feiten.motivering),
            Kop("U kunt reageren"),
            Alinea(
                "Voor wij beslissen, willen wij weten wat u ervan vindt. Reageer uiterlijk op "
                f"{dag(feiten.hoortermijn)}, in het loket bij dossier {wat.nummer}. Horen wij niets, dan beslissen wij "
                "zonder uw reactie. Van onze beslissing krijgt u een brief."
            ),
            *_einde(wat),
        ),
    )


def _einde(wat: Aanvraag) -> tuple[Blok, ...]:
    """Return how a letter without a decision ends."""
    return slot(wat)[2:]


def beslissing_feiten(rij: Terugvordering) -> Beslissing:
    """Return the facts of a notified decision (dossier, call, organisation and account read along)."""
    assert rij.kennisgegeven_op and rij.besluit_datum and rij.uiterlijk, "een brief komt met de kennisgeving"  # noqa: PT018, S101
    return Beslissing(
        aanvraag=_aanvraag(rij),
        nummer=str(rij),
        op=rij.kennisgegeven_op,
        bedrag_cent=rij.bedrag_cent or 0,
        voorgenomen_cent=rij.voorgenomen_cent,
        grond=rij.get_grond_display(),
        bepaling=rij.bepaling,
        motivering=rij.motivering,
        reactie=rij.reactie,
        besluit=rij.besluit_nummer,
        besluitdatum=rij.besluit_datum,
        uiterlijk=rij.uiterlijk,
        interest_honderdsten=rij.interest_honderdsten,
        interest_vanaf=rij.interest_vanaf,
        interest_reden=rij.interest_reden,
        betaalwijze=betaalwijze(rij),
    )


def beslissing(feiten: Beslissing) -> Stuk:
    """Return the letter with the decision: how much, why, how to pay, how to appeal."""
    wat = feiten.aanvraag
    gehoord = "Wij lazen uw reactie op ons voornemen." if feiten.reactie else "U reageerde niet op ons voornemen."
    return Stuk(
        titel="Wij vorderen subsidie terug",
        afzender=wat.verstrekker,
        kenmerk=wat.nummer,
        moment=feiten.op,
        aan=wat.adres,
        gegevens=(("Terugvordering", feiten.nummer), ("Datum", dag(feiten.op))),
        blokken=(
            Alinea("Geachte,"),
            Alinea(
                f"U kreeg een subsidie voor dossier {wat.nummer}, “{wat.titel}”, in de oproep {wat.oproep} "
                f"({wat.luik}). Wij vorderen daarvan geld terug. {gehoord}"
            ),
            Bedrag("Terug te betalen", euro(feiten.bedrag_cent)),
            Kop("De beslissing"),
            Feiten(
                (
                    ("Beslissing", f"{feiten.besluit} van {dag(feiten.besluitdatum)}"),
                    ("Genomen namens", wat.verstrekker),
                    ("Reden", feiten.grond),
                    ("Rechtsregel", feiten.bepaling),
                    ("Wat wij van plan waren", euro(feiten.voorgenomen_cent)),
                )
            ),
            Kop("Motivering"),
            Alinea(feiten.motivering),
            *_reactie(feiten.reactie),
            Kop("Hoe u betaalt"),
            Feiten((("Uiterlijk op", dag(feiten.uiterlijk)), *_betaal(feiten.betaalwijze))),
            *_interest(feiten),
            Alinea("Kunt u dit niet in één keer betalen? Laat het ons dan weten, vóór die dag."),
            *slot(wat),
        ),
    )


def _reactie(reactie: str) -> tuple[Blok, ...]:
    return (Kop("Uw reactie"), Alinea(reactie)) if reactie else ()


def _betaal(wijze: Betaalwijze) -> tuple[tuple[str, str], ...]:
    return (
        ("Op rekening", wijze.rekening),
        ("Van", wijze.naam),
        ("Gestructureerde mededeling", wijze.mededeling),
    )


def procent(honderdsten: int) -> str:
    """Return a percentage in hundredths as text: 325 -> '3,25 %'."""
    return f"{honderdsten // 100},{honderdsten % 100:02d}\u00a0%"


def _interest(feiten: Beslissing) -> tuple[Blok, ...]:
    if not feiten.interest_honderdsten or feiten.interest_vanaf is None:
        return ()
    wat = f"{procent(feiten.interest_honderdsten)} per jaar op wat nog niet betaald is"
    zin = f"Vanaf {dag(feiten.interest_vanaf)} komt er interest bij: {wat}. {feiten.interest_reden}"
    return (Alinea(zin),)


def aanmaning_feiten(feit: Gebeurtenis, rij: Terugvordering) -> Aanmaning | None:
    """Return the facts of a reminder from its event; None when its content was erased."""
    inhoud = ketens.inhoud_van(feit)
    if inhoud is None:
        return None
    assert rij.besluit_datum is not None, "een aanmaning komt na de beslissing"  # noqa: S101
    return Aanmaning(
        aanvraag=_aanvraag(rij),
        nummer=str(rij),
        op=feit.moment,
        besluit=rij.besluit_nummer,
        besluitdatum=rij.besluit_datum,
        verviel_op=date.fromisoformat(inhoud["verviel_op"]),
        tot=date.fromisoformat(inhoud["tot"]),
        open_cent=inhoud["open_cent"],
        interest_cent=inhoud["interest_cent"],
        betaalwijze=betaalwijze(rij),
    )


def aanmaning(feiten: Aanmaning) -> Stuk:
    """Return the reminder."""
    wat = feiten.aanvraag
    interest = (("Waarvan interest", euro(feiten.interest_cent)),) if feiten.interest_cent else ()
    return Stuk(
        titel="Herinnering: betaal de subsidie terug",
        afzender=wat.verstrekker,
        kenmerk=wat.nummer,
        moment=feiten.op,
        aan=wat.adres,
        gegevens=(("Terugvordering", feiten.nummer), ("Datum", dag(feiten.op))),
        blokken=(
            Alinea("Geachte,"),
            Alinea(
                f"Met beslissing {feiten.besluit} van {dag(feiten.besluitdatum)} vorderden wij subsidie terug voor "
                f"dossier {wat.nummer}, “{wat.titel}”. U moest uiterlijk op {dag(feiten.verviel_op)} betalen. Wij "
                "ontvingen nog niet alles."
            ),
            Bedrag(f"Nog te betalen op {dag(feiten.op)}", euro(feiten.open_cent)),
            Kop("Hoe u betaalt"),
            Feiten((("Uiterlijk op", dag(feiten.tot)), *interest, *_betaal(feiten.betaalwijze))),
            *_einde(wat),
        ),
    )


# ---------- files ----------


def _lees(pk: int) -> Terugvordering:
    velden = ("dossier__organisatie", "dossier__ronde__luik__oproep", "rekening")
    return Terugvordering.objects.select_related(*velden).get(pk=pk)


def voornemen_bestand(pk: int) -> Stukbestand:
    """Return the letter of an intention as a file."""
    feiten = voornemen_feiten(_lees(pk))
    return Stukbestand(f"voornemen-{feiten.nummer}.pdf", pdf.maak(voornemen(feiten)))


def beslissing_bestand(pk: int) -> Stukbestand:
    """Return the letter of a notified decision as a file."""
    feiten = beslissing_feiten(_lees(pk))
    return Stukbestand(f"terugvordering-{feiten.nummer}.pdf", pdf.maak(beslissing(feiten)))


def aanmaning_bestand(feit: Gebeurtenis) -> Stukbestand | None:
    """Return a reminder as a file; None when its content was erased."""
    feiten = aanmaning_feiten(feit, _lees(feit.keten.object_id))
    if feiten is None:
        return None
    dagnaam = feiten.op.astimezone(klok.BRUSSEL).date().isoformat()
    return Stukbestand(f"aanmaning-{feiten.nummer}-{dagnaam}.pdf", pdf.maak(aanmaning(feiten)))


def laatste_aanmaning(rij: Terugvordering) -> Gebeurtenis | None:
    """Return the event of the last reminder."""
    return ketens.gebeurtenissen_van(rij).filter(handeling=AANMANING).select_related("keten", "bewaarde_inhoud").last()


@stukmaker("terugvordering_voornemen")
def _voornemen_bij_mail(verzoek: dict[str, Any]) -> Stukbestand:
    return voornemen_bestand(verzoek["terugvordering"])


@stukmaker("terugvordering_brief")
def _beslissing_bij_mail(verzoek: dict[str, Any]) -> Stukbestand:
    return beslissing_bestand(verzoek["terugvordering"])


@stukmaker("terugvordering_aanmaning")
def _aanmaning_bij_mail(verzoek: dict[str, Any]) -> Stukbestand:
    feit = Gebeurtenis.objects.select_related("keten", "bewaarde_inhoud").get(pk=verzoek["gebeurtenis"])
    bestand = aanmaning_bestand(feit)
    assert bestand is not None, "een aanmaning vertrekt voor haar inhoud gewist kan zijn"  # noqa: S101
    return bestand
