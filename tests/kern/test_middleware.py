"""What happens around every request."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from kern import klok
from kern.middleware import INHOUDSBELEID, Inhoudsbeleid, MomentVanOntvangst, WeigeringAlsPagina
from kern.weigering import GeenRecht, Weigering
from organisaties.models import Gebruiker

AANKOMST, LATER = klok.brussel(2021, 11, 8, 8, 59, 59), klok.brussel(2021, 11, 8, 9, 5)


def test_the_moment_of_receipt_is_taken_before_anything_else():
    assert settings.MIDDLEWARE[0] == "kern.middleware.MomentVanOntvangst"


def test_the_moment_of_receipt_stays_however_long_the_rest_takes():
    def traag(verzoek):
        gezien.append(verzoek.ontvangen_op)
        klok.zet(LATER)
        gezien.append(verzoek.ontvangen_op)
        return HttpResponse()

    gezien = []
    klok.zet(AANKOMST)
    MomentVanOntvangst(traag)(RequestFactory().get("/"))
    assert gezien == [AANKOMST, AANKOMST]


def antwoord(gebruiker=None, **koppen):
    def geef(_verzoek):
        return HttpResponse(headers=koppen)

    verzoek = RequestFactory().get("/")
    if gebruiker is not None:
        verzoek.user = gebruiker
    return Inhoudsbeleid(geef)(verzoek)


def test_every_answer_has_the_policy_and_only_a_personal_one_is_not_kept():
    assert antwoord()["Content-Security-Policy"] == INHOUDSBELEID
    assert "Cache-Control" not in antwoord()
    assert antwoord(Gebruiker(email="an@voorbeeld.test"))["Cache-Control"] == "private, no-store"


def test_a_view_keeps_its_own_headers():
    eigen = antwoord(Gebruiker(), **{"Content-Security-Policy": "sandbox", "Cache-Control": "no-cache"})
    assert (eigen["Content-Security-Policy"], eigen["Cache-Control"]) == ("sandbox", "no-cache")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fout", "status", "zin"),
    [
        (Weigering("te_laat", "Dit is <te> laat."), 409, "Dit is &lt;te&gt; laat."),
        (GeenRecht(), 403, "<title>Geen toegang – Oproepenloket</title>"),
    ],
)
def test_a_refusal_becomes_a_page(rf, fout, status, zin):
    verzoek = rf.get("/")
    verzoek.user = Gebruiker(email="an@voorbeeld.test")
    verzoek.session = {}
    pagina = WeigeringAlsPagina(lambda _verzoek: HttpResponse()).process_exception(verzoek, fout)
    assert pagina.status_code == status
    assert zin in pagina.content.decode()


def test_another_error_is_not_ours(rf):
    assert WeigeringAlsPagina(lambda _verzoek: HttpResponse()).process_exception(rf.get("/"), ValueError()) is None
