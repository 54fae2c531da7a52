"""What one may do with a decision: present, send back, register its signature, notify."""

from datetime import date

from django.urls import reverse

from beoordeling import deminimis, rechten
from beoordeling.brieven import brief_aan_aanvrager
from beoordeling.models import Besluit, Besluitregel
from betalingen import grootboek
from betalingen.services import boek_vastleggingen, boekt_extern, plan_betalingen, vergrendel_geld
from dossiers.models import Dossier, Verslag
from dossiers.services import adressen
from kern import ketens, klok, mails, sloten
from kern.models import Bestand, Gebeurtenis
from kern.weg import blokkade_van, handeling, noteer, voer_uit
from kern.weigering import eis
from oproepen.models import Ronde, Taak
from oproepen.queries import adressen_met_taak
from organisaties.models import Gebruiker

Uitkomst = Besluitregel.Uitkomst


_DAARNA = "Dan worden de toekenningen vastgelegd."
_DAARNA_EXTERN = "Daarna legt het boekhoudsysteem van de verstrekker de toekenningen vast."


@handeling("besluit.leg_voor", "Besluit ter ondertekening voorleggen", mag=rechten.mag_besluit_behandelen)
def leg_besluit_voor(besluit: Besluit, *, door: Gebruiker) -> Besluit:
    """Present the drafted decision for signature."""
    gebeurtenis = voer_uit(besluit, "leg_voor", door=door)
    luik = besluit.ronde.luik
    mails.zet_mail_klaar(
        f"besluit {besluit.pk} gebeurtenis {gebeurtenis.nummer}",
        aan=adressen_met_taak(luik, Taak.Rol.BUDGETHOUDER),
        onderwerp=f"Een besluit om te laten ondertekenen: {luik.oproep.titel}",
        tekst=(
            f"Het {besluit} is klaar voor ondertekening door {besluit.beslisser}.\n\n"
            "Laat het ondertekenen en registreer daarna het nummer, de datum en het document. "
            + (_DAARNA_EXTERN if boekt_extern(luik.oproep.verstrekker) else _DAARNA)
        ),
        pad=reverse("besluit", args=[besluit.pk]),
        knop="Naar het besluit",
    )
    return besluit


@handeling(
    "besluit.stuur_terug",
    "Voorstel van besluit terugsturen",
    mag=rechten.mag_besluit_terugsturen,
    sloten=lambda besluit, **_: {Ronde: [besluit.ronde_id]},
)
def stuur_besluit_terug(besluit: Besluit, *, reden: str, door: Gebruiker) -> Besluit:
    """Send an unsigned proposal back: what it reserved is released, and the proposal can be made again.

    Of a first decision the round is ranked again; what one from the reserve list proposed goes back to that list.

    Raises Weigering: reden_ontbreekt, verkeerde_status, jaar_afgesloten.
    """
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom het voorstel teruggaat.", "reden")
    blokkade = blokkade_van(besluit, "stuur_terug")
    if blokkade is not None:
        raise blokkade
    ronde = sloten.neem_een(Ronde, besluit.ronde_id)
    toekenningen = besluit.regels.filter(uitkomst=Uitkomst.TOEKENNING).select_related("dossier__ronde__luik")
    vergrendel_geld([regel.dossier for regel in toekenningen], klok.vandaag())
    dossiers = {dossier.pk: dossier for dossier in sloten.neem(Dossier, [regel.dossier_id for regel in toekenningen])}
    ketens.vergrendel([ronde, besluit, *dossiers.values()])
    gebeurtenis = voer_uit(besluit, "stuur_terug", door=door, inhoud={"reden": reden.strip()})
    if besluit.is_eerste:
        voer_uit(ronde, "herneem", door=door)
    overgang = "herneem" if besluit.is_eerste else "herneem_op_reserve"
    feiten = {pk: voer_uit(dossier, overgang, door=door) for pk, dossier in sorted(dossiers.items())}
    for dossier in dossiers.values():
        dossier.ronde = ronde
    grootboek.boek(grootboek.vrijgaven(dossiers.values(), klok.vandaag(), feiten))
    for pk, dossier in sorted(dossiers.items()):
        grootboek.zet_limiet(dossier, None, gebeurtenis=feiten[pk])
    mails.zet_mail_klaar(
        f"besluit {besluit.pk} gebeurtenis {gebeurtenis.nummer}",
        aan=adressen_met_taak(ronde.luik, Taak.Rol.BEHANDELAAR),
        onderwerp=f"Voorstel teruggestuurd: {ronde.luik.oproep.titel}",
        tekst=f"Het voorstel van {besluit} is teruggestuurd.\n\nReden: {reden.strip()}",
        pad=reverse("ronde", args=[ronde.pk]),
        knop="Naar de ronde",
    )
    return besluit


