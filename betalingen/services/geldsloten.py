"""What an act locks before it books payments, or recoveries, as paid, received or come back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from betalingen import grootboek
from betalingen.grootboek import Soort
from betalingen.models import Begrotingsjaar, Betaling, Journaalregel, Stand, Terugvordering
from dossiers.models import Dossier
from kern import klok
from kern.weg import Sloten
from kern.weigering import Weigering


def sloten_voor(sleutels: Iterable[int], jaren: Iterable[int], terugvorderingen: Iterable[int] = ()) -> Sloten:
    """Return what must be locked to book these payments as paid or as come back, on days in these years.

    Of each payment the credits that it was charged and paid on, and for a project that ended meanwhile those that its
    charge and commitment stand on.
    terugvorderingen: keys of the recoveries on which something comes in.
    """
    terug = list(Terugvordering.objects.filter(pk__in=set(terugvorderingen)).select_related("dossier__ronde__luik"))
    rijen = list(Betaling.objects.filter(pk__in=set(sleutels)).select_related("opdracht", "dossier__ronde__luik"))
    onderwerpen = grootboek.onderwerpen((rij.dossier, rij.begrotingsjaar or 0) for rij in terug)
    kredieten = _kredietjaren(rijen)
    for rij in rijen:
        for jaar in kredieten[rij.pk] or _mogelijke_jaren(rij):
            with suppress(Weigering):  # no credit in that year: nothing was booked on it
                onderwerpen |= grootboek.onderwerpen([(rij.dossier, jaar)])
    onderwerpen |= grootboek.onderwerpen(_te_vervallen(rijen))
    return {
        Begrotingsjaar: [grootboek.begrotingsjaar(jaar).pk for jaar in set(jaren)],
        Stand: grootboek.standsleutels(onderwerpen),
        Betaling: [rij.pk for rij in rijen],
        Terugvordering: [rij.pk for rij in terug],
    }


def _kredietjaren(betalingen: Iterable[Betaling]) -> dict[int, set[int]]:
    uit: dict[int, set[int]] = defaultdict(set)
    regels = Journaalregel.objects.filter(betaling__in=betalingen, soort__in=(Soort.VEREFFENING, Soort.UITBETALING))
    for pk, jaar in regels.order_by().values_list("betaling_id", "krediet__jaar").distinct():
        uit[pk].add(jaar)
    return uit


def _te_vervallen(rijen: Sequence[Betaling]) -> Iterator[tuple[Dossier, int]]:
    """Yield what moves when these come back to a project that ended: the years of their charges and commitments."""
    dossiers = {rij.dossier_id: rij.dossier for rij in rijen}
    soorten = (Soort.VEREFFENING, Soort.VASTLEGGING)
    regels = Journaalregel.objects.filter(dossier__in=dossiers, soort__in=soorten)
    for dossier, jaar in regels.order_by().values_list("dossier_id", "krediet__jaar").distinct():
        yield dossiers[dossier], jaar


def _mogelijke_jaren(betaling: Betaling) -> range:
    """Return the years in which a payment can be charged at this very moment, by who does so beside us."""
    vandaag = klok.vandaag().year
    opdracht = betaling.opdracht
    return range(opdracht.verstuurd_op.astimezone(klok.BRUSSEL).year if opdracht else vandaag, vandaag + 1)
