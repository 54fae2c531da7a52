"""The applicant's page of the declaration of de-minimis aid."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.deminimis.forms import SteunFormSet, VerklaringForm, steun_van
from dossiers.deminimis.opmaak import bewaar_verklaring, verklaring_van
from dossiers.models import Dossier
from dossiers.views import concept_of_404, pagina_van
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer, rijfouten
from oproepen.deminimis import KORT, PLAFOND_CENT
from organisaties.verzoek import Verzoek


@require_http_methods(["GET", "POST"])
@aangemeld()
def verklaring(request: Verzoek, nummer: str) -> HttpResponse:
    """Fill in the declaration on honour."""
    dossier = concept_of_404(request, nummer)
    verordening = dossier.ronde.luik.deminimis
    if not verordening:
        raise Http404
    if dossier.status != Dossier.Status.CONCEPT:
        return redirect("dossier", nummer=nummer)
    rij, data = verklaring_van(dossier), invoer(request)
    velden = ("keuze", "verbonden", "op_eer", "versie")
    begin = {naam: getattr(rij, naam) for naam in velden} if rij else {"versie": 0}
    namen = {"verstrekker": "verstrekker", "datum": "datum", "bedrag": "bedrag_cent", "verordening": "verordening"}
    rijen = [{n: getattr(r, v) for n, v in namen.items()} for r in rij.regels.all()] if rij else []
    form, regels = VerklaringForm(data, initial=begin), SteunFormSet(data, initial=rijen, prefix="regels")
    if request.method == "POST" and form.is_valid() and regels.is_valid():
        bewaard = probeer(
            form,
            lambda: bewaar_verklaring(dossier, **form.cleaned_data, regels=steun_van(regels), door=request.user),
        )
        if bewaard is not None:
            messages.success(request, "Uw verklaring is bewaard.")
            return redirect("dossier_deminimis" if "meer" in request.POST else "dossier_indienen", nummer=nummer)
    if "gewijzigd" in {f.code for f in form.non_field_errors().as_data()} and data is not None:
        form.data = data.copy()
        form.data["versie"] = str(rij.versie if rij else 0)
    context = {
        **pagina_van(dossier, "deminimis"),
        "form": form,
        "regels": regels,
        "verordening": KORT[verordening],
        "plafond_cent": PLAFOND_CENT[verordening],
    }
    if form.is_bound:
        context["fouten"] = rijfouten("Steun", regels)
    return render(request, "dossiers/deminimis.html", context, status=422 if request.method == "POST" else 200)
