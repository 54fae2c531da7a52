"""Checks of `manage.py controleer` on the money."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Sum

from betalingen import grootboek, queries
from betalingen.models import (
    AANTALLEN,
    Begrotingsjaar,
    Betaalbestand,
    Betaalopdracht,
    Betaling,
    Journaalregel,
    Limietregel,
    Ontvangst,
    Opdrachtregel,
    Saldoafrekening,
    Stand,
    Terugvordering,
    Vastleggingsnummer,
)
from betalingen.services import stel_bestand_op
from dossiers.models import Dossier
from kern import ketens, uploads
from kern.controles import controle
from kern.geld import euro_tekst
from kern.models import Gebeurtenis


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


# What undoes a kind of booking counts with it.
TEGEN = {Journaalregel.Soort.TEGENVEREFFENING.value: Journaalregel.Soort.VEREFFENING.value}


@controle("betalingen komen overeen met het grootboek")
def betalingen_geboekt() -> Iterator[str]:
    """Every payment that ever left is charged once, also when it came back; only what is paid is booked as paid.

    What lapsed with its project is charged no more.

    What left for an outside system is charged when that system says so, and before it is paid.
    """
    boekingen: dict[int, dict[str, int]] = {}
    for betaling_id, soort, cent in Journaalregel.objects.exclude(betaling=None).values_list(
        "betaling_id", "soort", "bedrag_cent"
    ):
        per_soort = boekingen.setdefault(betaling_id, {})
        telt_bij = TEGEN.get(soort, soort)
        per_soort[telt_bij] = per_soort.get(telt_bij, 0) + cent
    vertrokken = set(Opdrachtregel.objects.values_list("betaling_id", flat=True))
    hier = set(Opdrachtregel.objects.filter(opdracht__extern=False).values_list("betaling_id", flat=True))
    verrekend = _per_sleutel(Ontvangst.objects.exclude(betaling=None), "betaling_id", "bedrag_cent")
    for betaling in Betaling.objects.select_related("schijf", "dossier").iterator(chunk_size=2000):
        # What was set off was charged and paid at once, and is no part of the amount any more.
        eerder = verrekend.get(betaling.pk, 0)
        vervallen = betaling.status == Betaling.Status.VERVALLEN
        weg = not vervallen and (betaling.pk in vertrokken or betaling.status in Betaling.VERTROKKEN)
        betaald = betaling.status == Betaling.Status.UITBETAALD
        if (
            betaling.pk in vertrokken - hier
            and not betaald
            and boekingen.get(betaling.pk, {}).get("vereffening", 0) == eerder
        ):
            weg = False  # its charge was not reported yet
        verwacht = {
            "vereffening": eerder + (betaling.bedrag_cent if weg else 0),
            "uitbetaling": eerder + (betaling.bedrag_cent if betaald else 0),
        }
        verwacht = {soort: cent for soort, cent in verwacht.items() if cent}
        geboekt = {soort: cent for soort, cent in boekingen.get(betaling.pk, {}).items() if cent}
        if geboekt != verwacht:
            yield f"{betaling}: geboekt {geboekt}, verwacht {verwacht}"


@controle("terugvorderingen komen overeen met het grootboek")
def terugvorderingen_geboekt() -> Iterator[str]:
    """Every claim and all that came in on it is booked, and the totals of a recovery are those of its receipts."""
    boekingen: dict[int, dict[str, int]] = {}
    regels = Journaalregel.objects.filter(soort__in=("terugvordering", "ontvangst")).order_by()
    for sleutel, soort, som in regels.values_list("terugvordering_id", "soort").annotate(som=Sum("bedrag_cent")):
        boekingen.setdefault(sleutel, {})[soort] = som
    hoofdsom = _per_sleutel(Ontvangst.objects.all(), "terugvordering_id", "hoofdsom_cent")
    interest = _per_sleutel(Ontvangst.objects.all(), "terugvordering_id", "interest_cent")
    for rij in Terugvordering.objects.iterator(chunk_size=2000):
        gevonden = (hoofdsom.get(rij.pk, 0), interest.get(rij.pk, 0))
        if gevonden != (rij.ontvangen_cent, rij.interest_ontvangen_cent):
            yield f"{rij}: ontvangen {gevonden} cent, in de rij {rij.ontvangen_cent} en {rij.interest_ontvangen_cent}"
        geclaimd = (rij.bedrag_cent or 0) - rij.afgeschreven_cent if rij.kennisgegeven_op else 0
        verwacht = {"terugvordering": geclaimd + rij.interest_ontvangen_cent, "ontvangst": sum(gevonden)}
        geboekt = {soort: cent for soort, cent in boekingen.get(rij.pk, {}).items() if cent}
        if geboekt != {soort: cent for soort, cent in verwacht.items() if cent}:
            yield f"{rij}: geboekt {geboekt}, verwacht {verwacht}"


def _per_sleutel(rijen: QuerySet[Ontvangst], sleutel: str, veld: str) -> dict[int, int]:
    return dict(rijen.order_by().values_list(sleutel).annotate(som=Sum(veld)))


@controle("betaalbestanden zijn die van hun opdracht")
def bestanden_kloppen() -> Iterator[str]:
    """Every payment file gives the same hash when it is made again; a sheet shows states, so it is not compared."""
    rijen = Betaalbestand.objects.exclude(rekening=None).select_related("opdracht__oproep").order_by("pk")
    for rij in rijen.iterator(chunk_size=2000):
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


@controle("afrekeningen van een saldo kloppen")
def afrekeningen_kloppen() -> Iterator[str]:
    """A balance is the smallest term less what was paid, and its payment is that or, after a cancellation, less."""
    for rij in Saldoafrekening.objects.select_related("betaling__schijf", "betaling__dossier").iterator(
        chunk_size=2000
    ):
        berekend = rij.hoogstens_cent - rij.betaald_cent
        if rij.saldo_cent != berekend:
            yield f"{rij}: saldo {euro_tekst(rij.saldo_cent)}, berekend {euro_tekst(berekend)}"
        vervalt = rij.betaling.status == Betaling.Status.VERVALLEN
        if rij.saldo_cent > 0 and not vervalt and rij.betaling.bedrag_cent > rij.saldo_cent:
            zin = f"saldo {euro_tekst(rij.saldo_cent)}, betaling {euro_tekst(rij.betaling.bedrag_cent)}"
            yield f"{rij}: {zin}"
        if rij.saldo_cent <= 0 and not vervalt:
            yield f"{rij}: er is niets te betalen, maar de betaling is {rij.betaling.get_status_display().lower()}"


@controle("goedgekeurde betalingen zijn wat goedgekeurd werd")
def goedkeuringen_kloppen() -> Iterator[str]:
    """Amount and account of a payment that was approved are those of its approval, as its chain keeps them."""
    vast = (*Betaling.VERTROKKEN, Betaling.Status.TWEEDE_CONTROLE, Betaling.Status.GOEDGEKEURD)
    laatste = Gebeurtenis.objects.filter(
        keten__soort="betaling", keten__object_id=OuterRef("pk"), handeling="betaling.keur_goed"
    ).order_by("-nummer")
    inhoud = Subquery(laatste.values("bewaarde_inhoud__inhoud")[:1])
    rijen = Betaling.objects.filter(status__in=vast).annotate(goedkeuring=inhoud).select_related("schijf", "dossier")
    for rij in rijen.iterator(chunk_size=2000):
        if rij.goedkeuring is None:
            continue  # erased by an act of privacy
        keur = json.loads(bytes(rij.goedkeuring))
        if (keur["bedrag_cent"], keur["iban"]) != (rij.bedrag_cent, rij.iban):
            yield (
                f"{rij}: goedgekeurd {euro_tekst(keur['bedrag_cent'])} naar {keur['iban']}, nu "
                f"{euro_tekst(rij.bedrag_cent)} naar {rij.iban}"
            )


@controle("afgesloten begrotingsjaren zijn zoals ze afgesloten werden")
def afgesloten_jaren_kloppen() -> Iterator[str]:
    """Nothing was booked in a closed year since; its encours and its reports are those of the event that closed it."""
    for rij in Begrotingsjaar.objects.filter(status=Begrotingsjaar.Status.AFGESLOTEN).iterator(chunk_size=2000):
        feit = ketens.gebeurtenissen_van(rij).filter(naar=rij.status).last()
        inhoud = (feit and ketens.inhoud_van(feit)) or {}
        regels = queries.vast_in_jaar(rij.jaar)
        laatste = inhoud.get("laatste_boeking")
        later = regels.filter(geboekt_op__gt=rij.afgesloten_op) if laatste is None else regels.filter(pk__gt=laatste)
        for regel in later.order_by("pk").iterator(chunk_size=2000):
            yield f"begrotingsjaar {rij}: boeking {regel.pk} ({regel}) is van na de afsluiting"
        if laatste is not None:
            yield from _zoals_afgesloten(rij, inhoud)


def _zoals_afgesloten(rij: Begrotingsjaar, inhoud: dict[str, Any]) -> Iterator[str]:
    encours = queries.encours_op(queries.laatste_dag(rij.jaar))
    if encours != inhoud["encours_cent"]:
        toen = euro_tekst(inhoud["encours_cent"])
        yield f"begrotingsjaar {rij}: encours {euro_tekst(encours)}, bij de afsluiting {toen}"
    verwacht = {rapport["oproep"]: rapport["sha256"] for rapport in inhoud["rapporten"]}
    rapporten = rij.rapporten.select_related("oproep", "bestand").order_by("pk")
    for rapport in rapporten:
        if uploads.sha256_van(rapport.bestand) != verwacht.pop(rapport.oproep.slug, ""):
            yield f"begrotingsjaar {rij}: het rapport van {rapport.oproep.slug} heeft een andere SHA-256"
    for slug in verwacht:
        yield f"begrotingsjaar {rij}: het rapport van {slug} ontbreekt"


@controle("vastleggingsnummers horen bij een geboekte vastlegging")
def vastleggingsnummers_kloppen() -> Iterator[str]:
    """Every number of an outside system stands with a commitment of its own day, and that of its granter."""
    regels = Journaalregel.objects.filter(soort=Journaalregel.Soort.VASTLEGGING, dossier=OuterRef("dossier"))
    rijen = Vastleggingsnummer.objects.annotate(geboekt=Exists(regels.filter(feitdatum=OuterRef("datum"))))
    los = rijen.exclude(geboekt=True, verstrekker=F("dossier__ronde__luik__oproep__verstrekker"))
    for rij in los.select_related("dossier"):
        yield f"vastleggingsnummer {rij.nummer} van {rij.dossier.nummer} hoort bij geen geboekte vastlegging"
