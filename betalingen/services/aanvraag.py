"""Before an instalment is put forward: the request or schuldvordering, its term, the condition of the call."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from betalingen import queries, rechten
from betalingen.models import Betaalaanvraag, Betaling
from betalingen.models.schijf import saldo_afgerekend
from dossiers.services import adressen
from kern import klok, mails
from kern.geld import euro_tekst
from kern.models import Bestand, Gebeurtenis
from kern.uploads import PDF
from kern.weg import handeling, noteer, voer_uit
from kern.weigering import Weigering, eis
from oproepen.models import Taak
from oproepen.models.betaalschijf import toon
from oproepen.queries import adressen_met_taak
from organisaties.models import Gebruiker

Status = Betaalaanvraag.Status


def reden_niet_aan_te_vragen(betaling: Betaling) -> str | None:
    """Return why the beneficiary cannot ask for an instalment now, or None. Pages ask this too."""
    return next(_redenen(betaling, getattr(betaling, "aanvraag", None)), None)


def _redenen(betaling: Betaling, aanvraag: Betaalaanvraag | None) -> Iterator[str]:
    schijf, tot = betaling.schijf, betaling.aanvraag_tot
    if not schijf.vraagt_aanvraag:
        yield "Deze schijf vraagt u niet aan; ze wordt vanzelf betaald."
    yield from betaling.redenen_van_status
    if aanvraag is not None and aanvraag.status != Status.TERUG:
        yield f"U diende dit al in op {toon(aanvraag.ingediend_op.astimezone(klok.BRUSSEL).date())}."
    if schijf.datum is not None and klok.vandaag() < schijf.datum:
        yield f"Dit kan vanaf {toon(schijf.datum)}."
    # What was handed in in time and came back is mended without a new term.
    if tot is not None and klok.vandaag() > tot and aanvraag is None:
        yield f"De termijn was tot en met {toon(tot)}. Vraag de dienst om een verlenging."
    if schijf.schuldvordering and saldo_afgerekend.reden(betaling) is not None:
        yield "Het saldo is nog niet afgerekend. U krijgt bericht zodra het bedrag vaststaat."


@handeling("betaling.vraag_aan", "Betaling aanvragen", mag=rechten.mag_aanvragen)
def vraag_betaling_aan(
    betaling: Betaling, *, bedrag_cent: int, document: Bestand | None, toelichting: str, door: Gebruiker
) -> Betaalaanvraag:
    """Ask for an instalment as its beneficiary, with the signed schuldvordering where the call asks for one.

    bedrag_cent: the amount on the paper; it is that of the payment. Raises Weigering: niet_aan_te_vragen,
    bedrag_gewijzigd, document_ontbreekt, document_soort, geen_kennisgeving.
    """
    dossier, schijf = betaling.dossier, betaling.schijf
    eis(dossier.kennisgegeven_op, "geen_kennisgeving", "De toekenning is nog niet ter kennis gegeven.")
    reden = reden_niet_aan_te_vragen(betaling)
    if reden is not None:
        raise Weigering("niet_aan_te_vragen", reden)
    zin = f"Het bedrag is nu {euro_tekst(betaling.bedrag_cent)}. Download de schuldvordering opnieuw en onderteken ze."
    eis(bedrag_cent == betaling.bedrag_cent, "bedrag_gewijzigd", zin, "bestand")
    if schijf.schuldvordering:
        eis(document, "document_ontbreekt", "Voeg de ondertekende schuldvordering toe.", "bestand")
    eis(document is None or document.mime == PDF, "document_soort", "Voeg de schuldvordering toe als pdf.", "bestand")
    velden = {
        "bedrag_cent": betaling.bedrag_cent,
        "iban": betaling.iban,
        "vastlegging": queries.vastleggingsnummer(dossier),
        "toelichting": toelichting.strip(),
        "document": document,
        "ingediend_door": door,
        "ingediend_op": klok.nu(),
    }
    inhoud = {naam: velden[naam] for naam in ("bedrag_cent", "iban", "vastlegging", "toelichting")}
    inhoud |= {"document": document.sha256 if document else None}
    aanvraag: Betaalaanvraag | None = getattr(betaling, "aanvraag", None)
    if aanvraag is None:
        aanvraag = Betaalaanvraag.objects.create(betaling=betaling, **velden)
        gebeurtenis = noteer(aanvraag, door=door, naar=aanvraag.status, inhoud=inhoud)
    else:
        for naam, waarde in velden.items():
            setattr(aanvraag, naam, waarde)
        gebeurtenis = voer_uit(aanvraag, "dien_opnieuw_in", door=door, inhoud=inhoud)
    _meld_aanvraag(betaling, gebeurtenis)
    return aanvraag


def _meld_aanvraag(betaling: Betaling, gebeurtenis: Gebeurtenis) -> None:
    dossier, schijf = betaling.dossier, betaling.schijf
    wat = "een schuldvordering in voor" if schijf.schuldvordering else "een aanvraag in voor"
    mails.zet_mail_klaar(
        f"betaling {betaling.pk} aanvraag {gebeurtenis.pk}",
        aan=adressen_met_taak(dossier.ronde.luik, Taak.Rol.BEHANDELAAR),
        onderwerp=f"Aanvraag tot betaling: dossier {dossier.nummer}",
        tekst=(
            f"{dossier.organisatie.naam} diende {wat} {schijf.naam.lower()} van dossier {dossier.nummer}: "
            f"{euro_tekst(betaling.bedrag_cent)}.\n\nKijk ze na en stel daarna de betaling op."
        ),
        pad=reverse("betaling_voorbereiden", args=[betaling.pk]),
        knop="Naar de aanvraag",
    )


@handeling("betaling.aanvaard_aanvraag", "Aanvraag tot betaling aanvaarden", mag=rechten.mag_opstellen)
def aanvaard_aanvraag(betaling: Betaling, *, door: Gebruiker) -> Betaalaanvraag:
    """Accept what the beneficiary handed in. Raises Weigering: geen_aanvraag, verkeerde_status, bedrag_gewijzigd."""
    aanvraag = _aanvraag_van(betaling)
    zin = "De aanvraag noemt een ander bedrag of een andere rekening dan de betaling nu heeft. Stuur ze terug."
    zelfde = (aanvraag.bedrag_cent, aanvraag.iban) == (betaling.bedrag_cent, betaling.iban)
    eis(zelfde or aanvraag.status != Status.INGEDIEND, "bedrag_gewijzigd", zin)
    gebeurtenis = voer_uit(aanvraag, "aanvaard", door=door)
    _meld_oordeel(betaling, gebeurtenis, "is aanvaard", "U hoeft niets meer te doen; wij bereiden de betaling voor.")
    return aanvraag


@handeling("betaling.stuur_aanvraag_terug", "Aanvraag tot betaling terugsturen", mag=rechten.mag_opstellen)
def stuur_aanvraag_terug(betaling: Betaling, *, reden: str, door: Gebruiker) -> Betaalaanvraag:
    """Send back what the beneficiary handed in, while nothing is on its way.

    Raises Weigering: geen_aanvraag, reden_ontbreekt, betaling_onderweg, verkeerde_status.
    """
    aanvraag = _aanvraag_van(betaling)
    eis(reden.strip(), "reden_ontbreekt", "Schrijf wat er moet veranderen; de begunstigde leest dit.", "reden")
    gepland = betaling.status == Betaling.Status.GEPLAND
    eis(gepland, "betaling_onderweg", "De betaling is al opgesteld. Laat ze eerst terugsturen.")
    aanvraag.opmerking = reden.strip()
    gebeurtenis = voer_uit(aanvraag, "stuur_terug", door=door, inhoud={"reden": reden.strip()})
    _meld_oordeel(betaling, gebeurtenis, "moet u aanpassen", f"{reden.strip()}\n\nPas ze aan en dien ze opnieuw in.")
    return aanvraag


def _aanvraag_van(betaling: Betaling) -> Betaalaanvraag:
    aanvraag: Betaalaanvraag | None = getattr(betaling, "aanvraag", None)
    if aanvraag is None:
        raise Weigering("geen_aanvraag", "De begunstigde diende voor deze schijf niets in.")
    return aanvraag


def _meld_oordeel(betaling: Betaling, gebeurtenis: Gebeurtenis, gevolg: str, tekst: str) -> None:
    dossier, schijf = betaling.dossier, betaling.schijf
    wat = "schuldvordering" if schijf.schuldvordering else "aanvraag"
    mails.zet_mail_klaar(
        f"betaling {betaling.pk} aanvraag {gebeurtenis.pk}",
        aan=adressen(dossier),
        onderwerp=f"Dossier {dossier.nummer}: uw {wat} {gevolg}",
        tekst=f"Uw {wat} voor {schijf.naam.lower()} {gevolg}.\n\n{tekst}",
        pad=reverse("betaling_aanvragen", args=[betaling.pk]),
        knop="Naar uw aanvraag",
    )


@handeling("betaling.verleng_aanvraagtermijn", "Termijn van een aanvraag verlengen", mag=rechten.mag_opstellen)
def verleng_aanvraagtermijn(betaling: Betaling, *, tot: date, reden: str, door: Gebruiker) -> Betaling:
    """Give the beneficiary longer to ask, the last day counted in.

    Raises Weigering: geen_termijn, datum_onmogelijk, reden_ontbreekt.
    """
    huidig = betaling.aanvraag_tot
    if huidig is None or betaling.status != Betaling.Status.GEPLAND:
        raise Weigering("geen_termijn", "Voor deze betaling loopt geen termijn.")
    eis(tot > huidig, "datum_onmogelijk", f"De termijn loopt al tot en met {toon(huidig)}.", "tot")
    eis(tot >= klok.vandaag(), "datum_onmogelijk", "Die dag is al voorbij.", "tot")
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom u de termijn verlengt; de begunstigde leest dit.", "reden")
    betaling.aanvraag_verlengd_tot = tot
    betaling.save(update_fields=["aanvraag_verlengd_tot"])
    noteer(betaling, door=door, inhoud={"van": huidig, "tot": tot, "reden": reden.strip()})
    dossier = betaling.dossier
    mails.zet_mail_klaar(
        f"betaling {betaling.pk} termijn {tot}",
        aan=adressen(dossier),
        onderwerp=f"Dossier {dossier.nummer}: u krijgt langer de tijd",
        tekst=(
            f"U kunt {betaling.schijf.naam.lower()} van dossier {dossier.nummer} nu aanvragen tot en met "
            f"{toon(tot)}.\n\nReden: {reden.strip()}"
        ),
        pad=reverse("betaling_aanvragen", args=[betaling.pk]),
        knop="Naar uw aanvraag",
    )
    return betaling


@handeling("betaling.bevestig_voorwaarde", "Voorwaarde van een betaling bevestigen", mag=rechten.mag_opstellen)
def bevestig_voorwaarde(betaling: Betaling, *, motivering: str, door: Gebruiker) -> Betaling:
    """Confirm that what the call asks before this instalment is met.

    Raises Weigering: geen_voorwaarde, al_bevestigd, verkeerde_status, motivering_ontbreekt.
    """
    eis(betaling.schijf.voorwaarde, "geen_voorwaarde", "Deze schijf heeft geen voorwaarde.")
    eis(betaling.voorwaarde_door_id is None, "al_bevestigd", "De voorwaarde is al bevestigd.")
    gepland = betaling.status == Betaling.Status.GEPLAND
    zin = f"Dit kan niet: de betaling heeft de status '{betaling.get_status_display().lower()}'."
    eis(gepland, "verkeerde_status", zin)
    eis(motivering.strip(), "motivering_ontbreekt", "Schrijf hoe aan de voorwaarde voldaan is.", "motivering")
    betaling.voorwaarde_door, betaling.voorwaarde_motivering = door, motivering.strip()
    betaling.save(update_fields=["voorwaarde_door", "voorwaarde_motivering"])
    inhoud = {"voorwaarde": betaling.schijf.voorwaarde, "motivering": motivering.strip()}
    noteer(betaling, door=door, inhoud=inhoud)
    return betaling
