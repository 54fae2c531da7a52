"""Pages about payments."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from betalingen import queries, rechten, saldo, services
from betalingen.forms import BetalingFilter, UitbetaaldForm
from betalingen.forms_bank import AndereRekeningForm, GeweigerdForm
from betalingen.models import Betaling
from betalingen.models.betaling import wacht_op_vereffening
from betalingen.resources import betalingenblad
from betalingen.services import verzending
from kern import klok, uitvoer
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import doe_en_keer_terug, probeer
from kern.weg import reden_tegen
from kern.weigering import GeenRecht, Weigering
from kern.werkblad import Blad
from oproepen import rechten as oproeprechten
from oproepen.forms import RedenForm
from oproepen.models import Oproep, Taak
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
BELEMMERINGEN = "dossier__organisatie__belemmeringen"
GOEDGEKEURD = "De betaling is goedgekeurd."
VERSTUURD = "De betaalopdracht is verstuurd. Download nu het bestand voor de bank."
VERSTUURD_EXTERN = "De betaalopdracht is verstuurd. Geef ze nu door aan het boekhoudsysteem van de verstrekker."
ZONDER_TWEEDE = (
    "Nu kan niemand anders dat: vraag een beheerder om nog iemand de taak van budgethouder van deze oproep te geven."
)
Status = Betaling.Status
# What a person must be allowed, and able, to do for a form to stand on the page.
FORMULIEREN: dict[type, str] = {
    RedenForm: "terugsturen",
    UitbetaaldForm: "uitbetaald",
    GeweigerdForm: "geweigerd",
    AndereRekeningForm: "rekening",
}
TERUGGEKOMEN: dict[str, str] = {
    Status.TE_CONTROLEREN: "De betaling ligt weer klaar voor controle.",
    Status.VERVALLEN: "Het project is gestopt: de betaling is vervallen, en haar vastlegging is geannuleerd.",
}
GEREED = {"ja": "Kan opgesteld worden", "nee": "Er ontbreekt nog iets"}
TE_KEUREN = (Status.TE_CONTROLEREN, Status.TWEEDE_CONTROLE)
BOEKHOUDING = (Taak.Rol.BOEKHOUDER, Taak.Rol.AUDITOR)
NIET_GOEDGEKEURD = (Status.GEPLAND, Status.TE_CONTROLEREN)


def betaling_of_404(request: Verzoek, pk: int) -> Betaling:
    """Return a payment that this person sees."""
    rijen = queries.betalingen_voor(request.user).select_related(
        "opgesteld_door", "rekening_door", "goedgekeurd_door", "tweede_goedgekeurd_door"
    )
    return get_object_or_404(rijen.prefetch_related(BELEMMERINGEN), pk=pk)


@require_GET
@aangemeld()
def betalingen(request: Verzoek) -> HttpResponse:
    """List payments by state; approved ones can be chosen for an order."""
    if not oproeprechten.is_personeel(request.user):
        raise GeenRecht
    status = _status(request)
    form, alle, _ = _gefilterd(request)
    tellingen = alle.order_by().values_list("status").annotate(n=Count("pk"), som=Sum("bedrag_cent"))
    per_status = {s: (n, som) for s, n, som in tellingen}
    gereed = request.GET.get("gereed", "")
    met = {"belemmerd": queries.belemmerd(), "vastlegging": queries.vastlegging_van("dossier")}
    rijen = _gekozen(request, alle).annotate(**met)
    paginering = Paginator(rijen, PER_PAGINA)
    if gereed not in GEREED:
        paginering.count = per_status.get(status, (0, 0))[0]
    pagina = paginering.get_page(request.GET.get("pagina"))
    taken = oproeprechten.taken_van(request.user)
    context = {
        "status": status,
        "gereed": gereed if status == Status.GEPLAND and gereed in GEREED else "",
        "gereed_keuzes": [("", "Alle"), *GEREED.items()] if status == Status.GEPLAND else [],
        "form": form,
        "tabs": [(s, *per_status.get(s, (0, 0))) for s in Status],
        "pagina": pagina,
        "ziet_boekhouding": any(taak.luik_id is None and taak.rol in BOEKHOUDING for taak in taken),
        "leest_in": any(taak.rol == Taak.Rol.BOEKHOUDER for taak in taken),
        **_per_oproep(request, list(pagina), _boekt(taken) if status == Status.GOEDGEKEURD else set()),
    }
    return render(request, "betalingen/betalingen.html", context)


def _boekt(taken: list[Taak]) -> set[int]:
    """Return the keys of the calls of which a person with these tasks keeps the books."""
    return {t.oproep_id for t in taken if t.rol == Taak.Rol.BOEKHOUDER and t.luik_id is None}


def _per_oproep(request: Verzoek, rijen: list[Betaling], boekt: set[int]) -> dict[str, Any]:
    """Group the payments that this person may send by call; the others stand apart."""
    per_oproep: dict[Oproep, list[Betaling]] = {}
    overige: list[Betaling] = []
    for rij in rijen:
        oproep = rij.dossier.ronde.luik.oproep
        van_haar = oproep.pk in boekt and rechten.is_van_ander(request.user, rij)
        (per_oproep.setdefault(oproep, []) if van_haar else overige).append(rij)
    eigen = list(per_oproep.items())
    gevonden = verzending.met_krediet([groep for _, groep in eigen]) if eigen else []
    te_versturen = [(*deel, bevindingen) for deel, bevindingen in zip(eigen, gevonden, strict=True)]
    return {"te_versturen": te_versturen, "overige": overige}


def _gefilterd(request: Verzoek) -> tuple[BetalingFilter, QuerySet[Betaling], list[tuple[str, str]]]:
    """Return the filters, the payments in any state that they leave, and what is shown, as (what, value)."""
    form = BetalingFilter(request.GET)
    oproepen = rechten.ziet_budgetstand(request.user).order_by("titel").values_list("slug", "titel")
    form.fields["oproep"].choices = [("", "alle"), *oproepen]  # type: ignore[attr-defined]
    waarden: dict[str, Any] = {naam: form.waarde(naam) for naam in form.fields}
    getoond = [(str(form.fields[naam].label), str(waarde)) for naam, waarde in waarden.items() if waarde]
    return form, queries.betalingen_gefilterd(queries.betalingen_voor(request.user), **waarden), getoond


def _gekozen(request: Verzoek, alle: QuerySet[Betaling]) -> QuerySet[Betaling]:
    """Return the payments of the chosen state; of what is planned also only what could leave now, or could not."""
    status, gereed = _status(request), request.GET.get("gereed", "")
    rijen = alle.filter(status=status)
    if status != Status.GEPLAND:
        return rijen
    if gereed in GEREED:
        klaar = queries.opstelbaar(rijen).order_by().values("pk")
        rijen = rijen.filter(pk__in=klaar) if gereed == "ja" else rijen.exclude(pk__in=klaar)
    return queries.met_stand_van_zaken(rijen)


def _status(request: Verzoek) -> Status:
    ruw = request.GET.get("status", "")
    return Status(ruw) if ruw in Status.values else Status.TE_CONTROLEREN


@require_GET
@aangemeld()
def betalingen_bestand(request: Verzoek) -> HttpResponseBase:
    """Give the list of payments as a sheet, with the same state chosen."""
    return uitvoer.geef(request, "betalingen")


@uitvoer.lijst("betalingen")
def _betalingenblad(request: Verzoek) -> Blad:
    if not oproeprechten.is_personeel(request.user):
        raise GeenRecht
    _, alle, gefilterd = _gefilterd(request)
    getoond = [("Status", str(_status(request).label)), *gefilterd]
    gereed = GEREED.get(request.GET.get("gereed", ""))
    if gereed and _status(request) == Status.GEPLAND:
        getoond.append(("Gereed", gereed))
    return betalingenblad(_gekozen(request, alle), getoond)


@require_GET
@aangemeld()
def betaling(request: Verzoek, pk: int) -> HttpResponse:
    """Show one payment with what can be done."""
    return _pagina(request, betaling_of_404(request, pk))


def _pagina(request: Verzoek, rij: Betaling, fout: Any = None) -> HttpResponse:
    mag = {
        "opstellen": rechten.mag_opstellen(request.user, rij) and rij.status == Status.GEPLAND,
        "voorbereiden": rechten.mag_opstellen(request.user, rij) and bool(rij.voor_te_bereiden),
        "goedkeuren": rechten.mag_goedkeuren(request.user, rij) and rij.status in TE_KEUREN,
        # Also what was approved and has not left: the commitment may be cancelled in between.
        "terugsturen": rechten.mag_goedkeuren(request.user, rij) and reden_tegen(rij, "stuur_terug") is None,
        "uitbetaald": rechten.mag_uitbetaald_melden(request.user, rij) and reden_tegen(rij, "betaal_uit") is None,
        "vereffend": rechten.mag_uitbetaald_melden(request.user, rij) and wacht_op_vereffening(rij),
        "geweigerd": rechten.mag_uitbetaald_melden(request.user, rij) and rij.status in Betaling.VERTROKKEN,
        "rekening": rechten.mag_rekening_wijzigen(request.user, rij.dossier) and rij.status in NIET_GOEDGEKEURD,
    }
    oproep = rij.dossier.ronde.luik.oproep
    zonder_tweede = _zonder_tweede(request, rij)
    context = {
        "betaling": rij,
        "dossier": rij.dossier,
        "mag": mag,
        "van_ander": rechten.is_van_ander(request.user, rij),
        "voor_te_bereiden": " en ".join(rij.voor_te_bereiden),
        "zonder_tweede": zonder_tweede if rij.status == Status.TWEEDE_CONTROLE else "",
        "waarschuwing": saldo.waarschuwing(rij),
        "redenen": rij.wat_ontbreekt if rij.status == Status.GEPLAND else [],
        "mag_belemmeren": rechten.mag_belemmering_registreren(request.user, rij.dossier),
        "ziet_opdracht": oproeprechten.heeft_taak_oproep(request.user, oproep, *oproeprechten.PERSONEEL),
        "opstellen": {
            "label": "Betaling opstellen",
            "url": reverse("betaling_opstellen", args=[rij.pk]),
            "reden": reden_tegen(rij, "stel_op"),
        },
        "goedkeuren": {
            "label": "Als tweede goedkeuren" if rij.status == Status.TWEEDE_CONTROLE else "Goedkeuren",
            "url": reverse("betaling_goedkeuren", args=[rij.pk]),
            "reden": _reden_niet_keuren(request, rij),
            "uitleg": f"Daarna keurt nog een tweede persoon ze goed. {zonder_tweede}" if _eerste_van_twee(rij) else "",
        },
        "redenform": fout if isinstance(fout, RedenForm) else RedenForm(invoer(request, "betaling_terugsturen")),
        "datumform": fout
        if isinstance(fout, UitbetaaldForm)
        else UitbetaaldForm(invoer(request, "betaling_uitbetaald"), initial={"datum": klok.vandaag()}),
        "weigerform": fout
        if isinstance(fout, GeweigerdForm)
        else _weigerform(rij, invoer(request, "betaling_geweigerd")),
        "rekeningform": fout
        if isinstance(fout, AndereRekeningForm)
        else _rekeningform(invoer(request, "betaling_rekening")),
        "teruggekomen": queries.laatste_weigering(rij) if rij.status in NIET_GOEDGEKEURD else None,
        "form": fout,
        "losse_fout": fout is not None and not mag[FORMULIEREN[type(fout)]],
    }
    return render(request, "betalingen/betaling.html", context, status=422 if fout else 200)


def _eerste_van_twee(rij: Betaling) -> bool:
    return rij.vraagt_tweede and rij.status == Status.TE_CONTROLEREN


def _zonder_tweede(request: Verzoek, rij: Betaling) -> str:
    """Return that there is nobody to approve as the second, and who can change that; '' when there is somebody."""
    eerste = rij.goedgekeurd_door if rij.status == Status.TWEEDE_CONTROLE else request.user
    if not rij.vraagt_tweede or rij.status not in TE_KEUREN or eerste is None:
        return ""
    return "" if queries.tweede_keurders(rij, eerste=eerste).exists() else ZONDER_TWEEDE


def _reden_niet_keuren(request: Verzoek, rij: Betaling) -> str | None:
    if reden := rij.reden_eigen_werk(request.user):
        return reden
    if rij.status == Status.TWEEDE_CONTROLE and rij.goedgekeurd_door_id == request.user.pk:
        return "U keurde deze betaling al goed; een tweede persoon moet dat ook doen."
    return reden_tegen(rij, "keur_eerst_goed" if _eerste_van_twee(rij) else "keur_goed")


@require_POST
@aangemeld("betaling", "pk", knop=True)
def opstellen(request: Verzoek, pk: int) -> HttpResponse:
    """Put a payment forward."""
    rij = betaling_of_404(request, pk)
    daad = lambda: services.stel_betaling_op(rij, door=request.user)  # noqa: E731
    return doe_en_keer_terug(request, daad, "De betaling ligt klaar voor controle.", reverse("betaling", args=[pk]))


@require_POST
@aangemeld("betaling", "pk", knop=True)
def goedkeuren(request: Verzoek, pk: int) -> HttpResponse:
    """Approve a payment."""
    rij = betaling_of_404(request, pk)
    daad = lambda: services.keur_betaling_goed(rij, door=request.user)  # noqa: E731
    gelukt = GOEDGEKEURD
    if _eerste_van_twee(rij):
        gelukt = f"Uw goedkeuring is genoteerd. Er is nog een tweede nodig. {_zonder_tweede(request, rij)}".strip()
    return doe_en_keer_terug(request, daad, gelukt, reverse("betaling", args=[pk]))


@require_POST
@aangemeld("betaling", "pk")
def terugsturen(request: Verzoek, pk: int) -> HttpResponse:
    """Send a payment back with a reason."""
    rij = betaling_of_404(request, pk)
    form = RedenForm(request.POST)
    if form.is_valid() and probeer(
        form, lambda: services.stuur_betaling_terug(rij, **form.cleaned_data, door=request.user)
    ):
        messages.success(request, "De betaling is teruggestuurd.")
        return redirect("betaling", pk=pk)
    return _pagina(request, rij, form)


@require_POST
@aangemeld("betaling", "pk")
def uitbetaald(request: Verzoek, pk: int) -> HttpResponse:
    """Record that a payment left the bank."""
    rij = betaling_of_404(request, pk)
    form = UitbetaaldForm(request.POST)
    if form.is_valid() and probeer(form, lambda: services.meld_uitbetaald(rij, **form.cleaned_data, door=request.user)):
        messages.success(request, "De betaling is als uitbetaald gemeld.")
        return redirect("betaling", pk=pk)
    return _pagina(request, rij, form)


def _weigerform(rij: Betaling, data: QueryDict | None) -> GeweigerdForm:
    form = GeweigerdForm(data, prefix="geweigerd", initial={"datum": klok.vandaag()})
    if rij.via_boekhouding:
        form.fields["datum"].label, form.fields["reden"].label = "Datum", "Reden"
    return form


def _rekeningform(data: QueryDict | None) -> AndereRekeningForm:
    return AndereRekeningForm(data, prefix="rekening")


@require_POST
@aangemeld("betaling", "pk")
def geweigerd(request: Verzoek, pk: int) -> HttpResponse:
    """Record that the bank refused a payment or sent it back."""
    rij = betaling_of_404(request, pk)
    form = _weigerform(rij, request.POST)
    if form.is_valid() and probeer(form, lambda: services.meld_geweigerd(rij, **form.cleaned_data, door=request.user)):
        rij.refresh_from_db()
        messages.success(request, f"{TERUGGEKOMEN[rij.status]} De aanvrager krijgt bericht.")
        return redirect("betaling", pk=pk)
    return _pagina(request, rij, form)


@require_POST
@aangemeld("betaling", "pk")
def rekening(request: Verzoek, pk: int) -> HttpResponse:
    """Change the account that the award of a payment is paid to."""
    rij = betaling_of_404(request, pk)
    form = _rekeningform(request.POST)
    if form.is_valid() and probeer(
        form, lambda: services.wijzig_rekening(rij.dossier, **form.cleaned_data, door=request.user)
    ):
        messages.success(request, "De rekening is gewijzigd. De aanvrager krijgt bericht.")
        return redirect("betaling", pk=pk)
    return _pagina(request, rij, form)


@require_POST
@aangemeld("betalingen", knop=True)
def versturen(request: Verzoek, slug: str) -> HttpResponse:
    """Send the chosen payments of a call in one order."""
    oproep = get_object_or_404(rechten.ziet_budgetstand(request.user), slug=slug)
    gekozen = [int(pk) for pk in request.POST.getlist("betalingen") if pk.isdecimal() and len(pk) < 19]  # noqa: PLR2004  a key fits in 64 bits
    try:
        opdracht = services.verstuur_betalingen(oproep, betalingen=gekozen, door=request.user)
    except GeenRecht:
        raise
    except Weigering as fout:
        messages.error(request, fout.zin)
        return redirect(f"{reverse('betalingen')}?status={Status.GOEDGEKEURD}")
    messages.success(request, VERSTUURD_EXTERN if opdracht.extern else VERSTUURD)
    return redirect("betaalopdracht", pk=opdracht.pk)
