"""Pages to bring a sheet back: choose a file, look at what it would do, confirm."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.inlezen import handelingen
from kern.inlezen.blad import BLADEN, Inleesblad, Overzicht, Uitkomst
from kern.models import Inlezing
from kern.weigering import GeenRecht, Weigering
from organisaties.models import Gebruiker
from organisaties.verzoek import Verzoek
from portaal.forms import InleesForm

PER_PAGINA = 100
RECENT = 20
# One of a kind, and more.
TELWOORDEN = {
    Uitkomst.GEWEIGERD: ("rij wordt geweigerd", "rijen worden geweigerd"),
    Uitkomst.NIEUW: ("rij is nieuw", "rijen zijn nieuw"),
    Uitkomst.GEWIJZIGD: ("rij wijzigt", "rijen wijzigen"),
    Uitkomst.ONGEWIJZIGD: ("rij blijft zoals ze is", "rijen blijven zoals ze zijn"),
}


def bladen_voor(gebruiker: Gebruiker) -> list[Inleesblad]:
    """Return the kinds of sheet that a person may bring back."""
    return [blad for blad in BLADEN.values() if blad.mag(gebruiker)]


@require_http_methods(["GET", "POST"])
@aangemeld()
def inlezen(request: Verzoek) -> HttpResponse:
    """Choose a sheet to bring back; the ones that this person brought back before stand below."""
    bladen = bladen_voor(request.user)
    if not bladen:
        raise GeenRecht
    gekozen = request.GET.get("soort", "")
    form = InleesForm(invoer(request), request.FILES or None, bladen=bladen, initial={"soort": gekozen})
    if request.method == "POST" and form.is_valid():
        v = form.cleaned_data
        inlezing = probeer(form, lambda: handelingen.lees_upload(v["soort"], v["bestand"], door=request.user))
        if inlezing is not None:
            return redirect("inlezing", pk=inlezing.pk)
    eigen = Inlezing.objects.filter(door=request.user, soort__in=[b.naam for b in bladen]).select_related("bestand")
    context = {"form": form, "bladen": bladen, "eigen": [(rij, BLADEN[rij.soort].titel) for rij in eigen[:RECENT]]}
    return render(request, "portaal/inlezen.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@aangemeld()
def inlezing(request: Verzoek, pk: int) -> HttpResponse:
    """Show what a file would do, problems first; do it when that was confirmed."""
    rij = get_object_or_404(Inlezing.objects.filter(door=request.user).select_related("bestand"), pk=pk)
    if rij.soort not in BLADEN or not BLADEN[rij.soort].mag(request.user):
        raise GeenRecht
    fout = None
    if request.method == "POST":
        try:
            handelingen.bevestig(rij, gezien=request.POST.get("gezien", ""), door=request.user)
        except GeenRecht:
            raise
        except Weigering as weigering:
            fout = weigering
        else:
            messages.success(request, "Het bestand is ingelezen.")
            return redirect("inlezing", pk=pk)
    return _pagina(request, get_object_or_404(Inlezing.objects.select_related("bestand"), pk=pk), fout)


def _pagina(request: Verzoek, rij: Inlezing, fout: Weigering | None) -> HttpResponse:
    klaar = rij.status == Inlezing.Status.INGELEZEN
    context: dict[str, Any] = {"inlezing": rij, "blad": BLADEN[rij.soort], "klaar": klaar}
    if not klaar:
        try:
            context |= _overzicht(request, handelingen.bekijk(rij, door=request.user))
        except Weigering as onleesbaar:
            fout = fout or onleesbaar
    context["fouten"] = [{"tekst": fout.zin, "doel": ""}] if fout else []
    return render(request, "portaal/inlezing.html", context, status=409 if fout else 200)


def _overzicht(request: Verzoek, overzicht: Overzicht) -> dict[str, Any]:
    blokkade = overzicht.blokkade
    aantal = len(overzicht.te_doen)
    return {
        "tellingen": [
            (uitkomst, overzicht.aantal(uitkomst), TELWOORDEN[uitkomst][overzicht.aantal(uitkomst) != 1])
            for uitkomst in Uitkomst
        ],
        "pagina": Paginator(overzicht.problemen_eerst, PER_PAGINA).get_page(request.GET.get("pagina")),
        "som_cent": overzicht.som_cent,
        "bevestigen": {
            "label": f"{aantal} {'rij' if aantal == 1 else 'rijen'} inlezen",
            "url": request.path,
            "reden": blokkade.zin if blokkade else None,
            "uitleg": "Alles wordt ingelezen, of niets.",
            "velden": {"gezien": overzicht.vingerafdruk},
            "naam": "bevestigen",
        },
    }