@handeling(
    "besluit.registreer_ondertekening",
    "Ondertekening registreren",
    mag=rechten.mag_ondertekening_registreren,
    sloten=lambda besluit, **_: {Ronde: [besluit.ronde_id]},
)
def registreer_ondertekening(
    besluit: Besluit, *, nummer: str, datum: date, document: Bestand, door: Gebruiker
) -> Besluit:
    """Register the signed decision and commit every award, in one transaction: all or nothing.

    Where an outside system keeps the books of the granter, the awards stay reserved until their commitment is known.

    The competent authority does not sign in; number, date and document are registered by another person than
    who drafted the proposal. Raises Weigering: zelfde_persoon, nummer_ontbreekt, datum_onmogelijk, geen_krediet,
    boven_budget, boven_vastleggingskrediet, boven_deminimis.
    """
    eis(
        besluit.opgesteld_door_id != door.pk,
        "zelfde_persoon",
        "De ondertekening wordt geregistreerd door een andere persoon dan wie het voorstel opmaakte.",
    )
    eis(nummer.strip(), "nummer_ontbreekt", "Vul het nummer van het ondertekende besluit in.", "nummer")
    eis(datum <= klok.vandaag(), "datum_onmogelijk", "De datum van ondertekening ligt in de toekomst.", "datum")
    opgesteld = besluit.opgesteld_op.astimezone(klok.BRUSSEL).date()
    eis(datum >= opgesteld, "datum_onmogelijk", "De datum van ondertekening ligt vóór die van het voorstel.", "datum")
    ronde = sloten.neem_een(Ronde, besluit.ronde_id)
    regels = list(besluit.regels.select_related("dossier__ronde__luik"))
    toekenningen = [regel for regel in regels if regel.uitkomst == Uitkomst.TOEKENNING]
    if besluit.status == Besluit.Status.TER_ONDERTEKENING:
        vergrendel_geld([regel.dossier for regel in toekenningen], datum)
    dossiers = {dossier.pk: dossier for dossier in sloten.neem(Dossier, [regel.dossier_id for regel in regels])}
    if besluit.status == Besluit.Status.TER_ONDERTEKENING:
        bedragen = {dossiers[regel.dossier_id]: regel.bedrag_cent for regel in toekenningen}
        deminimis.eis_onder_plafond(besluit.ronde.luik, bedragen, datum, deminimis.UITWEG_BESLUIT)
    ketens.vergrendel([ronde, besluit, *dossiers.values()])
    besluit.nummer, besluit.datum, besluit.document = nummer.strip(), datum, document
    besluit.geregistreerd_door = door
    inhoud = {"nummer": besluit.nummer, "datum": datum, "document": document.sha256}
    voer_uit(besluit, "registreer_ondertekening", door=door, inhoud=inhoud)
    if besluit.is_eerste:
        voer_uit(ronde, "beslis", door=door, inhoud=inhoud)
    toegekend = [_ken_toe(regel, dossiers[regel.dossier_id], datum, door) for regel in toekenningen]
    extern = boekt_extern(ronde.luik.oproep.verstrekker)
    if not extern:
        boek_vastleggingen(toegekend, datum)
    for regel in regels:
        if regel.uitkomst != Uitkomst.TOEKENNING:
            _ken_niet_toe(regel, dossiers[regel.dossier_id], datum, door)
    mails.zet_mail_klaar(
        f"besluit {besluit.pk} ondertekend",
        aan=adressen_met_taak(ronde.luik, Taak.Rol.BEHANDELAAR),
        onderwerp=f"Besluit ondertekend: {ronde.luik.oproep.titel}",
        tekst=_ONDERTEKEND_EXTERN.format(besluit) if extern and toegekend else _ONDERTEKEND.format(besluit),
        pad=reverse("besluit", args=[besluit.pk]),
        knop="Naar het besluit",
    )
    return besluit


