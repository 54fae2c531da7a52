"""Side effects as rows: written in the transaction of the act, worked off once by `manage.py werk`.

A row is claimed with a lease, so that the work of a runner that died is taken up again; a failure is tried
again later and later, and given up (and shown) after MAX_POGINGEN. Any number of runners may run on PostgreSQL.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from kern import klok
from kern.models import Uitgaand, VerstuurdStuk

LEASE = timedelta(minutes=5)
MAX_POGINGEN = 8

# Of a document that left: its name and SHA-256.
Stukmerk = tuple[str, str]
Uitvoerder = Callable[[dict[str, Any]], Sequence[Stukmerk] | None]

_uitvoerders: dict[str, Uitvoerder] = {}
_log = logging.getLogger(__name__)


def uitvoerder(soort: str) -> Callable[[Uitvoerder], Uitvoerder]:
    """Register the function that does side effects of kind `soort`.

    It gets the row's content, may run twice, and returns which documents left, if any.
    """

    def registreer(functie: Uitvoerder) -> Uitvoerder:
        _uitvoerders[soort] = functie
        return functie

    return registreer


def zet_klaar(soort: str, sleutel: str, inhoud: dict[str, Any], *, niet_voor: datetime | None = None) -> None:
    """Put a side effect in the outbox, in the running transaction; the same key a second time changes nothing.

    niet_voor: the moment from which it may be done; None: at once.
    """
    if soort not in _uitvoerders:
        raise KeyError(f"geen uitvoerder voor {soort}")
    if not connection.in_atomic_block:
        raise AssertionError("Een bijwerking hoort in de transactie van haar handeling.")
    nu = klok.nu()
    Uitgaand.objects.get_or_create(
        sleutel=sleutel,
        defaults={
            "soort": soort,
            "inhoud": inhoud,
            "gemaakt_op": nu,
            "niet_voor": niet_voor or nu,
            "nagespeeld": klok.nagespeeld(),
        },
    )


def werk_een_af() -> bool:
    """Do the next waiting side effect; return whether there was one."""
    rij = _claim()
    if rij is None:
        return False
    if rij.pogingen > MAX_POGINGEN:
        _stel_uit(rij, RuntimeError("elke poging brak af zonder verslag: de werker stierf"))
        return True
    try:
        stukken = _uitvoerders[rij.soort](rij.inhoud)
    except Exception as fout:  # noqa: BLE001  whatever goes wrong with one row, it is kept and tried again
        _log.exception("uitgaand %s mislukt", rij.sleutel)
        _stel_uit(rij, fout)
    else:
        _rond_af(rij, stukken or ())
    return True


def _rond_af(rij: Uitgaand, stukken: Sequence[Stukmerk]) -> None:
    nu = klok.nu()
    with transaction.atomic():
        VerstuurdStuk.objects.bulk_create(
            VerstuurdStuk(uitgaand=rij, naam=naam, sha256=sha256, verstuurd_op=nu) for naam, sha256 in stukken
        )
        Uitgaand.objects.filter(pk=rij.pk).update(klaar_op=nu, lease_tot=None, laatste_fout="")


def verleng(sleutel: str) -> None:
    """Say that a side effect that takes long is still being done, so that no other runner takes it over."""
    Uitgaand.objects.filter(sleutel=sleutel, klaar_op=None).update(lease_tot=klok.nu() + LEASE)


def werk_alles_af() -> int:
    """Do all waiting side effects; return how many."""
    aantal = 0
    while werk_een_af():
        aantal += 1
    return aantal


def sla_nagespeelde_over() -> int:
    """Mark what waits from before the clock was let go as done without doing it: nobody gets mail of a played past."""
    wachtend = Uitgaand.objects.filter(nagespeeld=True, klaar_op=None, opgegeven_op=None)
    return wachtend.update(klaar_op=klok.nu(), laatste_fout="nagespeeld, niet uitgevoerd")


def _claim() -> Uitgaand | None:
    nu = klok.nu()
    with transaction.atomic():
        wachtend = Uitgaand.objects.filter(
            Q(lease_tot=None) | Q(lease_tot__lt=nu), klaar_op=None, opgegeven_op=None, niet_voor__lte=nu
        ).order_by("niet_voor", "id")
        rij = wachtend.select_for_update(skip_locked=True).first()
        if rij is not None:
            rij.lease_tot = nu + LEASE
            rij.pogingen += 1
            rij.save(update_fields=["lease_tot", "pogingen"])
    return rij


def _stel_uit(rij: Uitgaand, fout: Exception) -> None:
    # Only our own attempt: another runner may have taken the row over, or even done it, in the meantime.
    eigen = Uitgaand.objects.filter(pk=rij.pk, pogingen=rij.pogingen, klaar_op=None)
    zin = f"{type(fout).__name__}: {fout}".encode(errors="backslashreplace").decode().replace("\x00", "\\x00")
    if rij.pogingen >= MAX_POGINGEN:
        eigen.update(lease_tot=None, laatste_fout=zin[:2000], opgegeven_op=klok.nu())
    else:
        later = klok.nu() + timedelta(seconds=15 * 4 ** (rij.pogingen - 1))
        eigen.update(lease_tot=None, laatste_fout=zin[:2000], niet_voor=later)
