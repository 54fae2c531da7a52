"""What staff do with the dossiers that they ticked in the list: all their documents at once, or a juror for each."""

import zipfile
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from beoordeling.services import wijs_toe
from dossiers.models import Dossier, Indiening
from dossiers.stukken import dossier_bestand
from kern import klok, uploads
from kern.aanmelden import aangemeld, invoer
from kern.mails import Stukbestand
from kern.weigering import GeenRecht, Weigering
from organisaties.models import Gebruiker
from organisaties.verzoek import Verzoek
from portaal.forms import ToewijzenForm
from portaal.views.lijsten import (
    NIETS_GEKOZEN,
    dossiers_voor,
    eis_personeel,
    gekozen_dossiers,
    is_behandelaar,
    niets_gekozen,
)


@require_GET
@aangemeld()
def dossiers_stukken(request: Verzoek) -> HttpResponseBase:
    """Give the chosen dossiers, each as it was handed in, in one zip file."""
    eis_personeel(request)
    dossiers = dossiers_voor(request.user).filter(pk__in=gekozen_dossiers(request.GET))
    indieningen = Indiening.objects.filter(dossier__in=dossiers).order_by("dossier_id", "volgnummer")
    velden = ("dossier__organisatie", "dossier__formulierversie", "dossier__ronde__luik__oproep", "bewaarde_inhoud")
    lezen = indieningen.select_related(*velden).prefetch_related("dossier__formulierversie__vragen")
    laatste = {indiening.dossier_id: indiening for indiening in lezen}
    if not laatste:
        return niets_gekozen(request)
    naam = f"dossiers-{klok.vandaag().isoformat()}.zip"
    return uploads.stuk_als_bijlage(Stukbestand(naam, _ingepakt(laatste.values()), "application/zip"))


def _ingepakt(indieningen: Any) -> bytes:
    """Return the zip; what was erased is named in a file of its own."""
    buffer, gewist = BytesIO(), []
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archief:
        for indiening in indieningen:
            bestand = dossier_bestand(indiening, met_rekening=True)  # staff of the track may read it
            if bestand is None:
                gewist.append(f"{indiening.dossier.nummer}\n")
            else:
                archief.writestr(bestand.naam, bestand.inhoud)
        if gewist:
            archief.writestr("gewist.txt", "De inhoud van deze dossiers is gewist:\n" + "".join(gewist))
    return buffer.getvalue()


@require_http_methods(["GET", "POST"])
@aangemeld()
def dossiers_toewijzen(request: Verzoek) -> HttpResponse:
    """Give a juror a sheet for each of the chosen dossiers, and tell of each what became of it."""
    if not is_behandelaar(request.user):
        raise GeenRecht
    getypt = invoer(request)
    # The address names what was ticked in the list; what is unticked here stays in sight.
    gekozen = gekozen_dossiers(request.GET) or gekozen_dossiers(getypt or request.GET)
    dossiers = dossiers_voor(request.user).filter(pk__in=gekozen).select_related("organisatie").order_by("pk")
    if not dossiers and request.method == "POST":
        raise Weigering("niets_gekozen", NIETS_GEKOZEN)
    if not dossiers:
        return niets_gekozen(request)
    form = ToewijzenForm(getypt, dossiers=dossiers, initial={"dossiers": gekozen})
    if request.method == "POST" and form.is_valid():
        jurylid = form.cleaned_data["jurylid"]
        uitkomst = [_wijs_toe(dossier, jurylid, request.user) for dossier in form.cleaned_data["dossiers"]]
        return render(request, "portaal/toegewezen.html", {"jurylid": jurylid, "uitkomst": uitkomst})
    return render(request, "portaal/toewijzen.html", {"form": form}, status=422 if form.errors else 200)


def _wijs_toe(dossier: Dossier, jurylid: Gebruiker, door: Gebruiker) -> dict[str, Any]:
    try:
        wijs_toe(dossier, jurylid=jurylid, door=door)
    except Weigering as fout:
        return {"dossier": dossier, "reden": fout.zin}
    return {"dossier": dossier, "reden": ""}
