"""The page on which a handler says how much a judged dossier gets at most."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from beoordeling import deminimis, queries, rechten, services
from dossiers.models import Dossier
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import BedragVeld, TekstVeld, doe_en_keer_terug, probeer
from kern.geld import HOOGSTE_CENT
from kern.weigering import GeenRecht
from oproepen import rechten as oproeprechten
from organisaties.verzoek import Verzoek


class BegrenzingForm(forms.Form):
    """The most that can be awarded, and why."""

    bedrag_cent = BedragVeld(
        label="Hoogstens toe te kennen",
        hoogste_cent=HOOGSTE_CENT,
        help_text="Vul 0 in als er niets toegekend kan worden. Het dossier wordt dan geweigerd met uw motivering.",
    )
    motivering = TekstVeld(
        label="Motivering", regels=4, max_length=5_000, help_text="Deze tekst komt in de brief aan de aanvrager."
    )


def dossier_of_404(request: Verzoek, nummer: str) -> Dossier:
    """Return a dossier of which this person may limit the amount; not found for who does not see it as staff."""
    luiken = oproeprechten.luiken_met_taak(request.user, *oproeprechten.PERSONEEL)
    qs = Dossier.objects.select_related("ronde__luik__oproep", "organisatie", "juryadvies")
    dossier = get_object_or_404(qs, nummer=nummer, ronde__luik__in=luiken, ingediend_op__isnull=False)
    if not rechten.mag_begrenzen(request.user, dossier):
        raise GeenRecht
    return dossier


@require_http_methods(["GET", "POST"])
@aangemeld()
def begrenzing(request: Verzoek, nummer: str) -> HttpResponse:
    """Set the most that can be awarded; filled in beforehand with the room under the ceiling of de-minimis aid."""
    dossier = dossier_of_404(request, nummer)
    stand = deminimis.ruimte_van(dossier)
    form = BegrenzingForm(invoer(request), initial=_begin(dossier, stand))
    if (
        request.method == "POST"
        and form.is_valid()
        and probeer(form, lambda: services.begrens_bedrag(dossier, **form.cleaned_data, door=request.user))
    ):
        messages.success(request, "Het bedrag is begrensd. De rangschikking houdt er rekening mee.")
        return redirect("dossier", nummer=nummer)
    blokkade = queries.blokkade_begrenzing(dossier)
    context = {
        "dossier": dossier,
        "form": form,
        "stand": stand,
        "blokkade": blokkade.zin if blokkade else None,
        "opheffen": _opheffen(dossier),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "beoordeling/begrenzing.html", context, status=status)


def _begin(dossier: Dossier, stand: deminimis.Stand | None) -> dict[str, Any]:
    if dossier.hoogstens_cent is not None:
        return {"bedrag_cent": dossier.hoogstens_cent, "motivering": dossier.hoogstens_motivering}
    if stand is None or not stand.boven:
        return {}
    return {"bedrag_cent": stand.ruimte_dossier_cent, "motivering": stand.motivering}


def _opheffen(dossier: Dossier) -> dict[str, Any] | None:
    if dossier.hoogstens_cent is None:
        return None
    url = reverse("dossier_begrenzing_opheffen", args=[dossier.nummer])
    uitleg = "Het dossier kan dan weer krijgen wat het vraagt."
    return {"label": "Begrenzing opheffen", "url": url, "tweede": True, "uitleg": uitleg}


@require_POST
@aangemeld("dossier_begrenzing", "nummer", knop=True)
def opheffen(request: Verzoek, nummer: str) -> HttpResponse:
    """Let the dossier get again what it asks."""
    dossier = dossier_of_404(request, nummer)
    daad = lambda: services.hef_begrenzing_op(dossier, door=request.user)  # noqa: E731
    terug = reverse("dossier_begrenzing", args=[nummer])
    return doe_en_keer_terug(request, daad, "De begrenzing is opgeheven.", terug)
