"""Pages about what blocks payments: the list, a new one from a dossier, one with its document and how it is lifted."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from betalingen import queries, rechten, services
from betalingen.forms_belemmering import BelemmeringFilter, BelemmeringForm, OpheffenForm
from betalingen.models import Betaalbelemmering, Betaling
from betalingen.resources import belemmeringblad
from dossiers import rechten as dossierrechten
from dossiers.models import Dossier
from kern import klok, uploads, werkblad
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.weigering import GeenRecht
from oproepen import rechten as oproeprechten
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
Status = Betaalbelemmering.Status


def _lijst(request: Verzoek) -> tuple[BelemmeringFilter, QuerySet[Betaalbelemmering], list[tuple[str, str]]]:
    if not oproeprechten.is_personeel(request.user):
        raise GeenRecht
    form = BelemmeringFilter(request.GET)
    waarden = {naam: form.waarde(naam) for naam in form.fields}
    getoond = [(str(form.fields[naam].label), str(waarde)) for naam, waarde in waarden.items() if waarde]
    return form, queries.belemmeringen_gefilterd(queries.belemmeringen_voor(request.user), **waarden), getoond


@require_GET
@aangemeld()
def belemmeringen(request: Verzoek) -> HttpResponse:
    """List what blocks payments, the newest first."""
    form, rijen, _ = _lijst(request)
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    return render(request, "betalingen/belemmeringen.html", {"form": form, "pagina": pagina})


@require_GET
@aangemeld()
def bestand(request: Verzoek) -> FileResponse:
    """Give the list as a sheet, with the same filters."""
    _, rijen, getoond = _lijst(request)
    return werkblad.als_antwoord(belemmeringblad(rijen, getoond), request.GET.get("formaat", ""))


@require_http_methods(["GET", "POST"])
@aangemeld()
def nieuw(request: Verzoek, nummer: str) -> HttpResponse:
    """Block the payments of a dossier, or of its organisation."""
    qs = Dossier.objects.select_related("ronde__luik__oproep", "organisatie")
    dossier = get_object_or_404(dossierrechten.zichtbaar_voor(qs, request.user), nummer=nummer)
    if not rechten.mag_belemmering_registreren(request.user, dossier):
        raise GeenRecht
    begin = {"sinds": klok.vandaag(), "waarop": "dossier"}
    form = BelemmeringForm(invoer(request), request.FILES or None, initial=begin)
    if (
        request.method == "POST"
        and form.is_valid()
        and (rij := probeer(form, lambda: _registreer(request, dossier, form)))
    ):
        messages.success(request, "De belemmering is geregistreerd. Er vertrekt geen betaling zolang ze er is.")
        return redirect("belemmering", pk=rij.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "betalingen/belemmering_nieuw.html", {"dossier": dossier, "form": form}, status=status)


def _registreer(request: Verzoek, dossier: Dossier, form: BelemmeringForm) -> Betaalbelemmering:
    velden = dict(form.cleaned_data)
    hele_organisatie = velden.pop("waarop") == "organisatie"
    bedrag_cent = velden.pop("bedrag")
    with uploads.voorlopig(velden.pop("bestand"), door=request.user) as document:
        rij: Betaalbelemmering = services.registreer_belemmering(
            dossier,
            hele_organisatie=hele_organisatie,
            bedrag_cent=bedrag_cent,
            document=document,
            **velden,
            door=request.user,
        )
    return rij


def _of_404(request: Verzoek, pk: int) -> Betaalbelemmering:
    return get_object_or_404(queries.belemmeringen_voor(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
@aangemeld()
def belemmering(request: Verzoek, pk: int) -> HttpResponse:
    """Show what blocks payments, which ones, and lift it."""
    rij = _of_404(request, pk)
    mag = rechten.mag_belemmering_opheffen(request.user, rij)
    if request.method == "POST" and not mag:
        raise GeenRecht
    form = OpheffenForm(invoer(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and probeer(form, lambda: services.hef_belemmering_op(rij, **form.cleaned_data, door=request.user))
    ):
        messages.success(request, "De belemmering is opgeheven.")
        return redirect("belemmering", pk=pk)
    betalingen = list(queries.geraakte_betalingen(rij, request.user))
    zelf = "U registreerde deze belemmering zelf; een andere persoon heft ze op."
    context = {
        "rij": rij,
        "form": form,
        "mag_opheffen": mag and (rij.status == Status.OPEN or request.method == "POST"),
        "reden_niet": zelf if rij.geregistreerd_door_id == request.user.pk and not form.errors else None,
        "vertrokken": [b for b in betalingen if b.status in Betaling.VERTROKKEN],
        "tegengehouden": [b for b in betalingen if b.status not in Betaling.VERTROKKEN],
    }
    return render(request, "betalingen/belemmering.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@aangemeld()
def document(request: Verzoek, pk: int) -> FileResponse:
    """Give the document, to staff only."""
    return uploads.als_bijlage(_of_404(request, pk).document)
