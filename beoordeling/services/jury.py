"""What jurors, handler and chair do with score sheets and advices."""

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse

from beoordeling import rechten
from beoordeling.models import Juryadvies, Score, Scoreblad
from beoordeling.scores import gemiddelde_honderdsten
from dossiers.models import Dossier
from kern import klok, mails
from kern.canoniek import tekst_fout
from kern.weg import handeling, noteer, voer_uit
from kern.weigering import GeenRecht, eis
from oproepen.models import Ronde, Taak
from oproepen.queries import adressen_met_taak
from oproepen.rechten import heeft_taak
from organisaties.models import Gebruiker
from organisaties.rechten import is_lid


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


def _eis_ronde_in_beoordeling(dossier: Dossier) -> None:
    eis(
        dossier.ronde.status == Ronde.Status.IN_BEOORDELING,
        "ronde_niet_in_beoordeling",
        "Deze ronde is niet in beoordeling.",
    )
