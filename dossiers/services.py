"""What one may do with dossiers and reports."""

from datetime import datetime

from django.urls import reverse

from dossiers import rechten
from dossiers.beroep import BEROEP
from dossiers.models import Dossier, Indiening, Verslag
from dossiers.ontvangstbewijs import maak_indiening
from dossiers.volledig import gebreken
from kern import ketens, klok, mails, sloten
from kern.models import Bestand
from kern.templatetags.loket import moment
from kern.weg import handeling, noteer, voer_uit
from kern.weigering import Weigering, eis
from oproepen.models import Ronde, Taak
from oproepen.queries import adressen_met_taak, geldend_formulier
from oproepen.rechten import mag_ronde_behandelen
from organisaties.models import Gebruiker, Organisatie
from organisaties.queries import reden_vervallen
from organisaties.rechten import is_lid, leden_van


@handeling("dossier.start", "Dossier starten", mag=rechten.mag_starten)
def start_dossier(ronde: Ronde, *, organisatie: Organisatie, door: Gebruiker, ontvangen_op: datetime) -> Dossier:
    """Start a draft for an organisation in an open round.

    Raises Weigering: ronde_niet_open, geen_lid, organisatie_vervallen, niet_toegelaten (first rule not met),
    al_gestart.
    """
    eis_open(ronde, ontvangen_op)
    eis(is_lid(door, organisatie), "geen_lid", "U bent geen lid van deze organisatie.", "organisatie")
    vervallen = reden_vervallen(organisatie, klok.vandaag())
    eis(vervallen is None, "organisatie_vervallen", vervallen or "", "organisatie")
    for voorwaarde in ronde.luik.voorwaarden.all():
        reden = voorwaarde.reden(organisatie)
        eis(reden is None, "niet_toegelaten", reden or "", "organisatie")
    eis(
        not ronde.dossiers.filter(organisatie=organisatie).exclude(status=Dossier.Status.NIET_INGEDIEND).exists(),
        "al_gestart",
        "Uw organisatie heeft in deze ronde al een dossier.",
        "organisatie",
    )
    dossier = Dossier.objects.create(
        ronde=ronde,
        organisatie=organisatie,
        formulierversie=geldend_formulier(ronde.luik.oproep),
        gestart_door=door,
        gestart_op=klok.nu(),
    )
    dossier.nummer = f"{ronde.luik.oproep.code}-{dossier.pk:05d}"
    dossier.save(update_fields=["nummer"])
    noteer(dossier, door=door, naar=dossier.status, inhoud={"organisatie": organisatie.pk, "ronde": ronde.pk})
    return dossier


@handeling(
    "dossier.dien_in",
    "Dossier indienen",
    mag=rechten.mag_bewerken,
    sloten=lambda dossier, **_: {Ronde: [dossier.ronde_id]},
)
def dien_in(dossier: Dossier, *, door: Gebruiker, ontvangen_op: datetime) -> Indiening:
    """Hand in a complete draft. `ontvangen_op` is when the request reached the server, before any lock.

    Gives the next receipt number of the round. Raises Weigering: verkeerde_status, ronde_niet_open, and the
    codes of `volledig.gebreken`.
    """
    ronde = sloten.neem_een(Ronde, dossier.ronde_id)
    if dossier.status == Dossier.Status.CONCEPT:
        eis_open(ronde, ontvangen_op)
        for gebrek in gebreken(dossier)[:1]:
            raise Weigering(gebrek.code, gebrek.zin, gebrek.veld)
    dossier.ingediend_op = ontvangen_op
    voer_uit(dossier, "dien_in", door=door, inhoud={"ontvangen_op": ontvangen_op})
    ronde.laatste_ontvangstnummer += 1
    ronde.save(update_fields=["laatste_ontvangstnummer"])
    indiening = maak_indiening(
        dossier,
        ontvangstnummer=ronde.laatste_ontvangstnummer,
        ontvangen_op=ontvangen_op,
        door=door,
        nagespeeld=klok.nagespeeld(),
    )
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} indiening {indiening.volgnummer}",
        aan=adressen(dossier),
        onderwerp=f"Uw dossier {dossier.nummer} is ingediend",
        tekst=(
            f"Wij hebben uw dossier {dossier.nummer}, '{dossier.titel}', ontvangen.\n\n"
            f"Ontvangstnummer in de ronde: {indiening.ontvangstnummer}\n"
            f"Vingerafdruk van het ontvangstbewijs: {bytes(indiening.blad).hex()}\n\n"
            "Bewaar deze mail. Het volledige ontvangstbewijs vindt u bij uw dossier in het loket."
        ),
        pad=reverse("dossier_ontvangstbewijs", args=[dossier.nummer]),
        knop="Naar het ontvangstbewijs",
        stukken=[{"soort": "ontvangstbewijs", "indiening": indiening.pk}],
    )
    return indiening


