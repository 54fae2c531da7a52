"""Payment orders, and the accounts that are paid from."""

from typing import Any

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When

from betalingen import rechten
from betalingen.models import (
    Afschrift,
    Afschriftregel,
    Betaalopdracht,
    Betaling,
    Boekhouding,
    Opdrachtregel,
    Rekening,
    Terugvordering,
)
from kern import ketens
from oproepen.models import Oproep
from organisaties.models import Gebruiker

TE_DOEN = (Afschriftregel.Status.VOORSTEL, Afschriftregel.Status.OPEN)


def opdrachten() -> QuerySet[Betaalopdracht]:
    """Return all orders, newest first, with how many of their payments are under way and how many are paid."""
    return (
        Betaalopdracht.objects.select_related("oproep", "verstuurd_door")
        .annotate(
            onderweg=Count("betalingen", filter=Q(betalingen__status=Betaling.Status.VERSTUURD)),
            betaald=Count("betalingen", filter=Q(betalingen__status=Betaling.Status.UITBETAALD)),
        )
        .order_by("-pk")
    )


def opdrachten_voor(gebruiker: Gebruiker) -> QuerySet[Betaalopdracht]:
    """Return the orders that a person sees, as `opdrachten`."""
    return rechten.opdrachten_zichtbaar_voor(opdrachten(), gebruiker)


def opdracht_status(opdracht: Any) -> tuple[str, str]:
    """Return code and name of how far an order of `opdrachten` is; it follows from its payments and is not stored."""
    if opdracht.betaald == opdracht.aantal:
        return "uitbetaald", "Uitbetaald"
    if not opdracht.onderweg:
        return "afgehandeld", "Afgehandeld, niet alles uitbetaald"
    return ("deels_uitbetaald", "Deels uitbetaald") if opdracht.betaald else ("verstuurd", "Verstuurd")


def regels_van(opdracht: Betaalopdracht) -> QuerySet[Opdrachtregel]:
    """Return the payments of an order as they left, with the payments themselves read along."""
    lezen = ("opdracht", "betaling__dossier", "betaling__schijf")
    return Opdrachtregel.objects.filter(opdracht=opdracht).select_related(*lezen).order_by("betaling_id")


def rekeningen() -> list[tuple[str, Rekening | None]]:
    """Return the granters of all calls with the account that each pays from now."""
    laatste = {rij.verstrekker: rij for rij in Rekening.objects.select_related("ingesteld_door").order_by("pk")}
    namen = Oproep.objects.order_by("verstrekker").values_list("verstrekker", flat=True).distinct()
    return [(naam, laatste.get(naam)) for naam in namen]


def boekhoudingen() -> list[tuple[str, Boekhouding | None]]:
    """Return the granters of all calls with where each keeps its books now; None: here."""
    laatste = {rij.verstrekker: rij for rij in Boekhouding.objects.select_related("ingesteld_door").order_by("pk")}
    namen = Oproep.objects.order_by("verstrekker").values_list("verstrekker", flat=True).distinct()
    return [(naam, laatste.get(naam)) for naam in namen]


def laatste_weigering(betaling: Betaling) -> dict[str, Any] | None:
    """Return when and why the bank refused or returned a payment last; None when it never did, or it was erased."""
    feit = (
        ketens.gebeurtenissen_van(betaling)
        .filter(van__in=Betaling.VERTROKKEN, naar=Betaling.Status.TE_CONTROLEREN)
        .last()
    )
    return ketens.inhoud_van(feit) if feit else None


def afschriften_voor(gebruiker: Gebruiker) -> QuerySet[Afschrift]:
    """Return the statements that a person sees, newest first, with how many lines each has and how many wait."""
    rijen = Afschrift.objects.select_related("rekening", "ingelezen_door").annotate(
        aantal=Count("bankregels"),
        te_doen=Count("bankregels", filter=Q(bankregels__uitkomst__status__in=TE_DOEN)),
    )
    return rechten.afschriften_zichtbaar_voor(rijen, gebruiker).order_by("-pk")


def regels_van_afschrift(afschrift: Afschrift) -> QuerySet[Afschriftregel]:
    """Return the lines of a statement with their payments; what waits for a person comes first."""
    rang = Case(When(status__in=TE_DOEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    betalingen = Betaling.objects.select_related("dossier", "schijf").order_by("pk")
    rijen = Afschriftregel.objects.filter(regel__afschrift=afschrift).select_related("regel")
    terug = Terugvordering.objects.select_related("dossier").order_by("pk")
    mee = (Prefetch("betalingen", betalingen), Prefetch("terugvorderingen", terug))
    return rijen.prefetch_related(*mee).order_by(rang, "pk")
