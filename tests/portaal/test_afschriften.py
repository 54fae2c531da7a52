"""The pages about statements of account."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from betalingen.bank.camt import LIMIET
from betalingen.models import Afschrift, Afschriftregel
from oproepen.models import Oproep
from tests.betalingen.bank.afschrift import Boeking, boekingen, schrijf
from tests.betalingen.test_afschriften import batch, eerste, lees, standen, w  # noqa: F401  the fixture
from tests.hulp import alles_klopt, ongewijzigd
from tests.portaal import formulieren
from tests.portaal.pagina import keur
from tests.proef import tweede_oproep

pytestmark = pytest.mark.django_db
BROWSERS = {}


@pytest.fixture(autouse=True)
def aangemeld(w):  # noqa: F811
    """Sign everybody in before the test: signing in writes a row."""
    BROWSERS.clear()
    BROWSERS.update({wie.pk: formulieren.browser(wie) for wie in (w.bo, w.aude, w.bea)})


def browser(wie):
    return BROWSERS[wie.pk]


def stuur(wie, inhoud):
    bestand = SimpleUploadedFile("afschrift.xml", inhoud)
    return browser(wie).post(reverse("afschriften"), {"bestand": bestand}, follow=True)


def antwoord(wie, uitkomst, **data):
    adres = reverse("afschrift", args=[uitkomst.regel.afschrift_id])
    return browser(wie).post(adres, {"regel": uitkomst.pk, **data}, follow=True)


def voorstel(w):  # noqa: F811
    een, _ = batch().overschrijvingen
    lees(w, [Boeking(-een.bedrag_cent, naam=een.naam, iban=een.iban)])
    return Afschriftregel.objects.get()


def test_nothing_was_read_yet(w):  # noqa: F811
    tekst = keur(browser(w.bo).get(reverse("afschriften"))).tekst
    assert "Er is nog niets ingelezen." in tekst and "Inlezen" in tekst
    tekst = keur(browser(w.aude).get(reverse("afschriften"))).tekst
    assert "Er is nog niets ingelezen." in tekst and "Een afschrift inlezen" not in tekst


def test_the_orders_lead_to_the_statements_for_who_sees_them(w):  # noqa: F811
    for wie, ziet in ((w.bo, True), (w.aude, True), (w.bea, False)):
        p = keur(browser(wie).get(reverse("betaalopdrachten")))
        assert (reverse("afschriften") in {a.attrs.get("href") for a in p.alle("a")}) == ziet


def test_reading_a_statement_and_reading_it_again(w):  # noqa: F811
    inhoud = schrijf([*boekingen(batch()), Boeking(-3_50, naam="De bank", bankreferentie="KOST")])
    p = keur(stuur(w.bo, inhoud))
    assert [zin for _, zin in p.meldingen] == ["Het afschrift is ingelezen. Wat zeker is, is geboekt."]
    assert "3, waarvan 1 op een antwoord wacht" in p.tekst.replace("\xa0", " ")
    assert "Geen enkele betaling of terugvordering past bij deze regel." in p.tekst
    assert standen() == ["uitbetaald", "uitbetaald"]
    hrefs = {a.attrs.get("href") for a in p.alle("a")}
    assert {reverse("betaling", args=[b.pk]) for b in eerste()} <= hrefs
    with ongewijzigd():
        p = keur(stuur(w.bo, inhoud))
    assert [zin for _, zin in p.meldingen] == ["Dit afschrift is al ingelezen; er is niets gewijzigd."]
    assert reverse("afschrift", args=[Afschrift.objects.get().pk]) in {a.attrs.get("href") for a in p.alle("a")}
    alles_klopt()


ENTITEIT = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
DOCTYPE = "Dit bestand bevat een DOCTYPE of entiteiten. Een rekeningafschrift van een bank bevat die nooit."
SALDO = (
    "Het eindsaldo van afschrift 2026-224 klopt niet: het beginsaldo en de regels geven 10.000.000,00 euro, "
    "het eindsaldo is 10.000.000,01 euro, een verschil van 0,01 euro."
)
MUNT = "Regel 1 van afschrift 2026-224 staat in USD. Alleen afschriften in euro kunnen gelezen worden."
SLECHT = {
    "te groot": (b" " * (LIMIET + 1), "Dit bestand is te groot: hoogstens 20 MB kan gelezen worden."),
    "geen xml": (b"%PDF-1.7", "Dit bestand is geen leesbare XML."),
    "leeg": (b"", "Dit bestand is geen leesbare XML."),
    "entiteiten": (ENTITEIT, DOCTYPE),
    "andere munt": (schrijf([Boeking(-1_00, munt="USD")]), MUNT),
    "saldo": (schrijf([], eind_cent=10_000_000_01), SALDO),
}


@pytest.mark.parametrize("geval", SLECHT)
def test_a_bad_file_is_refused_at_its_field(w, geval):  # noqa: F811
    inhoud, zin = SLECHT[geval]
    with ongewijzigd():
        uit = stuur(w.bo, inhoud)
    assert uit.status_code == 422
    assert uit.context["form"].errors == {"bestand": [zin]}
    assert zin in keur(uit).tekst.replace("\xa0", " ")


def test_no_file_is_refused(w):  # noqa: F811
    uit = browser(w.bo).post(reverse("afschriften"))
    assert uit.status_code == 422 and list(keur(uit) and uit.context["form"].errors) == ["bestand"]


def test_an_accountant_of_another_granter_reads_nothing_and_sees_nothing(w):  # noqa: F811
    uitkomst = voorstel(w)
    ander = tweede_oproep(w)
    Oproep.objects.filter(pk=ander.oproep.pk).update(verstrekker="Een andere verstrekker")
    BROWSERS[ander.bo.pk] = formulieren.browser(ander.bo)
    with ongewijzigd():
        assert stuur(ander.bo, schrijf(boekingen(batch()))).status_code == 403
        assert antwoord(ander.bo, uitkomst, daad="bevestig").status_code == 404
    assert "Er is nog niets ingelezen." in keur(browser(ander.bo).get(reverse("afschriften"))).tekst


def test_saying_yes_to_a_proposal(w):  # noqa: F811
    uitkomst = voorstel(w)
    with ongewijzigd():
        uit = antwoord(w.bo, uitkomst, daad="bevestig")
    assert uit.status_code == 422 and "Kies een van de betalingen." in keur(uit).tekst
    uit = antwoord(w.bo, uitkomst, daad="bevestig", **{f"ja{uitkomst.pk}-betaling": eerste()[1].pk})
    assert [zin for _, zin in keur(uit).meldingen] == ["De regel is verwerkt."]
    assert standen() == ["verstuurd", "uitbetaald"]
    alles_klopt()
    with ongewijzigd():
        uit = antwoord(w.bo, uitkomst, daad="bevestig")
    zin = "Dit kan niet: de afschriftregel heeft de status 'verwerkt'."
    assert uit.status_code == 422 and zin in keur(uit).tekst


def test_saying_that_a_line_is_not_ours(w):  # noqa: F811
    uitkomst = voorstel(w)
    naam = f"nee{uitkomst.pk}-reden"
    with ongewijzigd():
        assert keur(antwoord(w.bo, uitkomst, daad="sluit_af", **{naam: " "})).per_id[f"id_{naam}_error"]
        assert antwoord(w.aude, uitkomst, daad="sluit_af", **{naam: "Nee."}).status_code == 403
    uit = antwoord(w.bo, uitkomst, daad="sluit_af", **{naam: "Van een andere dienst."})
    assert [zin for _, zin in keur(uit).meldingen] == ["Nagekeken."]
    assert Afschriftregel.objects.get().status == "afgesloten" and standen() == ["verstuurd", "verstuurd"]
    alles_klopt()


def test_a_line_of_another_statement_is_not_there(w):  # noqa: F811
    uitkomst = voorstel(w)
    lees(w, [], nummer="2026-225")
    leeg = Afschrift.objects.order_by("-pk")[0]
    adres = reverse("afschrift", args=[leeg.pk])
    assert "Op dit afschrift staat niets." in keur(browser(w.bo).get(adres)).tekst
    with ongewijzigd():
        for regel in (uitkomst.pk, "x", "9" * 30):
            data = {"regel": regel, "daad": "sluit_af", f"nee{uitkomst.pk}-reden": "Nee."}
            assert browser(w.bo).post(adres, data).status_code == 404
        assert browser(w.bo).post(adres, {"regel": uitkomst.pk, "daad": "x"}).status_code == 404
