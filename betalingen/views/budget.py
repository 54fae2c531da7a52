"""Pages that show the money: the budget position, open commitments, the journal. Each can be taken away as a sheet."""

import re
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from betalingen import queries, rechten
from betalingen.beelden import budgetbeelden
from betalingen.forms import GrootboekFilter, dag_van, zin_dag
from betalingen.models import Journaalregel
from betalingen.resources import budgetblad, encoursblad, journaalblad
from dossiers.models import Dossier
from kern import klok, uitvoer, werkblad
from kern.aanmelden import aangemeld
from kern.weigering import GeenRecht
from kern.werkblad import Blad
from oproepen import rechten as oproeprechten
from organisaties.verzoek import Verzoek

PER_PAGINA = 100
LEEG = ("", "alle")


def eis_personeel(request: Verzoek) -> None:
    """Refuse (GeenRecht) who is no staff of any call."""
    if not oproeprechten.is_personeel(request.user):
        raise GeenRecht


@require_GET
@aangemeld()
def budgetstand(request: Verzoek) -> HttpResponse:
    """Show committed beside paid, per call, track and year; today or as known on an earlier day."""
    eis_personeel(request)
    jaar, op = _jaar(request), _op(request)
    stand = queries.budgetstand(rechten.ziet_budgetstand(request.user), jaar=jaar, op=op)
    context = {
        **stand,
        "jaar": jaar,
        "op": op or klok.vandaag(),
        "eerder": op is not None,
        "boekingen": _boekingen(jaar, op),
        "op_fout": op_fout(request),
        "beelden": budgetbeelden(stand, jaar=jaar),
    }
    return render(request, "betalingen/budgetstand.html", context)


def _boekingen(jaar: int | None, op: date | None) -> str:
    """Return what an address of the journal adds to show the bookings behind the page: of the year, as known on."""
    van_jaar = {"van": f"{jaar}-01-01", "tot": f"{jaar}-12-31"} if jaar else {}
    extra = van_jaar | ({"op": op.isoformat()} if op else {})
    return "".join(f"&{naam}={waarde}" for naam, waarde in extra.items())


def _jaar(request: Verzoek) -> int | None:
    ruw = request.GET.get("jaar", "")
    return int(ruw) if re.fullmatch("20[0-9]{2}", ruw) else None


def _op(request: Verzoek) -> date | None:
    return dag_van(request.GET.get("op", ""), klok.vandaag())


def op_fout(request: Verzoek) -> str:
    """Return why the day of the address is not the one that is shown; '' when it is."""
    return zin_dag(request.GET.get("op", ""), klok.vandaag())


@require_GET
@aangemeld()
def budgetstand_bestand(request: Verzoek) -> FileResponse:
    """Give the budget position as a sheet, for the same year and day."""
    eis_personeel(request)
    blad = budgetblad(rechten.ziet_budgetstand(request.user), jaar=_jaar(request), op=_op(request))
    return werkblad.als_antwoord(blad, request.GET.get("formaat", ""))


def _encours(request: Verzoek) -> tuple[QuerySet[Dossier], bool, date | None]:
    eis_personeel(request)
    luiken = oproeprechten.luiken_met_taak(request.user, *oproeprechten.PERSONEEL)
    op = _op(request)
    rijen = queries.encours(Dossier.objects.filter(ronde__luik__in=luiken), op=op)
    # What can be cleared is a question of today.
    alleen = op is None and request.GET.get("op_te_kuisen") == "1"
    return (queries.op_te_kuisen(rijen) if alleen else rijen), alleen, op


@require_GET
@aangemeld()
def encours(request: Verzoek) -> HttpResponse:
    """List the commitments that were not charged yet, oldest first, with why one can be cleared."""
    rijen, alleen, op = _encours(request)
    som = rijen.aggregate(som=Sum("encours_cent"))["som"] or 0
    pagina = Paginator(rijen.select_related("organisatie"), PER_PAGINA).get_page(request.GET.get("pagina"))
    for rij in pagina:
        rij.leeftijd = queries.leeftijd_jaren(rij, op)  # type: ignore[attr-defined]
        rij.reden = None if op else queries.reden_op_te_kuisen(rij)  # type: ignore[attr-defined]
    context = {
        "pagina": pagina,
        "som_cent": som,
        "alleen": alleen,
        "op": op or klok.vandaag(),
        "eerder": op is not None,
    }
    return render(request, "betalingen/encours.html", {**context, "op_fout": op_fout(request)})


@require_GET
@aangemeld()
def encours_bestand(request: Verzoek) -> HttpResponseBase:
    """Give the open commitments as a sheet, as the page shows them."""
    return uitvoer.geef(request, "encours")


@uitvoer.lijst("encours")
def _encoursblad(request: Verzoek) -> Blad:
    rijen, alleen, op = _encours(request)
    return encoursblad(rijen, [("Toont", "alleen wat op te kuisen is" if alleen else "alle")], op=op)


def grootboek_van(request: Verzoek) -> tuple[GrootboekFilter, QuerySet[Journaalregel], list[tuple[str, str]]]:
    """Return the filters of an address, the journal rows that they leave, and what is shown, as (what, value)."""
    eis_personeel(request)
    form = GrootboekFilter(request.GET)
    oproepen = rechten.ziet_budgetstand(request.user).order_by("titel").values_list("slug", "titel")
    form.fields["oproep"].choices = [LEEG, *oproepen]  # type: ignore[attr-defined]
    form.fields["soort"].choices = [LEEG, *Journaalregel.Soort.choices]  # type: ignore[attr-defined]
    form.fields["bedrag"].choices = [LEEG, *((naam, naam.capitalize()) for naam in (*queries.GEBOEKT, queries.ENCOURS))]  # type: ignore[attr-defined]
    waarden: dict[str, Any] = {naam: form.waarde(naam) for naam in form.fields}
    getoond = [(str(form.fields[naam].label), str(waarde)) for naam, waarde in waarden.items() if waarde]
    return form, queries.gefilterd(queries.journaal_voor(request.user), **waarden), getoond


@require_GET
@aangemeld()
def grootboek(request: Verzoek) -> HttpResponse:
    """List the journal, newest first, with the filters of the address."""
    form, regels, _ = grootboek_van(request)
    som = queries.som_van(regels)
    pagina = Paginator(queries.met_alles(regels.order_by("-pk")), PER_PAGINA).get_page(request.GET.get("pagina"))
    return render(request, "betalingen/grootboek.html", {"form": form, "pagina": pagina, "som_cent": som})


@require_GET
@aangemeld()
def grootboek_bestand(request: Verzoek) -> HttpResponseBase:
    """Give the journal as a sheet, with the same filters."""
    return uitvoer.geef(request, "grootboek")


@uitvoer.lijst("grootboek")
def _grootboekblad(request: Verzoek) -> Blad:
    _, regels, getoond = grootboek_van(request)
    return journaalblad(regels, getoond)
