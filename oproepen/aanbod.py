"""What a visitor can choose from: every public call with its phase, when one can submit, and who may apply."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, TextChoices

from kern import klok
from oproepen import queries
from oproepen.models import AangekondigdeRonde, Actie, Luik, Oproep, Ronde, Speerpunt, Voorwaarde

Rondes = list[Ronde] | list[AangekondigdeRonde]


class Fase(TextChoices):
    """Where a call stands for somebody who wants to apply."""

    OPEN = "open", "Nu open"
    KOMT = "komt", "Komt eraan"
    GESLOTEN = "gesloten", "Gesloten"


TOON = {Fase.OPEN: "goed", Fase.KOMT: "bezig", Fase.GESLOTEN: "neutraal"}


@dataclass(frozen=True)
class Kaart:
    """A call in a list. vanaf, tot: the round that counts now: open, else the next, else the last one."""

    oproep: Oproep
    fase: Fase
    vanaf: datetime | None = None
    tot: datetime | None = None

    @property
    def toon(self) -> str:
        """Return the colour of the phase."""
        return TOON[self.fase]

    @property
    def luik(self) -> Luik | None:
        """Return the first track: what one can get there stands on the card."""
        return next(iter(self.oproep.luiken.all()), None)


def kaarten(oproepen: Iterable[Oproep] | None = None, *, op: datetime | None = None) -> list[Kaart]:
    """Return the public calls (or these, read as `openbare_oproepen` does): open ones first, the most urgent on top."""
    moment = op or klok.nu()
    lijst = queries.openbare_oproepen() if oproepen is None else oproepen
    return sorted((kaart(oproep, moment) for oproep in lijst), key=_volgorde)


def kaart(oproep: Oproep, op: datetime) -> Kaart:
    """Return the card of a call (tracks, rounds and announced rounds read along) at a moment."""
    open_ = queries.open_rondes(oproep, op)
    if open_:
        ronde = min(open_, key=lambda r: r.sluit_op)
        return Kaart(oproep, Fase.OPEN, ronde.opent_op, ronde.sluit_op)
    rondes = _rondes(oproep)
    komend = [r for r in rondes if r.sluit_op is None or r.sluit_op > op]
    if oproep.status != Oproep.Status.AFGESLOTEN and (komend or not rondes):
        vanaf = min((r.opent_op for r in komend if r.opent_op and r.opent_op > op), default=None)
        return Kaart(oproep, Fase.KOMT, vanaf)
    tot = max((r.sluit_op for r in rondes if r.sluit_op), default=None)
    return Kaart(oproep, Fase.GESLOTEN, tot=tot)


def _rondes(oproep: Oproep) -> Rondes:
    """Return the rounds of a call; of an announced one those that its sources name, which bind nobody."""
    if oproep.status == Oproep.Status.AANGEKONDIGD:
        return list(oproep.aangekondigde_rondes.all())
    return [ronde for luik in oproep.luiken.all() for ronde in luik.rondes.all()]


def _volgorde(rij: Kaart) -> tuple[int, float, str]:
    moment = {Fase.OPEN: rij.tot, Fase.KOMT: rij.vanaf, Fase.GESLOTEN: rij.tot}[rij.fase]
    tijd = float("inf") if moment is None else moment.timestamp()
    return list(Fase).index(rij.fase), -tijd if rij.fase == Fase.GESLOTEN else tijd, rij.oproep.titel


def met_voorwaarden() -> list[Oproep]:
    """Return the public calls with the rules about kinds of organisations read along, for `mag_aanvragen`."""
    soort = Voorwaarde.objects.filter(soort=Voorwaarde.Soort.CATEGORIE)
    return list(queries.openbare_oproepen().prefetch_related(Prefetch("luiken__voorwaarden", soort, "op_categorie")))


def mag_aanvragen(oproep: Oproep, categorie: str) -> bool:
    """Return whether a kind of organisation may apply for a call (from `met_voorwaarden`): in one of its tracks.

    Of an announced call it is what its sources say.
    """
    if oproep.status == Oproep.Status.AANGEKONDIGD:
        return categorie in oproep.aangekondigde_aanvragers
    return any(
        all(categorie in voorwaarde.waarden for voorwaarde in luik.op_categorie)  # type: ignore[attr-defined]
        for luik in oproep.luiken.all()
    )


def themas() -> dict[str, Speerpunt]:
    """Return the priority of the plan that each call carries out, by the slug of the call."""
    acties = Actie.objects.exclude(oproep_slug="").select_related("speerpunt").order_by("plan_id", "nr")
    return {actie.oproep_slug: actie.speerpunt for actie in acties}
