"""The filters that a member of staff kept: keep one, use one, throw one away."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from oproepen.models import Luik
from organisaties.verzoek import Verzoek
from portaal.bewaard import bewaar_filter, bewaarde_filters
from portaal.filters import DossierFilter, schone_vraag
from portaal.forms import BewaarFilterForm
from portaal.views.lijsten import eis_personeel, luiken_voor


@require_http_methods(["GET", "POST"])
@aangemeld()
def filters(request: Verzoek) -> HttpResponse:
    """Keep a filter under a name, and list those that were kept."""
    eis_personeel(request)
    form = BewaarFilterForm(invoer(request), initial={"vraag": schone_vraag(request.GET)})
    if request.method == "POST" and form.is_valid():
        naam, vraag = form.cleaned_data["naam"], schone_vraag(QueryDict(form.cleaned_data["vraag"]))
        if probeer(form, lambda: bewaar_filter(request.user, naam=naam, vraag=vraag)):
            messages.success(request, f"De filter '{naam}' is bewaard.")
            return redirect(f"{reverse('dossiers')}?{vraag}" if vraag else reverse("dossiers"))
    luiken = luiken_voor(request.user)
    context = {
        "form": form,
        "wat": _in_woorden(str(form["vraag"].value() or ""), luiken),
        "bewaard": [(rij, _in_woorden(rij.vraag, luiken)) for rij in bewaarde_filters(request.user)],
    }
    return render(request, "portaal/filters.html", context, status=422 if form.errors else 200)


def _in_woorden(vraag: str, luiken: list[Luik]) -> str:
    return DossierFilter(QueryDict(vraag), luiken=luiken).beschrijving()


@require_POST
@aangemeld("dossiers_filters", knop=True)
def filter_verwijderen(request: Verzoek, pk: int) -> HttpResponse:
    """Throw a filter away."""
    rij = get_object_or_404(bewaarde_filters(request.user), pk=pk)
    rij.delete()
    messages.success(request, f"De filter '{rij.naam}' is verwijderd.")
    return redirect("dossiers_filters")
