"""Long exports: a list of more rows than a page should wait for is written by the runner of the outbox.

    @lijst("grootboek")
    def _grootboekblad(request): ...          the sheet that this request asks for

    return uitvoer.geef(request, "grootboek")    in the view: the file, or the question to make it in the background

Who asked gets a page that shows how far it is, a mail with the link, and for a week the file; nobody else does.
An export is no act: it changes nothing of what is exported, and leaves no event.
"""

import logging
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import get_resolver, reverse

from kern import klok, mails, outbox
from kern.models import Uitgaand, Uitvoer
from kern.uploads import BELEID
from kern.weigering import Weigering
from kern.werkblad import FORMATEN, Blad, als_antwoord

Status = Uitvoer.Status
Lijst = Callable[[Any], Blad]
L = TypeVar("L", bound=Lijst)
LIJSTEN: dict[str, Lijst] = {}

BEWAARTIJD = timedelta(days=7)
# How often the page hears how far it is, in rows.
STAP = 500
MISLUKT = (
    "Er ging iets mis bij het maken van dit bestand. Probeer het opnieuw; blijft het mislukken, verwittig ons dan."
)
_OPEN = (Status.WACHT, Status.BEZIG)
_log = logging.getLogger(__name__)


def lijst(naam: str) -> Callable[[L], L]:
    """Register the function that gives the sheet of a request; it uses only its `user` and its `GET`."""

    def registreer(functie: L) -> L:
        LIJSTEN[naam] = functie
        return functie

    return registreer


def geef(request: HttpRequest, naam: str) -> HttpResponse | FileResponse:
    """Return the file, or, for a list that takes long, the page that asks to make it in the background."""
    formaat = request.GET.get("formaat", "")
    formaat = formaat if formaat in FORMATEN else "xlsx"
    blad = LIJSTEN[naam](request)
    if not _meer_dan(blad.rijen, settings.UITVOER_DIRECT_RIJEN):
        return als_antwoord(blad, formaat)
    context = {"blad": blad, "lijst": naam, "vraag": request.GET.urlencode(), "formaat": formaat}
    return render(request, "portaal/uitvoer_vragen.html", context)


def vraag_aan(door: Any, *, lijst: str, vraag: str, formaat: str) -> Uitvoer:
    """Put an export ready for the runner, and return it; one that waits or runs already is that one.

    Raises KeyError for an unknown list or format, and what the list raises for who may not have it.
    """
    _blad(door, lijst, vraag)
    wat = {"lijst": lijst, "vraag": vraag, "formaat": formaat if formaat in FORMATEN else "xlsx"}
    with transaction.atomic():
        rij, nieuw = Uitvoer.objects.get_or_create(
            door=door, **wat, status__in=_OPEN, defaults={"gevraagd_op": klok.nu()}
        )
        if nieuw:
            _zet_klaar(rij)
    return rij


def opnieuw(rij: Uitvoer) -> None:
    """Try again what failed, or what was removed since."""
    with transaction.atomic():
        rij = Uitvoer.objects.select_for_update().get(pk=rij.pk)
        if not kan_opnieuw(rij):
            return
        rij.status, rij.poging, rij.gedaan, rij.totaal = Status.WACHT, rij.poging + 1, 0, 0
        rij.zin, rij.klaar_op, rij.vervalt_op = "", None, None
        rij.save()
        _zet_klaar(rij)


def kan_opnieuw(rij: Uitvoer) -> bool:
    """Return whether there is nothing left to wait for and no file."""
    return rij.status == Status.MISLUKT or is_vervallen(rij) or is_opgegeven(rij)


def is_vervallen(rij: Uitvoer) -> bool:
    """Return whether the file is past its time."""
    return rij.vervalt_op is not None and rij.vervalt_op <= klok.nu()


def is_opgegeven(rij: Uitvoer) -> bool:
    """Return whether the runner died on it too often."""
    if rij.status not in _OPEN:
        return False
    return Uitgaand.objects.filter(sleutel=_sleutel(rij), opgegeven_op__isnull=False).exists()


def als_bestand(rij: Uitvoer) -> FileResponse | None:
    """Return the response that sends the file, or None when it is not there (yet, or any more)."""
    if rij.status != Status.KLAAR or is_vervallen(rij) or not default_storage.exists(rij.pad):
        return None
    mime = FORMATEN[rij.formaat][1]
    antwoord = FileResponse(default_storage.open(rij.pad), as_attachment=True, filename=rij.naam, content_type=mime)
    antwoord["Cache-Control"] = "no-store"
    antwoord["Content-Security-Policy"] = BELEID
    return antwoord


