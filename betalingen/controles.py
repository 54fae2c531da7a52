"""Checks of `manage.py controleer` on the money."""

from collections.abc import Iterator

from django.db.models import Count, F, Sum

from betalingen import grootboek
from betalingen.models import (
    AANTALLEN,
    Betaalbestand,
    Betaalopdracht,
    Betaling,
    Journaalregel,
    Limietregel,
    Opdrachtregel,
    Stand,
)
from betalingen.services import stel_bestand_op
from dossiers.models import Dossier
from kern.controles import controle
from kern.geld import euro_tekst


@controle("standen komen overeen met het grootboek")
def standen_kloppen() -> Iterator[str]:
    """Every total is the sum of its journal rows, in both directions."""
    totalen = grootboek.journaaltotalen()
    for stand in Stand.objects.iterator(chunk_size=2000):
        verwacht = totalen.pop((stand.soort, stand.sleutel), dict.fromkeys(AANTALLEN, 0))
        for naam in AANTALLEN:
            gevonden = getattr(stand, f"{naam}_cent")
            if gevonden != verwacht[naam]:
                yield (
                    f"{stand}: {naam} {euro_tekst(gevonden)} in de stand, {euro_tekst(verwacht[naam])} in het grootboek"
                )
    for soort, sleutel in totalen:
        yield f"{soort} {sleutel}: boekingen zonder stand"


@controle("limieten komen overeen met wat ingesteld is")
def limieten_kloppen() -> Iterator[str]:
    """Every limit is the one that was set last."""
    laatste = {(r.soort, r.sleutel): r for r in Limietregel.objects.order_by("pk").iterator(chunk_size=2000)}
    for stand in Stand.objects.iterator(chunk_size=2000):
        regel = laatste.get((stand.soort, stand.sleutel))
        ingesteld = (regel.limiet_cent, regel.betaalkrediet_cent) if regel else (None, None)
        if (stand.limiet_cent, stand.betaalkrediet_cent) != ingesteld:
            yield f"{stand}: limiet {stand.limiet_cent} en {stand.betaalkrediet_cent} cent, ingesteld {ingesteld}"


@controle("toekenningen zijn vastgelegd")
def toekenningen_vastgelegd() -> Iterator[str]:
    """No award without its commitment: the limit of the dossier's totals is its award."""
    limieten = dict(Stand.objects.filter(soort=Stand.Soort.DOSSIER).values_list("sleutel", "limiet_cent"))
    for dossier in Dossier.objects.exclude(toegekend_cent=None).iterator(chunk_size=2000):
        if limieten.get(dossier.pk) != dossier.toegekend_cent:
            yield f"{dossier}: toegekend {dossier.toegekend_cent} cent, limiet {limieten.get(dossier.pk)} cent"


@controle("betalingen komen overeen met het grootboek")
def betalingen_geboekt() -> Iterator[str]:
    """Every payment that ever left is charged once, also when it came back; only what is paid is booked as paid."""
    boekingen: dict[int, dict[str, int]] = {}
    for betaling_id, soort, cent in Journaalregel.objects.exclude(betaling=None).values_list(
        "betaling_id", "soort", "bedrag_cent"
    ):
        per_soort = boekingen.setdefault(betaling_id, {})
        per_soort[soort] = per_soort.get(soort, 0) + cent
    vertrokken = set(Opdrachtregel.objects.values_list("betaling_id", flat=True))
    for betaling in Betaling.objects.select_related("schijf", "dossier").iterator(chunk_size=2000):
        verwacht = {}
        if betaling.pk in vertrokken or betaling.status in Betaling.VERTROKKEN:
            verwacht["vereffening"] = betaling.bedrag_cent
        if betaling.status == Betaling.Status.UITBETAALD:
            verwacht["uitbetaling"] = betaling.bedrag_cent
        geboekt = {soort: cent for soort, cent in boekingen.get(betaling.pk, {}).items() if cent}
        if geboekt != verwacht:
            yield f"{betaling}: geboekt {geboekt}, verwacht {verwacht}"


@controle("betaalbestanden zijn die van hun opdracht")
def bestanden_kloppen() -> Iterator[str]:
    """Every payment file that was made gives the same hash when it is made again."""
    for rij in Betaalbestand.objects.select_related("opdracht__oproep").order_by("pk").iterator(chunk_size=2000):
        if stel_bestand_op(rij.opdracht, rij.versie).sha256 != rij.sha256:
            yield f"{rij}: het bestand van nu heeft een andere SHA-256"


@controle("betaalopdrachten kloppen met hun regels")
def opdrachten_kloppen() -> Iterator[str]:
    """The control total of every order is that of its lines, and a payment under way stands in its order."""
    opdrachten = Betaalopdracht.objects.annotate(n=Count("regels"), som=Sum("regels__bedrag_cent"))
    for rij in opdrachten.iterator(chunk_size=2000):
        if (rij.n, rij.som) != (rij.aantal, rij.totaal_cent):
            yield f"{rij}: {rij.n} regels van {rij.som} cent, controletotaal {rij.aantal} en {rij.totaal_cent} cent"
    for betaling in Betaling.objects.filter(status__in=Betaling.VERTROKKEN, opdracht=None).iterator(chunk_size=2000):
        yield f"{betaling}: is vertrokken, maar heeft geen opdracht"
    onderweg = Betaling.objects.exclude(opdracht=None).select_related("schijf", "dossier")
    for betaling in onderweg.exclude(opdrachtregels__opdracht=F("opdracht")).iterator(chunk_size=2000):
        yield f"{betaling}: staat niet in de regels van opdracht {betaling.opdracht_id}"
