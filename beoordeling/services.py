"""What one may do in judging and deciding."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.urls import reverse

from beoordeling import queries, rechten
from beoordeling.brieven import brief_aan_aanvrager
from beoordeling.models import Besluit, Besluitregel, Juryadvies, Score, Scoreblad
from beoordeling.rangschikking import Kandidaat, rangschik
from beoordeling.scores import gemiddelde_honderdsten, score_tekst
from betalingen import grootboek
from betalingen.grootboek import Boeking
from betalingen.models import Begrotingsjaar, Journaalregel
from betalingen.services import plan_betalingen
from dossiers.models import Dossier, Verslag
from dossiers.services import adressen
from kern import ketens, klok, mails, sloten
from kern.canoniek import tekst_fout
from kern.models import Bestand
from kern.weg import blokkade_van, handeling, noteer, voer_uit
from kern.weigering import GeenRecht, Weigering, eis
from oproepen.models import Ronde, Taak
from oproepen.queries import adressen_met_taak
from oproepen.rechten import heeft_taak
from organisaties.models import Gebruiker
from organisaties.rechten import is_lid

Uitkomst = Besluitregel.Uitkomst
Soort = Journaalregel.Soort


@handeling("scoreblad.wijs_toe", "Dossier aan een jurylid toewijzen", mag=rechten.mag_toewijzen)
def wijs_toe(dossier: Dossier, *, jurylid: Gebruiker, door: Gebruiker) -> Scoreblad:
    """Give a juror a sheet for an admissible dossier.

    Raises Weigering: niet_ontvankelijk, advies_bestaat, geen_jurylid, eigen_organisatie, al_toegewezen.
    """
    eis(
        dossier.status == Dossier.Status.ONTVANKELIJK,
        "niet_ontvankelijk",
        "Alleen een ontvankelijk dossier gaat naar de jury.",
    )
    # A later sheet would leave the advice with a score that is no longer the mean.
    eis(not Juryadvies.objects.filter(dossier=dossier).exists(), "advies_bestaat", "Het advies is al vastgesteld.")
    eis(
        heeft_taak(jurylid, dossier.ronde.luik, Taak.Rol.JURYLID),
        "geen_jurylid",
        f"{jurylid.naam} is geen jurylid voor deze oproep.",
        "jurylid",
    )
    eis(
        not is_lid(jurylid, dossier.organisatie),
        "eigen_organisatie",
        f"{jurylid.naam} hoort bij {dossier.organisatie.naam} en kan dit dossier niet beoordelen.",
        "jurylid",
    )
    blad = Scoreblad.objects.create(dossier=dossier, jurylid=jurylid)
    noteer(blad, door=door, naar=blad.status, inhoud={"dossier": dossier.pk, "jurylid": jurylid.pk})
    mails.zet_mail_klaar(
        f"scoreblad {blad.pk} toegewezen",
        aan=[jurylid.email],
        onderwerp=f"Een dossier om te beoordelen: {dossier.nummer}",
        tekst=(
            f"U bent gevraagd om dossier {dossier.nummer}, '{dossier.titel}', te beoordelen. U vindt het bij Mijn werk."
        ),
        pad=reverse("scoreblad", args=[blad.pk]),
        knop="Naar uw scoreblad",
    )
    return blad


@handeling("scoreblad.begin", "Scoreblad beginnen", mag=rechten.mag_invullen)
def begin_scoreblad(blad: Scoreblad, *, door: Gebruiker) -> Scoreblad:
    """Note that the juror started."""
    _eis_ronde_in_beoordeling(blad.dossier)
    voer_uit(blad, "begin", door=door)
    return blad


def bewaar_scores(blad: Scoreblad, scores: Mapping[int, tuple[int | None, str]], *, door: Gebruiker) -> Scoreblad:
    """Save points and motivations by criterion key, as far as they are known; no act, so that it may happen often.

    Raises Weigering: GeenRecht, al_ingediend, onbekend_criterium, punten_ongeldig, tekst_onbewaarbaar,
    ronde_niet_in_beoordeling; then nothing is saved.
    """
    if not rechten.mag_invullen(door, blad):
        raise GeenRecht
    with transaction.atomic():
        # The row is held: a sheet that is handed in meanwhile, in another tab, keeps its points.
        blad = Scoreblad.objects.select_for_update(no_key=True).get(pk=blad.pk)
        eis(
            blad.status != Scoreblad.Status.INGEDIEND,
            "al_ingediend",
            "Dit scoreblad is ingediend en kan niet meer gewijzigd worden.",
        )
        _eis_geldig(blad, scores)
        if blad.status == Scoreblad.Status.TOEGEWEZEN:
            blad = begin_scoreblad(blad, door=door)
        for sleutel, (punten, motivering) in scores.items():
            Score.objects.update_or_create(
                scoreblad_id=blad.pk,
                criterium_id=sleutel,
                defaults={"punten": punten, "motivering": motivering},
            )
    return blad


def _eis_geldig(blad: Scoreblad, scores: Mapping[int, tuple[int | None, str]]) -> None:
    criteria = {c.pk: c for c in blad.dossier.ronde.luik.oproep.criteria.all()}
    for sleutel, (punten, motivering) in scores.items():
        eis(sleutel in criteria, "onbekend_criterium", "Dit criterium hoort niet bij deze oproep.")
        criterium = criteria[sleutel]
        eis(
            punten is None or 0 <= punten <= criterium.max_punten,
            "punten_ongeldig",
            f"Geef voor '{criterium.naam}' een geheel aantal punten van 0 tot {criterium.max_punten}.",
            f"punten_{sleutel}",
        )
        fout = tekst_fout(motivering)
        eis(fout is None, "tekst_onbewaarbaar", fout or "", f"motivering_{sleutel}")


@handeling("scoreblad.dien_in", "Scoreblad indienen", mag=rechten.mag_invullen)
def dien_scoreblad_in(blad: Scoreblad, *, door: Gebruiker) -> Scoreblad:
    """Hand in a complete sheet; its points are in the event. Raises Weigering: scoreblad_onvolledig."""
    _eis_ronde_in_beoordeling(blad.dossier)
    blad.ingediend_op = klok.nu()
    scores = {score.criterium.sleutel: score.punten for score in blad.scores.select_related("criterium")}
    voer_uit(blad, "dien_in", door=door, inhoud={"dossier": blad.dossier_id, "punten": scores})
    _vraag_advies(blad.dossier)
    return blad


def _vraag_advies(dossier: Dossier) -> None:
    """Ask the chair for the advice when the last sheet of a dossier is in."""
    bladen = list(dossier.scorebladen.values_list("status", flat=True))
    nodig = dossier.ronde.lezers_per_dossier
    if set(bladen) != {Scoreblad.Status.INGEDIEND} or len(bladen) < nodig:
        return
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} advies {len(bladen)}",
        aan=adressen_met_taak(dossier.ronde.luik, Taak.Rol.VOORZITTER),
        onderwerp=f"Een advies om vast te stellen: {dossier.nummer}",
        tekst=(
            f"Alle {len(bladen)} scorebladen van dossier {dossier.nummer} zijn ingediend. Stel nu het advies van de "
            "jury vast."
        ),
        pad=reverse("dossier_jury", args=[dossier.nummer]),
        knop="Naar het advies",
    )


@handeling("juryadvies.stel_vast", "Juryadvies vaststellen", mag=rechten.mag_advies_vaststellen)
def stel_advies_vast(dossier: Dossier, *, gunstig: bool, motivering: str, door: Gebruiker) -> Juryadvies:
    """Adopt the advice on a dossier with the mean score of its sheets.

    Raises Weigering: motivering_ontbreekt, advies_bestaat, scorebladen_open, te_weinig_scorebladen.
    """
    _eis_ronde_in_beoordeling(dossier)
    eis(motivering.strip(), "motivering_ontbreekt", "Schrijf de motivering van het advies.", "motivering")
    eis(not Juryadvies.objects.filter(dossier=dossier).exists(), "advies_bestaat", "Het advies is al vastgesteld.")
    bladen = list(dossier.scorebladen.prefetch_related("scores__criterium"))
    ingediend = [blad for blad in bladen if blad.status == Scoreblad.Status.INGEDIEND]
    eis(len(ingediend) == len(bladen), "scorebladen_open", "Nog niet alle scorebladen van dit dossier zijn ingediend.")
    nodig = dossier.ronde.lezers_per_dossier
    eis(
        len(ingediend) >= nodig,
        "te_weinig_scorebladen",
        f"Er zijn {len(ingediend)} scorebladen ingediend; er zijn er {nodig} nodig.",
    )
    advies = Juryadvies.objects.create(
        dossier=dossier,
        gunstig=gunstig,
        motivering=motivering,
        score_honderdsten=gemiddelde_honderdsten(ingediend),
        vastgesteld_op=klok.nu(),
    )
    inhoud = {"gunstig": gunstig, "motivering": motivering, "score_honderdsten": advies.score_honderdsten}
    voer_uit(advies, "stel_vast", door=door, inhoud={"dossier": dossier.pk, **inhoud})
    return advies


@handeling("ronde.stel_voor", "Rangschikking opmaken en voordragen", mag=rechten.mag_voorstellen)
def stel_voor(ronde: Ronde, *, door: Gebruiker, begrotingsjaar: int | None = None) -> Besluit:
    """Rank a judged round by its published rule, draft the decision, and reserve what it proposes to award.

    The money is reserved until the decision is signed or the proposal sent back, on the credit of the year in which
    the decision is expected: begrotingsjaar, this year or the next (left out: the first with a credit).
    Raises Weigering: verkeerde_status, jaar_onmogelijk, dossiers_open, adviezen_open, niets_te_beslissen,
    budget_ontbreekt, geen_krediet.
    """
    blokkade = blokkade_van(ronde, "stel_voor")
    if blokkade is not None:
        raise blokkade
    open_dossiers = ronde.dossiers.filter(status__in=[Dossier.Status.CONCEPT, Dossier.Status.INGEDIEND])
    eis(
        not open_dossiers.exists(), "dossiers_open", "Nog niet elk ingediend dossier is op ontvankelijkheid beoordeeld."
    )
    ontvankelijk = ronde.dossiers.filter(status=Dossier.Status.ONTVANKELIJK)
    eis(ontvankelijk.exists(), "niets_te_beslissen", "Deze ronde heeft geen ontvankelijke dossiers.")
    dit_jaar = klok.vandaag().year
    jaar = begrotingsjaar or next(iter(queries.jaren_met_krediet(ronde)), dit_jaar)
    zin = f"Het besluit valt in {dit_jaar} of {dit_jaar + 1}."
    eis(jaar in {dit_jaar, dit_jaar + 1}, "jaar_onmogelijk", zin, "begrotingsjaar")
    besluit = Besluit.objects.filter(ronde=ronde).first()
    if besluit is not None:
        besluit = sloten.neem_een(Besluit, besluit.pk)
    beschikbaar = _beschikbaar(ronde, jaar)
    dossiers = {d.pk: d for d in sloten.neem(Dossier, ontvankelijk.values_list("pk", flat=True))}
    for dossier in dossiers.values():
        dossier.ronde = ronde  # read along; spares two queries per dossier
    adviezen = {a.dossier_id: a for a in Juryadvies.objects.filter(dossier__in=dossiers, status="vastgesteld")}
    zonder = len(dossiers) - len(adviezen)
    eis(not zonder, "adviezen_open", f"Het juryadvies ontbreekt nog voor {zonder} van de {len(dossiers)} dossiers.")
    nummers = dict(ronde.indieningen.order_by("volgnummer").values_list("dossier_id", "ontvangstnummer"))
    plaatsen = rangschik(
        (
            Kandidaat(pk, adviezen[pk].score_honderdsten, nummers[pk], dossier.gevraagd_cent or 0)
            for pk, dossier in dossiers.items()
        ),
        minimumscore=ronde.minimumscore,
        beschikbaar_cent=beschikbaar,
    )
    besluit = _ontwerp(ronde, besluit, door)
    regels = Besluitregel.objects.bulk_create(
        Besluitregel(
            besluit=besluit,
            dossier_id=plaats.dossier,
            rang=plaats.rang,
            score_honderdsten=plaats.score_honderdsten,
            uitkomst=plaats.uitkomst,
            bedrag_cent=plaats.bedrag_cent,
            motivering=_motivering(ronde, adviezen[plaats.dossier], plaats.uitkomst),
        )
        for plaats in plaatsen
    )
    voorgedragen = [dossiers[regel.dossier_id] for regel in regels if regel.uitkomst == Uitkomst.TOEKENNING]
    ketens.vergrendel([ronde, besluit, *voorgedragen])
    voer_uit(ronde, "stel_voor", door=door, inhoud={"beschikbaar_cent": beschikbaar})
    inhoud = {"regels": [_regelinhoud(regel) for regel in regels]}
    if besluit.status == Besluit.Status.TERUGGESTUURD:
        voer_uit(besluit, "stel_opnieuw_op", door=door, inhoud=inhoud)
    else:
        noteer(besluit, door=door, naar=besluit.status, inhoud=inhoud)
    bedragen = {regel.dossier_id: regel.bedrag_cent for regel in regels}
    grootboek.boek(
        _reserveer(dossier, bedragen[dossier.pk], jaar, door) for dossier in sorted(voorgedragen, key=lambda d: d.pk)
    )
    return besluit


def _reserveer(dossier: Dossier, bedrag_cent: int, jaar: int, door: Gebruiker) -> Boeking:
    feit = voer_uit(dossier, "draag_voor", door=door, inhoud={"bedrag_cent": bedrag_cent})
    grootboek.zet_limiet(dossier, bedrag_cent, gebeurtenis=feit)
    return Boeking(Soort.RESERVERING, bedrag_cent, dossier, klok.vandaag(), feit, begrotingsjaar=jaar)


def _ontwerp(ronde: Ronde, besluit: Besluit | None, door: Gebruiker) -> Besluit:
    """Return the decision to draft: a new one, or the one sent back without its lines, which stand in its chain."""
    if besluit is None:
        return Besluit.objects.create(
            ronde=ronde, beslisser=ronde.luik.beslisser, opgesteld_door=door, opgesteld_op=klok.nu()
        )
    besluit.regels.all().delete()
    besluit.beslisser, besluit.opgesteld_door, besluit.opgesteld_op = ronde.luik.beslisser, door, klok.nu()
    return besluit


def _beschikbaar(ronde: Ronde, jaar: int) -> int:
    """Lock what the awards of a round will move, and return what may be awarded: the least of budgets and credit."""
    krediet = grootboek.krediet_voor(ronde.luik, jaar)
    sloten.neem_een(Begrotingsjaar, grootboek.begrotingsjaar(klok.vandaag().year).pk)
    grenzen = [grootboek.onderwerp(o) for o in (ronde, ronde.luik, ronde.luik.oproep, krediet)]
    dossiers = ronde.dossiers.filter(status=Dossier.Status.ONTVANKELIJK)
    standen = grootboek.vergrendel_standen([*grenzen, *(grootboek.onderwerp(dossier) for dossier in dossiers)])
    vrij = [standen[grens].beschikbaar_cent for grens in grenzen]
    if any(cent is None for cent in vrij):
        raise Weigering(
            "budget_ontbreekt", "Het budget van de oproep is niet ingesteld, dus er kan niets toegekend worden."
        )
    return min(cent for cent in vrij if cent is not None)


def _motivering(ronde: Ronde, advies: Juryadvies, uitkomst: str) -> str:
    score = f"De jury gaf het dossier {score_tekst(advies.score_honderdsten)} op 100."
    reden = {
        Uitkomst.TOEKENNING.value: "Het dossier haalt de minimumscore en past in volgorde van rangschikking in het "
        "budget.",
        Uitkomst.WEIGERING_KWALITEIT.value: f"De minimumscore is {ronde.minimumscore}.",
        Uitkomst.WEIGERING_KREDIET.value: "Het dossier haalt de minimumscore, maar het budget is opgebruikt door hoger "
        "gerangschikte dossiers.",
    }[uitkomst]
    return f"{score} {reden}\n\nJuryadvies: {advies.motivering}"


def _regelinhoud(regel: Besluitregel) -> dict[str, object]:
    return {
        "dossier": regel.dossier_id,
        "rang": regel.rang,
        "score_honderdsten": regel.score_honderdsten,
        "uitkomst": regel.uitkomst,
        "bedrag_cent": regel.bedrag_cent,
    }


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
            f"Het besluit over {besluit.ronde} is klaar voor ondertekening door {besluit.beslisser}.\n\n"
            "Laat het ondertekenen en registreer daarna het nummer, de datum en het document. Dan worden de "
            "toekenningen vastgelegd."
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
    """Send an unsigned proposal back: what it reserved is released, and the round can be ranked again.

    Raises Weigering: reden_ontbreekt, verkeerde_status, jaar_afgesloten.
    """
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom het voorstel teruggaat.", "reden")
    blokkade = blokkade_van(besluit, "stuur_terug")
    if blokkade is not None:
        raise blokkade
    ronde = sloten.neem_een(Ronde, besluit.ronde_id)
    toekenningen = besluit.regels.filter(uitkomst=Uitkomst.TOEKENNING).select_related("dossier__ronde__luik")
    _vergrendel_geld([regel.dossier for regel in toekenningen], klok.vandaag())
    dossiers = {dossier.pk: dossier for dossier in sloten.neem(Dossier, [regel.dossier_id for regel in toekenningen])}
    ketens.vergrendel([ronde, besluit, *dossiers.values()])
    gebeurtenis = voer_uit(besluit, "stuur_terug", door=door, inhoud={"reden": reden.strip()})
    voer_uit(ronde, "herneem", door=door)
    feiten = {pk: voer_uit(dossier, "herneem", door=door) for pk, dossier in sorted(dossiers.items())}
    for dossier in dossiers.values():
        dossier.ronde = ronde
    grootboek.boek(grootboek.vrijgaven(dossiers.values(), klok.vandaag(), feiten))
    for pk, dossier in sorted(dossiers.items()):
        grootboek.zet_limiet(dossier, None, gebeurtenis=feiten[pk])
    mails.zet_mail_klaar(
        f"besluit {besluit.pk} gebeurtenis {gebeurtenis.nummer}",
        aan=adressen_met_taak(ronde.luik, Taak.Rol.BEHANDELAAR),
        onderwerp=f"Voorstel teruggestuurd: {ronde.luik.oproep.titel}",
        tekst=f"Het voorstel van besluit over {ronde} is teruggestuurd.\n\nReden: {reden.strip()}",
        pad=reverse("ronde", args=[ronde.pk]),
        knop="Naar de ronde",
    )
    return besluit


def _vergrendel_geld(dossiers: list[Dossier], datum: date) -> None:
    """Lock the budget year and the totals that a decision on these proposed dossiers on this day moves."""
    gereserveerd = grootboek.open_per_jaar([dossier.pk for dossier in dossiers], grootboek.GERESERVEERD)
    sloten.neem_een(Begrotingsjaar, grootboek.begrotingsjaar(datum.year).pk)
    grootboek.vergrendel_standen(
        grootboek.onderwerpen((d, jaar) for d in dossiers for jaar in {datum.year, *gereserveerd.get(d.pk, {})})
    )


@handeling(
    "besluit.registreer_ondertekening",
    "Ondertekening registreren en vastleggen",
    mag=rechten.mag_ondertekening_registreren,
    sloten=lambda besluit, **_: {Ronde: [besluit.ronde_id]},
)
def registreer_ondertekening(
    besluit: Besluit, *, nummer: str, datum: date, document: Bestand, door: Gebruiker
) -> Besluit:
    """Register the signed decision and commit every award, in one transaction: all or nothing.

    The competent authority does not sign in; number, date and document are registered by another person than
    who drafted the proposal. Raises Weigering: zelfde_persoon, nummer_ontbreekt, datum_onmogelijk, geen_krediet,
    boven_budget, boven_vastleggingskrediet.
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
        _vergrendel_geld([regel.dossier for regel in toekenningen], datum)
    dossiers = {dossier.pk: dossier for dossier in sloten.neem(Dossier, [regel.dossier_id for regel in regels])}
    ketens.vergrendel([ronde, besluit, *dossiers.values()])
    besluit.nummer, besluit.datum, besluit.document = nummer.strip(), datum, document
    besluit.geregistreerd_door = door
    inhoud = {"nummer": besluit.nummer, "datum": datum, "document": document.sha256}
    voer_uit(besluit, "registreer_ondertekening", door=door, inhoud=inhoud)
    voer_uit(ronde, "beslis", door=door, inhoud=inhoud)
    vastgelegd = [_leg_vast(regel, dossiers[regel.dossier_id], datum, door) for regel in toekenningen]
    feiten = {boeking.dossier.pk: boeking.gebeurtenis for boeking in vastgelegd}
    vrijgaven = grootboek.vrijgaven([boeking.dossier for boeking in vastgelegd], datum, feiten)
    grootboek.boek([*vrijgaven, *vastgelegd])
    for regel in regels:
        if regel.uitkomst != Uitkomst.TOEKENNING:
            _weiger(regel, dossiers[regel.dossier_id], datum, door)
    mails.zet_mail_klaar(
        f"besluit {besluit.pk} ondertekend",
        aan=adressen_met_taak(ronde.luik, Taak.Rol.BEHANDELAAR),
        onderwerp=f"Besluit ondertekend: {ronde.luik.oproep.titel}",
        tekst=(
            f"Het besluit over {ronde} is ondertekend en de toekenningen zijn vastgelegd. U kunt de aanvragers nu "
            "kennis geven."
        ),
        pad=reverse("besluit", args=[besluit.pk]),
        knop="Naar het besluit",
    )
    return besluit


