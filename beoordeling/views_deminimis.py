"""Pages of the central register of de-minimis aid: what is to be reported, its sheet, and that it was."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from beoordeling import rechten, services
from beoordeling.register import met_termijn, steun, te_melden, zichtbaar_voor
from beoordeling.resources import deminimisblad
from dossiers.models import Dossier
from kern import klok, werkblad
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import DatumVeld, TekstVeld, probeer
from kern.weigering import GeenRecht
from oproepen import rechten as oproeprechten
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
TE_MELDEN = "te-melden"


class MeldForm(forms.Form):
    """The day and the reference of a report to the register."""

    datum = DatumVeld(label="Gemeld op")
    referentie = TekstVeld(label="Referentie van het register", max_length=100)


def _rijen(request: Verzoek) -> QuerySet[Dossier]:
    if not oproeprechten.is_personeel(request.user):
        raise GeenRecht
    rijen = zichtbaar_voor(request.user)
    return steun(te_melden(rijen) if request.GET.get("melding") == TE_MELDEN else rijen)


@require_GET
@aangemeld()
def lijst(request: Verzoek) -> HttpResponse:
    """List the awards of de-minimis aid, with until when they are to be reported."""
    pagina = Paginator(_rijen(request), PER_PAGINA).get_page(request.GET.get("pagina"))
    rijen = [met_termijn(rij) for rij in pagina]
    for rij in rijen:
        rij.mag_melden = rechten.mag_deminimis_melden(request.user, rij)
    context = {"pagina": pagina, "rijen": rijen, "te_melden": request.GET.get("melding") == TE_MELDEN}
    return render(request, "beoordeling/deminimis.html", context)


@require_GET
@aangemeld()
def bestand(request: Verzoek) -> FileResponse:
    """Give the list as a sheet."""
    return werkblad.als_antwoord(deminimisblad(_rijen(request)), request.GET.get("formaat", ""))


@require_http_methods(["GET", "POST"])
@aangemeld()
def melden(request: Verzoek, nummer: str) -> HttpResponse:
    """Record that an award was reported."""
    rij = get_object_or_404(steun(zichtbaar_voor(request.user)), nummer=nummer)
    if not rechten.mag_deminimis_melden(request.user, rij):
        raise GeenRecht
    if request.method == "GET" and hasattr(rij, "deminimismelding"):
        raise Http404
    form = MeldForm(invoer(request), initial={"datum": klok.vandaag()})
    if (
        request.method == "POST"
        and form.is_valid()
        and probeer(form, lambda: services.meld_deminimis(rij, **form.cleaned_data, door=request.user))
    ):
        messages.success(request, "De melding is genoteerd.")
        return redirect("deminimis")
    context = {"rij": met_termijn(rij), "form": form}
    return render(
        request, "beoordeling/deminimis_melden.html", context, status=422 if request.method == "POST" else 200
    )
