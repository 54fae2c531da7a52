"""Pages about one's own organisations."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kern import klok
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.weigering import GeenRecht
from organisaties import queries, rechten, rechtsvormen, services
from organisaties.forms import LidForm, OrganisatieForm
from organisaties.models import Organisatie
from organisaties.verzoek import Verzoek


@require_http_methods(["GET", "POST"])
@aangemeld()
def nieuw(request: Verzoek) -> HttpResponse:
    """Register an organisation."""
    form = OrganisatieForm(invoer(request))
    if request.method == "POST" and form.is_valid():
        organisatie = probeer(
            form, lambda: services.registreer_organisatie(request.user, **form.cleaned_data, door=request.user)
        )
        if organisatie is not None:
            messages.success(request, f"{organisatie.naam} is geregistreerd. U kunt nu een dossier starten.")
            return redirect("organisatie", pk=organisatie.pk)
    return render(request, "organisaties/nieuw.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@aangemeld()
def organisatie(request: Verzoek, pk: int) -> HttpResponse:
    """Show an organisation and its members; a tekenbevoegde adds one."""
    rij = get_object_or_404(rechten.zichtbaar_voor(Organisatie.objects.all(), request.user), pk=pk)
    beheert = rechten.mag_leden_beheren(request.user, rij)
    if request.method == "POST" and not beheert:
        raise GeenRecht
    form = LidForm(invoer(request)) if beheert else None
    if request.method == "POST" and form is not None and form.is_valid():
        lid = probeer(form, lambda: services.voeg_lid_toe(rij, **form.cleaned_data, door=request.user))
        if lid is not None:
            messages.success(request, f"{lid.gebruiker.naam} is toegevoegd.")
            return redirect("organisatie", pk=pk)
    leden = rij.lidmaatschappen.select_related("gebruiker").order_by("gebruiker__familienaam", "pk")
    context = {
        "organisatie": rij,
        "rechtsvorm": rechtsvormen.label(rij.juridische_vorm) or rij.get_rechtsvorm_display(),
        "vervallen": queries.reden_vervallen(rij, klok.vandaag()),
        "leden": leden,
        "form": form,
    }
    return render(request, "organisaties/organisatie.html", context, status=422 if form and form.errors else 200)
