"""Pages of the applicant to fill in a claim: period and income, one line, lines from a sheet; and evidence."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from dossiers import rechten
from dossiers.kosten import opmaak, services
from dossiers.kosten.forms import BewijsForm, BladForm, InkomstFormSet, KopForm, RegelForm, inkomsten_van
from dossiers.kosten.inlezen import lees_blad, ontzegel, verzegel
from dossiers.kosten.inlezen import sjabloon as leeg_blad
from dossiers.kosten.models import Kostenregel, Kostenstaat
from dossiers.kosten.opmaak import LEZEN
from dossiers.kosten.regels import waarden_van
from dossiers.resources import kostenblad
from kern import uploads, werkblad
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer, rijfouten
from kern.weigering import GeenRecht, Weigering
from organisaties.verzoek import Verzoek


def open_staat(request: Verzoek, pk: int) -> Kostenstaat:
    """Return a claim that this person sees and may fill in; 404 or GeenRecht otherwise, whatever its state."""
    zichtbaar = rechten.kostenstaten_zichtbaar_voor(Kostenstaat.objects.select_related(*LEZEN), request.user)
    staat = get_object_or_404(zichtbaar, pk=pk)
    if not rechten.mag_kostenstaat_indienen(request.user, staat):
        raise GeenRecht
    return staat


def _dicht(request: Verzoek, staat: Kostenstaat) -> HttpResponse | None:
    if staat.status in Kostenstaat.OPEN:
        return None
    messages.error(request, "Deze kostenstaat is ingediend en kan niet meer gewijzigd worden.")
    return redirect("kostenstaat", pk=staat.pk)


@require_http_methods(["GET", "POST"])
@aangemeld()
def kop(request: Verzoek, pk: int) -> HttpResponse:
    """Change the period of a claim, and what else paid for its costs."""
    staat = open_staat(request, pk)
    if (dicht := _dicht(request, staat)) is not None:
        return dicht
    data = invoer(request)
    form = KopForm(data, initial={"van": staat.van, "tot": staat.tot, "versie": staat.versie})
    begin = [{"omschrijving": rij.omschrijving, "bedrag": rij.bedrag_cent} for rij in staat.inkomsten.all()]
    rijen = InkomstFormSet(data, initial=begin, prefix="inkomsten")
    if request.method == "POST" and form.is_valid() and rijen.is_valid():
        bewaard = probeer(
            form,
            lambda: opmaak.bewaar_kop(staat, **form.cleaned_data, inkomsten=inkomsten_van(rijen), door=request.user),
        )
        if bewaard is not None:
            messages.success(request, "Bewaard.")
            return redirect("kostenstaat", pk=pk)
        _met_nieuwe_versie(form, Kostenstaat.objects.get(pk=pk).versie)
    context: dict[str, Any] = {"staat": staat, "dossier": staat.dossier, "form": form, "rijen": rijen}
    if form.is_bound:
        context["fouten"] = rijfouten("Inkomsten", rijen)
    return render(request, "dossiers/kosten/kop.html", context, status=422 if request.method == "POST" else 200)


def _met_nieuwe_versie(form: Any, versie: int) -> None:
    """Let what was typed replace what another saved, when it is sent again."""
    if "gewijzigd" in {fout.code for fout in form.non_field_errors().as_data()}:
        form.data = form.data.copy()
        form.data["versie"] = str(versie)


@require_http_methods(["GET", "POST"])
@aangemeld()
def nieuwe_regel(request: Verzoek, pk: int) -> HttpResponse:
    """Add one line, with its evidence."""
    staat = open_staat(request, pk)
    if (dicht := _dicht(request, staat)) is not None:
        return dicht
    form = RegelForm(invoer(request), request.FILES or None, regeling=staat.dossier.ronde.luik.kostenregeling)
    if request.method == "POST" and form.is_valid():
        rijen = probeer(form, lambda: opmaak.voeg_regels_toe(staat, [form.gegevens()], door=request.user))
        if rijen is not None:
            return _na_bewaren(request, rijen[0], form)
    context = {"staat": staat, "dossier": staat.dossier, "form": form, "leesbaar": uploads.LEESBAAR}
    return render(request, "dossiers/kosten/regel_form.html", context, status=422 if form.errors else 200)


def _na_bewaren(request: Verzoek, rij: Kostenregel, form: RegelForm) -> HttpResponse:
    """Store the evidence that came along; a line without is kept when its file is refused."""
    upload = form.cleaned_data["bestand"]
    if upload:
        try:
            opmaak.zet_bewijs(rij, upload, door=request.user)
        except Weigering as fout:
            messages.error(request, f"Regel {rij.volgnummer} is bewaard, maar zonder bewijsstuk. {fout.zin}")
            return redirect("kostenregel", pk=rij.pk)
    messages.success(request, f"Regel {rij.volgnummer} is bewaard.")
    if "nog" in request.POST:
        return redirect("kostenregel_nieuw", pk=rij.kostenstaat_id)
    return redirect("kostenstaat", pk=rij.kostenstaat_id)


def regel_of_404(request: Verzoek, pk: int) -> Kostenregel:
    """Return a line of a claim that this person sees."""
    staten = rechten.kostenstaten_zichtbaar_voor(Kostenstaat.objects.all(), request.user)
    velden = ("categorie", "bestand", *(f"kostenstaat__{naam}" for naam in LEZEN))
    return get_object_or_404(Kostenregel.objects.select_related(*velden), pk=pk, kostenstaat__in=staten)


@require_http_methods(["GET", "POST"])
@aangemeld()
def regel(request: Verzoek, pk: int) -> HttpResponse:
    """Change a line of a claim (applicant), give its evidence when it is in the sample, or read it."""
    rij = regel_of_404(request, pk)
    staat = rij.kostenstaat
    mag = rechten.mag_kostenstaat_indienen(request.user, staat)
    if request.method == "POST" and not mag:
        raise GeenRecht
    form: Any = None
    if mag and staat.status in Kostenstaat.OPEN:
        regeling = staat.dossier.ronde.luik.kostenregeling
        form = RegelForm(invoer(request), request.FILES or None, initial=waarden_van(rij), regeling=regeling)
    elif mag and _mag_leveren(rij):
        form = BewijsForm(invoer(request), request.FILES or None)
    if request.method == "POST":
        gedaan = _doe(request, rij, form)
        if gedaan is not None:
            return gedaan
    context = {"regel": rij, "staat": staat, "dossier": staat.dossier, "form": form, "leesbaar": uploads.LEESBAAR}
    context["wijzigt"] = isinstance(form, RegelForm)
    status = 200 if request.method == "GET" else 409 if form is None else 422
    return render(request, "dossiers/kosten/regel.html", context, status=status)


def _mag_leveren(rij: Kostenregel) -> bool:
    ingediend = rij.kostenstaat.status == Kostenstaat.Status.INGEDIEND
    return ingediend and rij.bestand_id is None and rij.oordeel == Kostenregel.Oordeel.OPEN


def _doe(request: Verzoek, rij: Kostenregel, form: Any) -> HttpResponse | None:
    """Do what was asked; None when the page comes back with what is wrong."""
    if form is None:
        messages.error(request, "Deze regel kan niet meer gewijzigd worden.")
        return None
    if request.POST.get("daad") == "verwijder" and isinstance(form, RegelForm):
        opmaak.verwijder_regel(rij, door=request.user)
        messages.success(request, f"Regel {rij.volgnummer} is verwijderd.")
        return redirect("kostenstaat", pk=rij.kostenstaat_id)
    if not form.is_valid():
        return None
    if isinstance(form, BewijsForm):
        return _lever(request, rij, form)
    versie = form.cleaned_data["versie"]
    bewaard = probeer(form, lambda: opmaak.wijzig_regel(rij, form.gegevens(), versie=versie, door=request.user))
    if bewaard is None:
        nieuwste = Kostenregel.objects.filter(pk=rij.pk).first()
        _met_nieuwe_versie(form, nieuwste.versie if nieuwste else 0)
        return None
    return _na_bewaren(request, bewaard, form)


def _lever(request: Verzoek, rij: Kostenregel, form: BewijsForm) -> HttpResponse | None:
    def daad() -> Kostenregel:
        with uploads.voorlopig(form.cleaned_data["bestand"], door=request.user) as bestand:
            geleverd: Kostenregel = services.lever_bewijs(
                rij.kostenstaat, regel=rij.volgnummer, bestand=bestand, door=request.user
            )
            return geleverd

    if probeer(form, daad) is None:
        return None
    messages.success(request, f"Het bewijsstuk bij regel {rij.volgnummer} is toegevoegd.")
    return redirect("kostenstaat", pk=rij.kostenstaat_id)


@require_GET
@aangemeld()
def bewijs(request: Verzoek, pk: int) -> FileResponse:
    """Give the evidence of a line that this person may see, for download."""
    rij = regel_of_404(request, pk)
    if rij.bestand is None:
        raise Http404
    return uploads.als_bijlage(rij.bestand)


@require_GET
@aangemeld()
def sjabloon(request: Verzoek, pk: int) -> FileResponse:
    """Give an empty sheet for the costs of a claim."""
    return uploads.stuk_als_bijlage(leeg_blad(open_staat(request, pk)))


@require_GET
@aangemeld()
def blad(request: Verzoek, pk: int) -> FileResponse:
    """Give the lines of a claim that this person fills in as the sheet that can be brought back."""
    staat = open_staat(request, pk)
    getoond = [("Dossier", staat.dossier.nummer or ""), ("Kostenstaat", str(staat.volgnummer))]
    return werkblad.als_antwoord(kostenblad(staat.regels.all(), getoond), request.GET.get("formaat", ""))


@require_http_methods(["GET", "POST"])
@aangemeld()
def inlezen(request: Verzoek, pk: int) -> HttpResponse:
    """Read costs from a sheet: first what would happen to each row, then all of them or none."""
    staat = open_staat(request, pk)
    if (dicht := _dicht(request, staat)) is not None:
        return dicht
    if request.method == "POST" and "zegel" in request.POST:
        return _bewaar_blad(request, staat)
    form = BladForm(invoer(request), request.FILES or None)
    voorstellen = None
    if request.method == "POST" and form.is_valid():
        voorstellen = probeer(form, lambda: lees_blad(form.cleaned_data["bestand"], staat))
    return _inlezen(request, staat, form, voorstellen)


def _bewaar_blad(request: Verzoek, staat: Kostenstaat) -> HttpResponse:
    try:
        rijen = opmaak.voeg_regels_toe(staat, ontzegel(request.POST["zegel"], staat), door=request.user)
    except Weigering as fout:
        messages.error(request, fout.zin)
        return redirect("kostenstaat_inlezen", pk=staat.pk)
    messages.success(request, "1 kost is toegevoegd." if len(rijen) == 1 else f"{len(rijen)} kosten zijn toegevoegd.")
    return redirect("kostenstaat", pk=staat.pk)


def _inlezen(request: Verzoek, staat: Kostenstaat, form: BladForm, voorstellen: Any) -> HttpResponse:
    geweigerd = [v for v in voorstellen or [] if v.fouten]
    context = {
        "staat": staat,
        "dossier": staat.dossier,
        "form": form,
        "voorstellen": voorstellen,
        "geweigerd": len(geweigerd),
        "totaal_cent": sum(v.gegevens.bedrag_cent for v in voorstellen or [] if v.gegevens),
        "zegel": verzegel(voorstellen, staat) if voorstellen and not geweigerd else "",
    }
    fout = bool(form.errors) or bool(geweigerd)
    return render(request, "dossiers/kosten/inlezen.html", context, status=422 if fout else 200)
