"""The auditor's report, with the filters and for the people of the journal page."""

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from betalingen import rechten
from betalingen.models import Krediet
from betalingen.views.budget import grootboek_van
from kern import uitvoer
from kern.aanmelden import aangemeld
from kern.werkblad import Blad
from organisaties.verzoek import Verzoek
from portaal.controlespoor import controlespoorblad


@require_GET
@aangemeld()
def controlespoor_bestand(request: Verzoek) -> HttpResponseBase:
    """Give every booking from credit to bank line as a sheet, as the journal page is filtered."""
    return uitvoer.geef(request, "controlespoor")


@uitvoer.lijst("controlespoor")
def _controlespoorblad(request: Verzoek) -> Blad:
    form, regels, getoond = grootboek_van(request)
    kredieten = rechten.kredieten_zichtbaar_voor(Krediet.objects.all(), request.user)
    if jaar := form.waarde("jaar"):
        kredieten = kredieten.filter(jaar=jaar)
    return controlespoorblad(regels, kredieten, getoond)
