"""What one may ask about judging and deciding."""

from typing import Any

from django.db.models import Count, Exists, Prefetch, Q, QuerySet

from beoordeling import rechten
from beoordeling.beelden import spreiding
from beoordeling.models import Juryadvies, Score, Scoreblad
from beoordeling.scores import gemiddelde_honderdsten, score_tekst, score_van_blad
from betalingen.models import Krediet
from dossiers.models import Dossier
from kern import klok
from oproepen.models import Ronde
from organisaties.models import Gebruiker


def mijn_scorebladen(gebruiker: Gebruiker) -> QuerySet[Scoreblad]:
    """Return the sheets of a juror, open ones first."""
    rijen = Scoreblad.objects.filter(jurylid_id=gebruiker.pk)
    return rijen.select_related("dossier__organisatie", "dossier__ronde__luik__oproep").order_by("ingediend_op", "pk")


def dossiers_van_ronde(ronde: Ronde) -> QuerySet[Dossier]:
    """Return the handed-in dossiers of a round with sheets counted, in order of receipt."""
    ingediend = Q(scorebladen__status=Scoreblad.Status.INGEDIEND)
    return (
        Dossier.objects.filter(ronde=ronde, ingediend_op__isnull=False)
        .select_related("organisatie", "juryadvies", "besluitregel")
        .annotate(bladen=Count("scorebladen"), bladen_in=Count("scorebladen", filter=ingediend))
        .order_by("ingediend_op", "pk")
    )


def zichtbare_bladen(dossier: Dossier, gebruiker: Gebruiker) -> list[dict[str, Any]]:
    """Return the sheets of a dossier that a person sees, each with its score as text.

    A juror sees the sheets of others only once her own is in.
    """
    van_dossier = Scoreblad.objects.filter(dossier=dossier)
    ingediend = Scoreblad.Status.INGEDIEND
    eigen_is_in = Exists(van_dossier.filter(jurylid_id=gebruiker.pk, status=ingediend))
    zichtbaar = rechten.zichtbaar_voor(van_dossier, gebruiker).values("pk")
    bladen = van_dossier.filter(Q(pk__in=zichtbaar) | Q(eigen_is_in, status=ingediend)).select_related("jurylid")
    scores = Prefetch("scores", Score.objects.select_related("criterium"))
    return [
        {
            "blad": blad,
            "score": score_tekst(gemiddelde_honderdsten([blad])) if blad.status == "ingediend" else "",
        }
        for blad in bladen.prefetch_related(scores)
    ]


def spreiding_van(dossier: Dossier, bladen: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the picture of the sheets of `zichtbare_bladen`, or None while there is no score to show."""
    scores = [(rij["blad"].jurylid.naam, score_van_blad(rij["blad"])) for rij in bladen if rij["score"]]
    return spreiding(scores, dossier.ronde.minimumscore, dossier.nummer or "")


def advies_van(dossier: Dossier) -> Juryadvies | None:
    """Return the adopted advice on a dossier (advice read along, or read now), or None."""
    advies: Juryadvies | None = getattr(dossier, "juryadvies", None)
    return advies if advies is not None and advies.status == Juryadvies.Status.VASTGESTELD else None


def jaren_met_krediet(ronde: Ronde) -> list[int]:
    """Return the years, this and the next, in which the track of a round has a credit to reserve on."""
    dit_jaar = klok.vandaag().year
    kredieten = Krediet.objects.filter(artikel__code=ronde.luik.begrotingsartikel, jaar__in=[dit_jaar, dit_jaar + 1])
    return sorted(kredieten.values_list("jaar", flat=True))