def _leg_vast(regel: Besluitregel, dossier: Dossier, datum: date, door: Gebruiker) -> Boeking:
    dossier.ronde = regel.dossier.ronde  # read along; spares two queries per award
    dossier.toegekend_cent, dossier.beslist_op = regel.bedrag_cent, datum
    gebeurtenis = voer_uit(dossier, "ken_toe", door=door, inhoud={"toegekend_cent": regel.bedrag_cent})
    grootboek.zet_limiet(dossier, regel.bedrag_cent, gebeurtenis=gebeurtenis)
    plan_betalingen(dossier)
    Verslag.objects.bulk_create(
        Verslag(dossier=dossier, moment=moment, uiterlijk=moment.uiterlijk)
        for moment in dossier.ronde.luik.verslagmomenten.all()
    )
    return Boeking(Soort.VASTLEGGING, regel.bedrag_cent, dossier, datum, gebeurtenis)


def _weiger(regel: Besluitregel, dossier: Dossier, datum: date, door: Gebruiker) -> None:
    overgang = "weiger_om_kwaliteit" if regel.uitkomst == Uitkomst.WEIGERING_KWALITEIT else "weiger_om_krediet"
    dossier.beslist_op = datum
    voer_uit(dossier, overgang, door=door, inhoud={"rang": regel.rang})


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
    voer_uit(ronde, "geef_kennis", door=door)
    for regel in sorted(regels, key=lambda regel: regel.dossier_id):
        dossier = dossiers[regel.dossier_id]
        dossier.kennisgegeven_op = besluit.kennisgegeven_op
        if regel.uitkomst == Uitkomst.TOEKENNING:
            voer_uit(dossier, "start_uitvoering", door=door)
        else:
            dossier.save(update_fields=["kennisgegeven_op"])
            noteer(dossier, door=door, van=dossier.status, naar=dossier.status)
        onderwerp, tekst = brief_aan_aanvrager(regel, besluit)
        mails.zet_mail_klaar(
            f"besluit {besluit.pk} {dossier.pk}",
            aan=adressen(dossier),
            onderwerp=onderwerp,
            tekst=tekst,
            pad=reverse("dossier", args=[dossier.nummer]),
            knop="Naar uw dossier",
            stukken=[{"soort": "brief", "dossier": dossier.pk}],
        )
    return besluit


def _eis_ronde_in_beoordeling(dossier: Dossier) -> None:
    eis(
        dossier.ronde.status == Ronde.Status.IN_BEOORDELING,
        "ronde_niet_in_beoordeling",
        "Deze ronde is niet in beoordeling.",
    )