def _sleutel(rij: Uitvoer) -> str:
    return f"uitvoer {rij.pk} poging {rij.poging}"


def _zet_klaar(rij: Uitvoer) -> None:
    outbox.zet_klaar("uitvoer", _sleutel(rij), {"uitvoer": rij.pk, "poging": rij.poging})


def _blad(door: Any, lijst: str, vraag: str) -> Blad:
    get_resolver().url_patterns  # noqa: B018  the views register their lists; a runner has not read them yet
    verzoek = HttpRequest()
    verzoek.user, verzoek.GET = door, QueryDict(vraag)
    return LIJSTEN[lijst](verzoek)


def _meer_dan(rijen: Any, aantal: int) -> bool:
    # What cannot be counted is short: a position per call or per year.
    return hasattr(rijen, "count") and bool(rijen.count() > aantal)


@outbox.uitvoerder("uitvoer")
def maak(inhoud: dict[str, Any]) -> None:
    """Write the file of an export; what goes wrong is kept with it as a sentence, for who asked."""
    rij = Uitvoer.objects.select_related("door").get(pk=inhoud["uitvoer"])
    if rij.status not in _OPEN or rij.poging != inhoud["poging"]:
        return
    try:
        _maak(rij)
    except Weigering as fout:
        _mislukt(rij, fout.zin)
    except Exception:  # noqa: BLE001  whatever it is, the person who waits hears of it
        _log.exception("uitvoer %s mislukt", rij.pk)
        _mislukt(rij, MISLUKT)


def _maak(rij: Uitvoer) -> None:
    if not rij.door.is_active:
        raise Weigering("geen_recht", "Deze gebruiker kan zich niet meer aanmelden.")
    blad = _blad(rij.door, rij.lijst, rij.vraag)
    totaal = blad.rijen.count() if hasattr(blad.rijen, "count") else 0
    Uitvoer.objects.filter(pk=rij.pk).update(status=Status.BEZIG, totaal=totaal, gedaan=0)
    geteld = replace(blad, rijen=_met_voortgang(rij, blad.resource.iter_queryset(blad.rijen)))
    with tempfile.TemporaryFile() as bestand:
        aantal = FORMATEN[rij.formaat][0](geteld, bestand)
        bestand.seek(0)
        pad = default_storage.save(f"uitvoer/{rij.pk}-{secrets.token_hex(16)}", File(bestand))
    rij.status, rij.gedaan, rij.totaal = Status.KLAAR, aantal, aantal
    rij.pad, rij.naam = pad, blad.bestandsnaam(rij.formaat)
    rij.klaar_op = klok.nu()
    rij.vervalt_op = rij.klaar_op + BEWAARTIJD
    with transaction.atomic():
        rij.save()
        weg = {"uitvoer": rij.pk, "pad": pad}
        outbox.zet_klaar("uitvoer_weg", f"{_sleutel(rij)} weg", weg, niet_voor=rij.vervalt_op)
        _mail(rij, blad)


def _mail(rij: Uitvoer, blad: Blad) -> None:
    mails.zet_mail_klaar(
        _sleutel(rij),
        aan=[rij.door.email],
        onderwerp=f"Uw bestand staat klaar: {blad.titel}",
        tekst=(
            f"Het bestand dat u vroeg ({blad.titel}, {rij.gedaan} rijen) staat klaar. U kunt het {BEWAARTIJD.days} "
            "dagen lang downloaden; u moet daarvoor aangemeld zijn."
        ),
        pad=reverse("uitvoer", args=[rij.pk]),
        knop="Naar het bestand",
    )


def _met_voortgang(rij: Uitvoer, rijen: Iterable[Any]) -> Iterator[Any]:
    for nummer, deel in enumerate(rijen, 1):
        if nummer % STAP == 0:
            Uitvoer.objects.filter(pk=rij.pk).update(gedaan=nummer)
            outbox.verleng(_sleutel(rij))
        yield deel


def _mislukt(rij: Uitvoer, zin: str) -> None:
    Uitvoer.objects.filter(pk=rij.pk).update(status=Status.MISLUKT, zin=zin)


@outbox.uitvoerder("uitvoer_weg")
def ruim_op(inhoud: dict[str, Any]) -> None:
    """Remove a file that is past its time."""
    if default_storage.exists(inhoud["pad"]):
        default_storage.delete(inhoud["pad"])