_ONDERTEKEND = "Het {} is ondertekend en de toekenningen zijn vastgelegd. U kunt de aanvragers nu kennis geven."
_ONDERTEKEND_EXTERN = (
    "Het {} is ondertekend. De boekhouder laat de toekenningen nu vastleggen in het boekhoudsysteem van de "
    "verstrekker; daarna kunt u de aanvragers kennis geven."
)


def _ken_toe(regel: Besluitregel, dossier: Dossier, datum: date, door: Gebruiker) -> tuple[Dossier, Gebeurtenis]:
    dossier.ronde = regel.dossier.ronde  # read along; spares two queries per award
    dossier.toegekend_cent, dossier.beslist_op = regel.bedrag_cent, datum
    gebeurtenis = voer_uit(dossier, "ken_toe", door=door, inhoud={"toegekend_cent": regel.bedrag_cent})
    grootboek.zet_limiet(dossier, regel.bedrag_cent, gebeurtenis=gebeurtenis)
    plan_betalingen(dossier)
    Verslag.objects.bulk_create(
        Verslag(dossier=dossier, moment=moment, uiterlijk=moment.uiterlijk)
        for moment in dossier.ronde.luik.verslagmomenten.all()
    )
    return dossier, gebeurtenis


_ZONDER_TOEKENNING = {
    Uitkomst.RESERVE.value: "plaats_op_reserve",
    Uitkomst.WEIGERING_KWALITEIT.value: "weiger_om_kwaliteit",
    Uitkomst.WEIGERING_KREDIET.value: "weiger_om_krediet",
    Uitkomst.WEIGERING_BEDRAG.value: "weiger_om_bedrag",
}


def _ken_niet_toe(regel: Besluitregel, dossier: Dossier, datum: date, door: Gebruiker) -> None:
    dossier.beslist_op = datum
    voer_uit(dossier, _ZONDER_TOEKENNING[regel.uitkomst], door=door, inhoud={"rang": regel.rang})


@handeling(
    "besluit.geef_kennis",
    "Besluit ter kennis geven",
    mag=rechten.mag_besluit_behandelen,
    sloten=lambda besluit, **_: {Ronde: [besluit.ronde_id]},
)
def geef_kennis(besluit: Besluit, *, door: Gebruiker) -> Besluit:
    """Notify every applicant of a signed decision; the embargo ends and awarded projects start."""
    ronde = sloten.neem_een(Ronde, besluit.ronde_id)
    regels = list(besluit.regels.select_related("dossier__organisatie", "dossier__ronde__luik__oproep"))
    dossiers = {dossier.pk: dossier for dossier in sloten.neem(Dossier, [regel.dossier_id for regel in regels])}
    ketens.vergrendel([ronde, besluit, *dossiers.values()])
    besluit.kennisgegeven_op = klok.nu()
    voer_uit(besluit, "geef_kennis", door=door)
    if besluit.is_eerste:
        voer_uit(ronde, "geef_kennis", door=door)
    for regel in sorted(regels, key=lambda regel: regel.dossier_id):
        dossier = dossiers[regel.dossier_id]
        _meld(regel, dossier, door)
        onderwerp, tekst = brief_aan_aanvrager(regel, besluit)
        mails.zet_mail_klaar(
            f"besluit {besluit.pk} {dossier.pk}",
            aan=adressen(dossier),
            onderwerp=onderwerp,
            tekst=tekst,
            pad=reverse("dossier", args=[dossier.nummer]),
            knop="Naar uw dossier",
            stukken=[{"soort": "brief", "regel": regel.pk}],
        )
    return besluit


def _meld(regel: Besluitregel, dossier: Dossier, door: Gebruiker) -> None:
    veld = "reserve_gemeld_op" if regel.uitkomst == Uitkomst.RESERVE else "kennisgegeven_op"
    setattr(dossier, veld, klok.nu())
    if regel.uitkomst == Uitkomst.TOEKENNING:
        voer_uit(dossier, "start_uitvoering", door=door)
    else:
        dossier.save(update_fields=[veld])
        noteer(dossier, door=door, van=dossier.status, naar=dossier.status)
