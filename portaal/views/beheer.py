"""The administrator's page: all calls, and who may sign for an organisation that is known but has no members."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kern import werkblad
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.weigering import GeenRecht
from oproepen.models import Oproep
from organisaties import services
from organisaties.forms import TekenbevoegdeForm
from organisaties.models import Organisatie
from organisaties.rechten import is_beheerder
from organisaties.resources import organisatieblad
from organisaties.verzoek import Verzoek

PER_PAGINA = 25


@require_GET
@aangemeld()
def beheer(request: Verzoek) -> HttpResponse:
    """List the calls, and the organisations by name or number."""
    if not is_beheerder(request.user):
        raise GeenRecht
    zoek = request.GET.get("zoek", "").replace("\x00", "").strip()[:100]
    cijfers = zoek.replace(".", "").replace(" ", "")
    rijen = Organisatie.objects.filter(geldig_tot=None).annotate(leden=Count("lidmaatschappen"))
    if zoek:
        op_nummer = Q(kbo__startswith=cijfers) if cijfers.isdigit() else Q()
        rijen = rijen.filter(Q(naam__icontains=zoek) | op_nummer if op_nummer else Q(naam__icontains=zoek))
    context = {
        "oproepen": Oproep.objects.order_by("titel"),
        "zoek": zoek,
        "pagina": Paginator(rijen.order_by("naam", "pk"), PER_PAGINA).get_page(request.GET.get("pagina")),
    }
    return render(request, "portaal/beheer.html", context)


@require_GET
@aangemeld()
def organisaties_bestand(request: Verzoek) -> FileResponse:
    """Give all organisations as a sheet."""
    if not is_beheerder(request.user):
        raise GeenRecht
    return werkblad.als_antwoord(organisatieblad(Organisatie.objects.all()), request.GET.get("formaat", ""))


@require_http_methods(["GET", "POST"])
@aangemeld()
def tekenbevoegde(request: Verzoek, pk: int) -> HttpResponse:
    """Give an organisation a tekenbevoegde."""
    rij = get_object_or_404(Organisatie, pk=pk)
    if not is_beheerder(request.user):
        raise GeenRecht
    form = TekenbevoegdeForm(invoer(request))
    if request.method == "POST" and form.is_valid():
        lid = probeer(form, lambda: services.wijs_tekenbevoegde_aan(rij, **form.cleaned_data, door=request.user))
        if lid is not None:
            messages.success(request, f"{lid.gebruiker.naam} is tekenbevoegde van {rij.naam}.")
            return redirect("beheer")
    leden = rij.lidmaatschappen.select_related("gebruiker").order_by("pk")
    context = {"organisatie": rij, "leden": leden, "form": form}
    return render(request, "portaal/tekenbevoegde.html", context, status=422 if form.errors else 200)
