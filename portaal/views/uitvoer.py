"""Pages of an export that is made in the background: ask for it, see how far it is, download it."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kern import uitvoer
from kern.aanmelden import aangemeld
from kern.models import Uitvoer
from organisaties.verzoek import Verzoek

LANGSTE_VRAAG = 2000


def _eigen(request: Verzoek, pk: int) -> Uitvoer:
    return get_object_or_404(Uitvoer, pk=pk, door=request.user)


@require_POST
@aangemeld("mijn_werk", knop=True)
def vragen(request: Verzoek) -> HttpResponse:
    """Put an export ready, and go to the page that shows how far it is."""
    lijst, vraag = request.POST.get("lijst", ""), request.POST.get("vraag", "")
    if lijst not in uitvoer.LIJSTEN or len(vraag) > LANGSTE_VRAAG or "\x00" in vraag:
        raise Http404
    rij = uitvoer.vraag_aan(request.user, lijst=lijst, vraag=vraag, formaat=request.POST.get("formaat", ""))
    return redirect("uitvoer", pk=rij.pk)


@require_http_methods(["GET", "POST"])
@aangemeld()
def tonen(request: Verzoek, pk: int) -> HttpResponse:
    """Show how far an export is, with the link once it is there; try it again when it failed or is gone."""
    rij = _eigen(request, pk)
    if request.method == "POST":
        uitvoer.opnieuw(rij)
        return redirect("uitvoer", pk=pk)
    opgegeven = uitvoer.is_opgegeven(rij)
    context = {
        "uitvoer": rij,
        "vervallen": uitvoer.is_vervallen(rij),
        "mislukt": opgegeven or rij.status == Uitvoer.Status.MISLUKT,
        "zin": rij.zin or uitvoer.MISLUKT,
    }
    return render(request, "portaal/uitvoer.html", context)


@require_GET
@aangemeld()
def bestand(request: Verzoek, pk: int) -> HttpResponseBase:
    """Send the file to who asked for it."""
    antwoord = uitvoer.als_bestand(_eigen(request, pk))
    if antwoord is None:
        raise Http404
    return antwoord
