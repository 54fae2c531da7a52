"""The one road for every change of state: register, transaction, locks, right, guards, transition, event.

    @handeling("dossier.dien_in", "Dossier indienen", mag=rechten.mag_bewerken, sloten=_ronde)
    def dien_in(dossier, *, door, ontvangen_op): ...

The decorated service opens the transaction, takes the locks in order, reads the object again, checks the right
and only then runs the body. docs/een-handeling.md writes one act out in full.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import models, transaction
from django_fsm import Transition

from kern import ketens
from kern import sloten as rijsloten
from kern.models import Gebeurtenis
from kern.wachters import Wachter
from kern.weigering import GeenRecht, Weigering, beperkingen_als_weigering

M = TypeVar("M", bound=models.Model)
Sloten = Mapping[type[models.Model], Iterable[int]]


@dataclass(frozen=True)
class Handeling:
    """One act as it stands in the register."""

    naam: str
    omschrijving: str
    functie: Callable[..., Any]
    mag: Callable[[Any, Any], bool]


REGISTER: dict[str, Handeling] = {}


@dataclass
class _Lopend:
    naam: str
    gebeurtenissen: int = 0


_lopend: ContextVar[_Lopend | None] = ContextVar("lopende_handeling", default=None)


def handeling(
    naam: str,
    omschrijving: str,
    *,
    mag: Callable[[Any, Any], bool],
    sloten: Callable[..., Sloten] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a service an act of the register.

    naam: 'object.werkwoord', as written in every event; omschrijving: Dutch, for docs and timeline;
    mag: who may, asked with the actor and the freshly read object, under the locks;
    sloten: gives the rows to lock besides the object itself, called as the service is but without the actor.
    The service is called as `service(obj, ..., door=user)`; it raises Weigering and then nothing has changed.
    """

    def registreer(functie: Callable[..., Any]) -> Callable[..., Any]:
        if naam in REGISTER:
            raise ValueError(f"handeling {naam} bestaat al")

        @wraps(functie)
        def uitvoeren(obj: models.Model, *args: Any, door: Any, **kwargs: Any) -> Any:
            if _lopend.get() is not None:
                raise AssertionError(f"{naam} binnen een andere handeling: deel de gewone functie, niet de handeling.")
            lopend = _Lopend(naam)
            merk = _lopend.set(lopend)
            try:
                with _transactie():
                    vers = _vergrendel(obj, sloten(obj, **kwargs) if sloten else {})
                    if not mag(door, vers):
                        raise GeenRecht
                    uitkomst = functie(vers, *args, door=door, **kwargs)
                    if not lopend.gebeurtenissen:
                        raise AssertionError(f"{naam} schreef geen gebeurtenis.")
                    return uitkomst
            finally:
                _lopend.reset(merk)

        REGISTER[naam] = Handeling(naam, omschrijving, uitvoeren, mag)
        return uitvoeren

    return registreer


def noteer(
    obj: models.Model, *, door: Any, van: str = "", naar: str = "", inhoud: dict[str, Any] | None = None
) -> Gebeurtenis:
    """Write the event of the running act to the chain of `obj`."""
    lopend = _lopend.get()
    if lopend is None:
        raise AssertionError("Een gebeurtenis hoort bij een handeling.")
    lopend.gebeurtenissen += 1
    return ketens.schrijf(obj, lopend.naam, door=door, van=van, naar=naar, inhoud=inhoud)


def voer_uit(obj: Any, overgang: str, *, door: Any, inhoud: dict[str, Any] | None = None) -> Gebeurtenis:
    """Run FSM transition `overgang` of `obj`, save it and write the event; Weigering when it is not possible now."""
    blokkade = blokkade_van(obj, overgang)
    if blokkade is not None:
        raise blokkade
    van = obj.status
    getattr(obj, overgang)()
    obj.save()
    return noteer(obj, door=door, van=van, naar=obj.status, inhoud=inhoud)


def blokkade_van(obj: Any, overgang: str) -> Weigering | None:
    """Return the refusal that transition `overgang` would meet now, or None. Pages ask this for their buttons."""
    return next(_blokkades(obj, overgang), None)


def _blokkades(obj: Any, overgang: str) -> Iterator[Weigering]:
    stap = _stap_van(obj, overgang)
    if stap is None:
        zin = f"Dit kan niet: {obj._meta.verbose_name} heeft de status '{obj.get_status_display().lower()}'."
        yield Weigering("verkeerde_status", zin)
        return
    for conditie in stap.conditions:
        if not isinstance(conditie, Wachter):
            raise TypeError(f"{overgang}: een voorwaarde is een Wachter.")
        reden = conditie.reden(obj)
        if reden is not None:
            yield Weigering(conditie.code, reden)


def redenen_tegen(obj: Any, overgang: str) -> list[str]:
    """Return the sentences of everything that stands in the way of a transition now."""
    return [blokkade.zin for blokkade in _blokkades(obj, overgang)]


def reden_tegen(obj: Any, overgang: str) -> str | None:
    """Return the sentence of `blokkade_van`, or None."""
    blokkade = blokkade_van(obj, overgang)
    return blokkade.zin if blokkade else None


def _stap_van(obj: Any, overgang: str) -> Transition | None:
    stap: Transition | None = getattr(type(obj), overgang)._django_fsm.get_transition(obj.status)  # noqa: SLF001  no public name
    return stap


@contextmanager
def samen(sloten: Callable[[], Sloten]) -> Iterator[None]:
    """Run several acts in one transaction: all of them, or nothing when one is refused.

    sloten: gives every row that any of the acts locks, chains apart. They are taken here, in order: acts that take
    them one after another could otherwise wait for each other. A chain is only taken under the lock of its object.
    """
    if _lopend.get() is not None:
        raise AssertionError("Handelingen samen doen kan niet binnen een handeling.")
    with _transactie():
        vragen = sloten()
        for soort in sorted(vragen, key=lambda m: settings.SLOTVOLGORDE.index(m._meta.label_lower)):
            rijsloten.neem(soort, vragen[soort])
        yield


def _vergrendel(obj: M, extra: Sloten) -> M:
    vragen = {model: set(sleutels) for model, sleutels in extra.items()}
    model = obj.__class__  # the user of a request is a lazy object: type() does not see through it
    if model._meta.label_lower in settings.SLOTVOLGORDE:
        vragen.setdefault(model, set()).add(obj.pk)
    vers: M | None = None
    for soort in sorted(vragen, key=lambda m: settings.SLOTVOLGORDE.index(m._meta.label_lower)):
        for rij in rijsloten.neem(soort, vragen[soort]):
            if isinstance(rij, model) and rij.pk == obj.pk:
                vers = rij
    return vers if vers is not None else model._default_manager.get(pk=obj.pk)


@contextmanager
def _transactie() -> Iterator[None]:
    with rijsloten.nieuwe_transactie(), beperkingen_als_weigering(), transaction.atomic():
        yield
