"""Pages about statements of account: reading a file, and what waits for a person."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from betalingen import queries, rechten, services
from betalingen.bank.camt import LIMIET
from betalingen.forms_bank import AfschriftForm, AfsluitForm, BevestigForm, HerroepRegelForm
from betalingen.models import Afschrift, Afschriftregel, Terugvordering
from betalingen.services.afschrift import Ingelezen
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.weigering import GeenRecht
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
FORMULIEREN: dict[str, type["Formulier"]] = {
    "bevestig": BevestigForm,
    "sluit_af": AfsluitForm,
    "herroep": HerroepRegelForm,
}
GEDAAN = {
    "bevestig": "De regel is verwerkt.",
    "sluit_af": "Nagekeken.",
    "herroep": "De verwerking is herroepen. Zeg hieronder wat deze regel wel is.",
}
Status = Afschriftregel.Status
Formulier = BevestigForm | AfsluitForm | HerroepRegelForm


@require_http_methods(["GET", "POST"])
@aangemeld()
def afschriften(request: Verzoek) -> HttpResponse:
    """List the statements, newest first, and read another."""
    leest_in = rechten.leest_afschriften_in(request.user)
    if not (leest_in if request.method == "POST" else rechten.ziet_afschriften(request.user)):
        raise GeenRecht
    form = AfschriftForm(invoer(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and (uit := _lees(request, form)):
        return _gelezen(request, uit)
    pagina = Paginator(queries.afschriften_voor(request.user), PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {"pagina": pagina, "form": form, "leest_in": leest_in}
    return render(request, "betalingen/afschriften.html", context, status=422 if request.method == "POST" else 200)


def _lees(request: Verzoek, form: AfschriftForm) -> Ingelezen | None:
    inhoud = form.cleaned_data["bestand"].read(LIMIET + 1)
    return probeer(form, lambda: services.lees_afschrift(inhoud, door=request.user))


def _gelezen(request: Verzoek, uit: Ingelezen) -> HttpResponse:
    if uit.afschrift is None:
        messages.info(request, "Dit afschrift is al ingelezen; er is niets gewijzigd.")
        return redirect("afschriften")
    zin = "Het afschrift is ingelezen. Wat zeker is, is geboekt."
    if uit.alsnog:
        zin += f" Uit eerdere afschriften is alsnog verwerkt: {uit.alsnog}."
    messages.success(request, zin)
    return redirect("afschrift", pk=uit.afschrift)


@require_http_methods(["GET", "POST"])
@aangemeld()
def afschrift(request: Verzoek, pk: int) -> HttpResponse:
    """Show a statement with its lines; say yes or no to one of them."""
    rij = get_object_or_404(queries.afschriften_voor(request.user), pk=pk)
    form = _formulier(rij, invoer(request))
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and probeer(form, lambda: _doe(request, form)):
            messages.success(request, GEDAAN[request.POST["daad"]])
            return redirect("afschrift", pk=pk)
    return _pagina(request, rij, form)


def _formulier(rij: Afschrift, data: QueryDict | None) -> Formulier | None:
    """Return the form that was sent, of a line of this statement; None when there is none."""
    sleutel = data.get("regel", "") if data else ""
    daad = data.get("daad", "") if data else ""
    if daad not in FORMULIEREN or not sleutel.isdecimal():
        return None
    uitkomst = get_object_or_404(queries.regels_van_afschrift(rij), pk=sleutel)
    return FORMULIEREN[daad](data, uitkomst=uitkomst)


def _doe(request: Verzoek, form: Formulier) -> Any:
    if isinstance(form, BevestigForm):
        return services.bevestig_afschriftregel(form.uitkomst, **form.gekozen(), door=request.user)
    if isinstance(form, HerroepRegelForm):
        return services.herroep_afschriftregel(form.uitkomst, **form.cleaned_data, door=request.user)
    return services.sluit_afschriftregel_af(form.uitkomst, **form.cleaned_data, door=request.user)


@dataclass(frozen=True)
class _Regel:
    uitkomst: Afschriftregel
    ja: BevestigForm | None
    nee: AfsluitForm | None
    terug: HerroepRegelForm | None = None


def _pagina(request: Verzoek, rij: Afschrift, fout: Formulier | None) -> HttpResponse:
    pagina = Paginator(queries.regels_van_afschrift(rij), PER_PAGINA).get_page(request.GET.get("pagina"))
    regels = [_regel(uitkomst, fout) for uitkomst in pagina]
    context: dict[str, Any] = {
        "afschrift": rij,
        "pagina": pagina,
        "te_doen": [regel for regel in regels if regel.nee],
        "rest": [regel for regel in regels if not regel.nee],
        "mag": rechten.mag_afschrift_inlezen(request.user, rij.rekening),
        "ziet": _zichtbare(request, regels),
        "ziet_terug": _zichtbare_terugvorderingen(request, regels),
        "form": fout,
    }
    return render(request, "betalingen/afschrift.html", context, status=422 if request.method == "POST" else 200)


def _regel(uitkomst: Afschriftregel, fout: Formulier | None) -> _Regel:
    eigen = fout is not None and fout.uitkomst.pk == uitkomst.pk
    if uitkomst.status not in queries.TE_DOEN:
        terug = HerroepRegelForm(uitkomst=uitkomst) if _te_herroepen(uitkomst) else None
        return _Regel(uitkomst, None, None, fout if eigen and isinstance(fout, HerroepRegelForm) else terug)
    ja = BevestigForm(uitkomst=uitkomst) if uitkomst.status == Status.VOORSTEL else None
    nee = AfsluitForm(uitkomst=uitkomst)
    if eigen and isinstance(fout, BevestigForm):
        return _Regel(uitkomst, fout, nee)
    return _Regel(uitkomst, ja, fout if eigen and isinstance(fout, AfsluitForm) else nee)


def _te_herroepen(uitkomst: Afschriftregel) -> bool:
    """Return whether a person may have made a mistake here: she confirmed it, or it came in on a recovery."""
    return uitkomst.status == Status.VERWERKT and bool(uitkomst.wordt or uitkomst.terugvorderingen.all())


def _zichtbare(request: Verzoek, regels: list[_Regel]) -> set[int]:
    """Return which payments of these lines this person can open."""
    sleutels = {betaling.pk for regel in regels for betaling in regel.uitkomst.betalingen.all()}
    rijen: QuerySet[Any] = queries.betalingen_voor(request.user).filter(pk__in=sleutels)
    return set(rijen.order_by().values_list("pk", flat=True))


def _zichtbare_terugvorderingen(request: Verzoek, regels: list[_Regel]) -> set[int]:
    """Return which recoveries of these lines this person can open; most statements have none."""
    sleutels = {rij.pk for regel in regels for rij in regel.uitkomst.terugvorderingen.all()}
    if not sleutels:
        return set()
    rijen = rechten.terugvorderingen_zichtbaar_voor(Terugvordering.objects.filter(pk__in=sleutels), request.user)
    return set(rijen.order_by().values_list("pk", flat=True))
