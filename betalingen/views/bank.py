"""Pages about payment orders, and the accounts that are paid from."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from betalingen import queries, rechten, services
from betalingen.forms_bank import BestandForm, RekeningForm
from betalingen.models import Betaalopdracht
from kern import werkblad
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.uploads import BELEID
from kern.weigering import GeenRecht
from oproepen import rechten as oproeprechten
from organisaties.verzoek import Verzoek

PER_PAGINA = 50


def opdracht_of_404(request: Verzoek, pk: int) -> Betaalopdracht:
    """Return a payment order that this person sees."""
    return get_object_or_404(queries.opdrachten_voor(request.user), pk=pk)


@require_GET
@aangemeld()
def opdrachten(request: Verzoek) -> HttpResponse:
    """List the payment orders, newest first."""
    if not oproeprechten.is_personeel(request.user):
        raise GeenRecht
    rijen = queries.opdrachten_voor(request.user)
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {
        "pagina": pagina,
        "rijen": [(rij, queries.opdracht_status(rij)) for rij in pagina],
        "ziet_afschriften": rechten.ziet_afschriften(request.user),
    }
    return render(request, "betalingen/opdrachten.html", context)


@require_GET
@aangemeld()
def opdracht(request: Verzoek, pk: int) -> HttpResponse:
    """Show one order with its payments, its control total, and the files that were made of it."""
    return _pagina(request, opdracht_of_404(request, pk))


def _pagina(request: Verzoek, rij: Betaalopdracht, fout: BestandForm | None = None) -> HttpResponse:
    bestanden = list(rij.bestanden.select_related("gemaakt_door").order_by("nummer"))
    form = fout or _form(rij, invoer(request, "betaalopdracht_bestand"), al_gemaakt=bool(bestanden))
    mag = rechten.mag_bestand_maken(request.user, rij)
    context: dict[str, Any] = {
        "opdracht": rij,
        "status": queries.opdracht_status(rij),
        "regels": queries.regels_van(rij),
        "bestanden": bestanden,
        "mag_maken": mag,
        "waarschuwingen": services.waarschuwingen(rij, onderweg=rij.onderweg) if mag else [],  # type: ignore[attr-defined]
        "form": form,
    }
    return render(request, "betalingen/opdracht.html", context, status=422 if fout else 200)


@require_POST
@aangemeld("betaalopdracht", "pk")
def bestand(request: Verzoek, pk: int) -> HttpResponse:
    """Make the payment file and send it for download."""
    rij = opdracht_of_404(request, pk)
    form = _form(rij, request.POST, al_gemaakt=rij.bestanden.exists())
    if form.is_valid():
        gemaakt = probeer(form, lambda: services.geef_betaalbestand(rij, **form.cleaned_data, door=request.user))
        if gemaakt is not None:
            return _als_bijlage(gemaakt)
    return _pagina(request, rij, form)


def _form(rij: Betaalopdracht, data: QueryDict | None, *, al_gemaakt: bool) -> BestandForm:
    return BestandForm(data, al_gemaakt=al_gemaakt, extern=rij.extern)


def _als_bijlage(bestand: services.Bestand) -> HttpResponse:
    _, mime = werkblad.FORMATEN.get(bestand.versie, (None, "application/xml"))
    kop = {"Content-Disposition": f'attachment; filename="{bestand.naam}"', "Cache-Control": "no-store"}
    return HttpResponse(bestand.inhoud, content_type=mime, headers=kop | {"Content-Security-Policy": BELEID})


@require_http_methods(["GET", "POST"])
@aangemeld()
def rekeningen(request: Verzoek) -> HttpResponse:
    """Show and set the accounts that granters pay from."""
    if not oproeprechten.is_beheerder(request.user):
        raise GeenRecht
    form = RekeningForm(invoer(request))
    if request.method == "POST" and form.is_valid() and (rij := _stel_in(request, form)):
        messages.success(request, f"{rij.verstrekker} betaalt voortaan van deze rekening.")
        return redirect("rekeningen")
    context = {"rijen": queries.rekeningen(), "form": form}
    return render(request, "betalingen/rekeningen.html", context, status=422 if form.errors else 200)


def _stel_in(request: Verzoek, form: RekeningForm) -> Any | None:
    velden = {"verstrekker": form.cleaned_data["verstrekker"], "opdrachtgever": form.opdrachtgever()}
    return probeer(form, lambda: services.stel_rekening_in(request.user, **velden, door=request.user))