@handeling("ronde.sluit", "Ronde sluiten", mag=mag_ronde_behandelen)
def sluit_ronde(ronde: Ronde, *, door: Gebruiker) -> Ronde:
    """Close a round after its deadline; drafts that were not handed in lapse."""
    concepten = ronde.dossiers.filter(status=Dossier.Status.CONCEPT)
    dossiers = sloten.neem(Dossier, concepten.values_list("pk", flat=True))
    ketens.vergrendel([ronde, *dossiers])
    voer_uit(ronde, "sluit", door=door, inhoud={"niet_ingediend": len(dossiers)})
    for dossier in dossiers:
        voer_uit(dossier, "laat_vervallen", door=door)
        _meld_vervallen(dossier, ronde)
    return ronde


def _meld_vervallen(dossier: Dossier, ronde: Ronde) -> None:
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} niet ingediend",
        aan=adressen(dossier),
        onderwerp=f"Uw dossier {dossier.nummer} is niet ingediend",
        tekst=(
            f"Uw dossier {dossier.nummer} voor de oproep {ronde.luik.oproep.titel} werd niet ingediend vóór het einde "
            f"van de termijn, {moment(ronde.sluit_op)}. Het wordt daarom niet beoordeeld.\n\n"
            "Wat u invulde, blijft bewaard. U kunt het nog lezen, maar niet meer indienen."
        ),
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
    )


@handeling("dossier.verklaar_ontvankelijk", "Dossier ontvankelijk verklaren", mag=rechten.mag_beoordelen)
def verklaar_ontvankelijk(dossier: Dossier, *, motivering: str, door: Gebruiker) -> Dossier:
    """Declare a dossier admissible, with motivation. Raises Weigering: motivering_ontbreekt, ronde_nog_open."""
    dossier = _beoordeel_ontvankelijkheid(dossier, "verklaar_ontvankelijk", motivering, door)
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} ontvankelijk",
        aan=adressen(dossier),
        onderwerp=f"Uw dossier {dossier.nummer} is ontvankelijk",
        tekst=(
            f"Uw dossier '{dossier.titel}' voldoet aan de voorwaarden om beoordeeld te worden. Het gaat nu naar de "
            "jury.\n\nU moet niets doen. U krijgt een mail zodra er een beslissing is."
        ),
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
    )
    return dossier


@handeling("dossier.verklaar_onontvankelijk", "Dossier onontvankelijk verklaren", mag=rechten.mag_beoordelen)
def verklaar_onontvankelijk(dossier: Dossier, *, motivering: str, door: Gebruiker) -> Dossier:
    """Declare a dossier inadmissible: a decision too, so with motivation and the applicant is told."""
    dossier = _beoordeel_ontvankelijkheid(dossier, "verklaar_onontvankelijk", motivering, door)
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} onontvankelijk",
        aan=adressen(dossier),
        onderwerp=f"Uw dossier {dossier.nummer} is onontvankelijk",
        tekst=(
            f"Uw dossier '{dossier.titel}' is onontvankelijk verklaard.\n\nMotivering: {motivering}\n\n"
            f"Beroep\n{BEROEP}\n\nDe brief met deze beslissing zit bij deze mail."
        ),
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
        stukken=[{"soort": "onontvankelijk", "dossier": dossier.pk}],
    )
    return dossier


def _beoordeel_ontvankelijkheid(dossier: Dossier, overgang: str, motivering: str, door: Gebruiker) -> Dossier:
    eis(motivering.strip(), "motivering_ontbreekt", "Schrijf de motivering van uw oordeel.", "motivering")
    eis(
        dossier.ronde.status != Ronde.Status.GEPLAND,
        "ronde_nog_open",
        "Sluit eerst de ronde; daarna beoordeelt u de ontvankelijkheid.",
    )
    dossier.ontvankelijkheid_motivering = motivering
    voer_uit(dossier, overgang, door=door, inhoud={"motivering": motivering})
    return dossier


