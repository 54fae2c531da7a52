"""What one may ask about calls."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from kern import klok
from oproepen import rechten
from oproepen.models import Actie, Betaalschijf, Formulierversie, Luik, Oproep, Ronde, Taak, Verslagmoment


def openbare_oproepen() -> QuerySet[Oproep]:
    """Return the calls that everybody sees, with tracks, rounds and announced rounds read along."""
    rondes = Prefetch("luiken__rondes", Ronde.objects.select_related("luik__oproep"))
    return rechten.openbaar(Oproep.objects.all()).prefetch_related("luiken", rondes, "aangekondigde_rondes")


@dataclass
class Luikinhoud:
    """A track with what belongs to it."""

    luik: Luik
    schijven: list[Betaalschijf] = field(default_factory=list)
    rondes: dict[int, Ronde] = field(default_factory=dict)
    momenten: dict[int, Verslagmoment] = field(default_factory=dict)


def luiken_met_inhoud(oproep: Oproep) -> list[Luikinhoud]:
    """Return the tracks of a published call, in two queries; each has instalments and a round (`oproep_volledig`).

    The second query gives every round beside every report of its track: both are few.
    """
    uit: dict[int, Luikinhoud] = {}
    schijven = Betaalschijf.objects.filter(luik__oproep=oproep).select_related("luik__kostenregeling")
    schijven = schijven.order_by("luik_id", "volgorde")
    for schijf in schijven:
        schijf.luik.oproep = oproep
        uit.setdefault(schijf.luik_id, Luikinhoud(schijf.luik)).schijven.append(schijf)
    moment = {f"moment_{veld}": F(f"luik__verslagmomenten__{veld}") for veld in ("pk", "soort", "uiterlijk")}
    rondes = (
        Ronde.objects.filter(luik__in=uit)
        .annotate(**moment)
        .order_by("luik_id", "nummer", "luik__verslagmomenten__uiterlijk")
    )
    for ronde in rondes:
        inhoud: Any = uit[ronde.luik_id]
        ronde.luik = inhoud.luik
        inhoud.rondes.setdefault(ronde.pk, ronde)
        pk, soort, uiterlijk = ronde.moment_pk, ronde.moment_soort, ronde.moment_uiterlijk  # type: ignore[attr-defined]
        if pk is not None:
            inhoud.momenten[pk] = Verslagmoment(pk=pk, luik=inhoud.luik, soort=soort, uiterlijk=uiterlijk)
    return list(uit.values())


def open_rondes(oproep: Oproep, moment: datetime | None = None) -> list[Ronde]:
    """Return the rounds of a call (tracks and rounds read along) in which one can submit at `moment` (now)."""
    op = moment or klok.nu()
    return [ronde for luik in oproep.luiken.all() for ronde in luik.rondes.all() if ronde.is_open(op)]


def geldend_formulier(oproep: Oproep) -> Formulierversie:
    """Return the newest form version of a call."""
    return oproep.formulierversies.order_by("-nummer")[:1].get()


def luiken_van(oproepen: QuerySet[Oproep]) -> QuerySet[Luik]:
    """Return the tracks of these calls, in fixed order."""
    return Luik.objects.filter(oproep__in=oproepen).order_by("oproep__slug", "slug")


def acties_van_plannen() -> QuerySet[Actie]:
    """Return the actions of all plans in order, with priority and budget lines read along."""
    return Actie.objects.select_related("plan", "speerpunt").prefetch_related("budgetten").order_by("plan__van", "nr")


def adressen_met_taak(luik: Luik, *rollen: str) -> list[str]:
    """Return the addresses of the people with one of these roles for a track, for mail that asks them something."""
    taken = Taak.objects.filter(Q(luik=None) | Q(luik_id=luik.pk), oproep_id=luik.oproep_id, rol__in=rollen)
    return list(taken.filter(gebruiker__is_active=True).values_list("gebruiker__email", flat=True))