@handeling("verslag.dien_in", "Verslag indienen", mag=rechten.mag_verslag_indienen)
def dien_verslag_in(
    verslag: Verslag, *, tekst: str, kosten_cent: int, bestand: Bestand | None, door: Gebruiker
) -> Verslag:
    """Hand in a report: text, costs made (cents) and optionally a file.

    Raises Weigering: geen_kennisgeving, bedrag_te_laag, verslag_leeg.
    """
    eis(verslag.dossier.kennisgegeven_op, "geen_kennisgeving", "Dit project is nog niet gestart.")
    eis(kosten_cent >= 0, "bedrag_te_laag", "Het bedrag mag niet negatief zijn.", "kosten")
    verslag.tekst = tekst
    verslag.kosten_cent = kosten_cent
    verslag.bestand = bestand or verslag.bestand
    verslag.ingediend_op = klok.nu()
    inhoud = {"tekst": tekst, "kosten_cent": kosten_cent, "bestand": bestand.sha256 if bestand else None}
    gebeurtenis = voer_uit(verslag, "dien_in", door=door, inhoud=inhoud)
    dossier, soort = verslag.dossier, verslag.moment.get_soort_display()
    mails.zet_mail_klaar(
        f"verslag {verslag.pk} gebeurtenis {gebeurtenis.nummer}",
        aan=adressen_met_taak(dossier.ronde.luik, Taak.Rol.BEHANDELAAR),
        onderwerp=f"{soort} om te lezen: dossier {dossier.nummer}",
        tekst=(
            f"{dossier.organisatie.naam} diende het {soort.lower()} in van dossier {dossier.nummer}, "
            f"'{dossier.titel}'.\n\nLees het en keur het goed, of stuur het terug met de vraag om het aan te vullen."
        ),
        pad=reverse("verslag", args=[verslag.pk]),
        knop="Naar het verslag",
    )
    return verslag


@handeling("verslag.keur_goed", "Verslag goedkeuren", mag=rechten.mag_verslag_beoordelen)
def keur_verslag_goed(verslag: Verslag, *, beoordeling: str, door: Gebruiker) -> Verslag:
    """Approve a report."""
    return _beoordeel_verslag(verslag, "keur_goed", beoordeling, door, "is goedgekeurd")


@handeling("verslag.stuur_terug", "Verslag terugsturen voor aanvulling", mag=rechten.mag_verslag_beoordelen)
def stuur_verslag_terug(verslag: Verslag, *, beoordeling: str, door: Gebruiker) -> Verslag:
    """Send a report back and say what is missing. Raises Weigering: motivering_ontbreekt."""
    eis(beoordeling.strip(), "motivering_ontbreekt", "Schrijf wat er nog ontbreekt.", "beoordeling")
    return _beoordeel_verslag(verslag, "stuur_terug", beoordeling, door, "vraagt een aanvulling")


def _beoordeel_verslag(verslag: Verslag, overgang: str, beoordeling: str, door: Gebruiker, gevolg: str) -> Verslag:
    verslag.beoordeling = beoordeling
    gebeurtenis = voer_uit(verslag, overgang, door=door, inhoud={"beoordeling": beoordeling})
    mails.zet_mail_klaar(
        f"verslag {verslag.pk} gebeurtenis {gebeurtenis.nummer}",
        aan=adressen(verslag.dossier),
        onderwerp=f"Uw verslag bij dossier {verslag.dossier.nummer} {gevolg}",
        tekst=f"Uw {verslag.moment.get_soort_display().lower()} {gevolg}.\n\n{beoordeling}",
        pad=reverse("verslag", args=[verslag.pk]),
        knop="Naar uw verslag",
    )
    return verslag


def eis_open(ronde: Ronde, ontvangen_op: datetime) -> None:
    """Raise Weigering(ronde_niet_open) unless `ontvangen_op` falls in the round; the deadline is excluded."""
    zin = "De indientermijn is voorbij. Wat u invulde blijft bewaard, maar kan niet meer ingediend worden."
    if ontvangen_op < ronde.opent_op:
        zin = "De indientermijn is nog niet begonnen."
    # The state too: what came in time but was held up past the closing would leave a draft that nothing lets lapse.
    eis(ronde.is_open(ontvangen_op) and ronde.status == Ronde.Status.GEPLAND, "ronde_niet_open", zin)


def adressen(dossier: Dossier) -> list[str]:
    """Return the addresses of the members of the applicant and its successors, for mail about a dossier."""
    leden = leden_van(dossier.organisatie_id).filter(is_active=True)
    return list(leden.order_by("email").values_list("email", flat=True))
