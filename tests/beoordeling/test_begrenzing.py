"""Less than what was asked: the most that a judged dossier gets, its reason, and what comes of it up to the letter."""

import pytest

from beoordeling import services
from beoordeling.controles import bedragen_kloppen
from beoordeling.models import Besluit, Besluitregel
from beoordeling.services import begrens_bedrag, hef_begrenzing_op
from betalingen.models import Stand
from dossiers.models import Dossier
from kern import klok
from oproepen.models import Ronde
from tests import bouw
from tests.beoordeling.test_besluit import als_inhoud, drie, journaal, onderteken, regels, statussen, stel_voor
from tests.dossiers.test_stukken import lees
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert, zin_status
from tests.onthouden import onthoudt
from tests.portaal.formulieren import browser
from tests.portaal.pagina import keur

REDEN = "De jury vindt de helft genoeg."
VOORGEDRAGEN = (
    "besluit_loopt",
    "De ronde is al voorgedragen. Stuur eerst het voorstel terug; daarna kunt u het bedrag begrenzen.",
)


@pytest.fixture
@onthoudt
def w(wereld):
    """Three judged dossiers and 150.000 euro: Boom (100.000) fits, Aartselaar (60.000) and the vzw (40.000) do not."""
    wereld.extra["rijen"] = drie(wereld, luik_cent=150_000_00)
    return wereld


@pytest.fixture
def rijen(w):
    return w.extra["rijen"]


def begrens(w, dossier, cent, motivering=REDEN, door=None):
    return begrens_bedrag(dossier, bedrag_cent=cent, motivering=motivering, door=door or w.bea)


def hoogstens(dossier):
    return Dossier.objects.values_list("hoogstens_cent", "hoogstens_motivering").get(pk=dossier.pk)


def tekst_van(wie, adres):
    return keur(browser(wie).get(adres)).tekst.replace("\xa0", " ")


# The act


def test_the_handler_limits_the_amount_and_the_event_tells_it(w, rijen):
    boom = rijen[1]
    with geschiedenis() as nieuw:
        begrens(w, boom, 50_000_00, f" {REDEN} ")
    inhoud = {"voorheen_cent": None, "hoogstens_cent": 50_000_00, "motivering": REDEN}
    assert nieuw.feiten == [
        feit(boom, "dossier.begrens_bedrag", w.bea, "ontvankelijk", "ontvankelijk", inhoud),
    ]
    assert nieuw.mails == [] and journaal() == []
    assert hoogstens(boom) == (50_000_00, REDEN)
    alles_klopt()


def test_it_is_set_again_and_lifted_once(w, rijen):
    boom = begrens(w, rijen[1], 50_000_00)
    with weigert("ongewijzigd", "Dit bedrag en deze motivering staan er al."):
        begrens(w, boom, 50_000_00)
    begrens(w, boom, 0, "Dubbel.")
    with geschiedenis() as nieuw:
        hef_begrenzing_op(boom, door=w.bea)
    inhoud = {"voorheen_cent": 0, "hoogstens_cent": None, "motivering": ""}
    assert nieuw.feiten == [feit(boom, "dossier.hef_begrenzing_op", w.bea, "ontvankelijk", "ontvankelijk", inhoud)]
    assert hoogstens(boom) == (None, "")
    with weigert("geen_begrenzing", "Het bedrag van dit dossier is niet begrensd."):
        hef_begrenzing_op(boom, door=w.bea)


@pytest.mark.parametrize(
    ("cent", "motivering", "weigering"),
    [
        (-1, REDEN, ("bedrag_te_laag", "Het bedrag mag niet negatief zijn.", "bedrag_cent")),
        (
            100_000_00,
            REDEN,
            ("bedrag_te_hoog", "Vul een lager bedrag in dan wat gevraagd is: 100.000,00 euro.", "bedrag_cent"),
        ),
        (1, " \n ", ("motivering_ontbreekt", "Schrijf waarom dit dossier niet meer kan krijgen.", "motivering")),
    ],
)
def test_bad_input_is_refused_at_its_field(w, rijen, cent, motivering, weigering):
    with weigert(*weigering):
        begrens(w, rijen[1], cent, motivering)


def test_only_a_handler_of_the_track_may(w, rijen):
    eis_alleen(w.mensen, {"bea"}, lambda wie: begrens(w, rijen[1], 1, door=wie))
    begrens(w, rijen[1], 1)
    eis_alleen(w.mensen, {"bea"}, lambda wie: hef_begrenzing_op(rijen[1], door=wie))


def test_not_while_a_proposal_runs_and_again_when_it_came_back(w, rijen):
    besluit = stel_voor(w.ronde, door=w.bea)
    for dossier in rijen:  # those that it proposes and those that it does not
        with weigert(*VOORGEDRAGEN):
            begrens(w, dossier, 1)
        with weigert(*VOORGEDRAGEN):
            hef_begrenzing_op(dossier, door=w.bea)
    services.stuur_besluit_terug(besluit, reden="Te veel voor Boom.", door=w.bea)
    begrens(w, rijen[1], 50_000_00)
    stel_voor(bouw.vers(w).ronde, door=w.bea)
    alles_klopt()


def test_not_after_the_decision(w, rijen):
    besluit = services.leg_besluit_voor(stel_voor(w.ronde, door=w.bea), door=w.bea)
    klok.zet(bouw.BESLIST)
    onderteken(w, besluit)
    for rij in rijen:
        dossier = bouw.opnieuw(rij)
        with weigert("verkeerde_status", zin_status(dossier)):
            begrens(w, dossier, 1)


# The first decision


def test_the_ranking_proposes_no_more_and_what_is_left_goes_to_the_next(w, rijen):
    (aartselaar, boom, vzw) = rijen
    begrens(w, boom, 50_000_00)
    with geschiedenis() as nieuw:
        besluit = stel_voor(w.ronde, door=w.bea)
    verwacht = [
        (boom.pk, 1, 9000, "toekenning", 50_000_00),
        (aartselaar.pk, 2, 8000, "toekenning", 60_000_00),
        (vzw.pk, 3, 7000, "toekenning", 40_000_00),
    ]
    assert regels(besluit) == verwacht
    naam, jaar = "ronde.stel_voor", (2022, klok.vandaag())
    assert nieuw.feiten[1:3] == [
        feit(besluit, naam, w.bea, "", "ontwerp", {"regels": als_inhoud(verwacht)}),
        feit(aartselaar, naam, w.bea, "ontvankelijk", "voorgedragen", {"bedrag_cent": 60_000_00}),
    ]
    assert journaal() == [
        ("reservering", 60_000_00, aartselaar.pk, *jaar),
        ("reservering", 50_000_00, boom.pk, *jaar),
        ("reservering", 40_000_00, vzw.pk, *jaar),
    ]
    assert Stand.objects.get(soort="dossier", sleutel=boom.pk).limiet_cent == 50_000_00
    assert besluit.regels.get(dossier=boom).motivering == (
        "De jury gaf het dossier 90,00 op 100. Het dossier haalt de minimumscore en past in volgorde van rangschikking "
        f"in het budget.\n\nWaarom minder dan gevraagd: {REDEN}\n\nJuryadvies: Advies {boom.nummer}."
    )
    assert "minder dan gevraagd" not in besluit.regels.get(dossier=vzw).motivering
    tekst = tekst_van(w.bea, f"/besluiten/{besluit.pk}/")
    assert "€ 100.000,00 € 50.000,00 € 50.000,00 Toekenning" in tekst
    assert f"Minder dan gevraagd {boom.nummer}, hoogstens € 50.000,00: {REDEN}" in tekst
    alles_klopt()


def test_the_instalments_the_letter_and_the_pages_tell_of_the_lesser_award(w, rijen):
    boom = begrens(w, rijen[1], 50_000_00)
    besluit = services.leg_besluit_voor(stel_voor(w.ronde, door=w.bea), door=w.bea)
    klok.zet(bouw.BESLIST)
    onderteken(w, besluit)
    assert REDEN not in tekst_van(w.ben, f"/dossiers/{boom.nummer}/")  # embargo
    with geschiedenis() as nieuw:
        services.geef_kennis(besluit, door=w.bea)
    [tekst] = [tekst for aan, _, tekst in nieuw.mails if aan == "ben@voorbeeld.test"]
    minder = "U vroeg 100.000,00 euro; bij de motivering leest u waarom het minder is."
    assert f"krijgt een subsidie van 50.000,00 euro. {minder}\n\nDat besliste" in tekst
    assert f"\n\nWaarom minder dan gevraagd: {REDEN}\n\n" in tekst
    [ander] = [tekst for aan, onderwerp, tekst in nieuw.mails if rijen[0].nummer in onderwerp]
    assert "krijgt een subsidie van 60.000,00 euro.\n\nDat besliste" in ander
    boom = bouw.opnieuw(boom)
    assert (boom.gevraagd_cent, boom.toegekend_cent, boom.status) == (100_000_00, 50_000_00, "in_uitvoering")
    assert [b.bedrag_cent for b in boom.betalingen.all()] == [25_000_00, 20_000_00, 5_000_00]
    brief = lees(w.ben, "brief_pdf", boom).tekst
    for zin in (
        "Uw project krijgt een subsidie. Die is lager dan wat u vroeg; bij de motivering leest u waarom.",
        "Toegekende subsidie: € 50.000,00",
        "Gevraagd € 100.000,00",
        f"Waarom minder dan gevraagd: {REDEN}",
        "Samen € 50.000,00",
    ):
        assert zin in brief, zin
    assert "Gevraagd € 100.000,00 Toegekend € 50.000,00" in tekst_van(w.ben, f"/dossiers/{boom.nummer}/")
    staf = tekst_van(w.bea, f"/dossiers/{boom.nummer}/")
    assert "Gevraagd € 100.000,00 Hoogstens € 50.000,00 Toegekend € 50.000,00" in staf
    alles_klopt()


def test_nothing_is_a_refusal_with_its_own_reason(w, rijen):
    (aartselaar, boom, vzw) = rijen
    begrens(w, boom, 0, "Het project krijgt al geld van de provincie.")
    besluit = services.leg_besluit_voor(stel_voor(w.ronde, door=w.bea), door=w.bea)
    assert regels(besluit) == [
        (boom.pk, 1, 9000, "weigering_bedrag", 0),
        (aartselaar.pk, 2, 8000, "toekenning", 60_000_00),
        (vzw.pk, 3, 7000, "toekenning", 40_000_00),
    ]
    klok.zet(bouw.BESLIST)
    onderteken(w, besluit)
    assert statussen(rijen) == ["toegekend", "geweigerd_bedrag", "toegekend"]
    assert bouw.opnieuw(boom).zichtbare_status == "In beoordeling"
    with geschiedenis() as nieuw:
        services.geef_kennis(besluit, door=w.bea)
    [tekst] = [tekst for aan, _, tekst in nieuw.mails if aan == "ben@voorbeeld.test"]
    assert "in de oproep Zorgzame buurten krijgt geen subsidie.\n\nDat besliste" in tekst
    assert (
        "Motivering\nDe jury gaf het dossier 90,00 op 100. Het dossier haalt de minimumscore. Er kan niets aan "
        "toegekend worden.\n\nWaarom minder dan gevraagd: Het project krijgt al geld van de provincie.\n\nJuryadvies:"
    ) in tekst
    brief = lees(w.ben, "brief_pdf", bouw.opnieuw(boom)).tekst
    assert "Uw project haalt de minimumscore van 60 op 100, maar krijgt geen subsidie. Bij de motivering" in brief
    assert "Beslissing Weigering: er kan niets toegekend worden" in brief
    boom = bouw.opnieuw(boom)
    assert (boom.zichtbare_status, boom.toegekend_cent) == ("Geweigerd (bedrag)", None)
    assert not boom.betalingen.exists() and not boom.verslagen.exists()
    alles_klopt()


def test_a_check_finds_an_amount_that_is_not_what_was_set(w, rijen):
    begrens(w, rijen[1], 50_000_00)
    besluit = stel_voor(w.ronde, door=w.bea)
    assert list(bedragen_kloppen()) == []
    Besluitregel.objects.filter(besluit=besluit, dossier=rijen[1]).update(bedrag_cent=1)
    assert list(bedragen_kloppen()) == [f"1. {rijen[1]}: het besluit zegt 1 cent, verwacht was 5000000 cent"]


# The page


def test_the_page_sets_and_lifts_it_and_keeps_what_was_typed(w, rijen):
    boom, client = rijen[1], browser(w.bea)
    adres = f"/dossiers/{boom.nummer}/begrenzing/"
    assert adres in keur(client.get(f"/dossiers/{boom.nummer}/")).links
    assert keur(client.get(adres)).waarde("bedrag_cent") == ""
    p = keur(client.post(adres, {"bedrag_cent": "100.000", "motivering": "Minder."}))
    assert p.fouten("bedrag_cent") == ["Vul een lager bedrag in dan wat gevraagd is: 100.000,00 euro."]
    assert (p.waarde("bedrag_cent"), p.waarde("motivering")) == ("100.000", "Minder.")
    antwoord = client.post(adres, {"bedrag_cent": "50.000", "motivering": "Minder."})
    assert antwoord["Location"] == f"/dossiers/{boom.nummer}/"
    assert hoogstens(boom) == (50_000_00, "Minder.")
    p = keur(client.get(adres))
    assert (p.waarde("bedrag_cent"), p.waarde("motivering")) == ("50.000,00", "Minder.")
    assert "hoogstens € 50.000,00" in tekst_van(w.bea, f"/rondes/{w.ronde.pk}/")
    assert "hoogstens" not in tekst_van(w.ben, f"/dossiers/{boom.nummer}/").lower()
    p = keur(client.post(f"{adres}opheffen/", follow=True))
    assert p.meldingen == [("success", "De begrenzing is opgeheven.")]
    assert hoogstens(boom) == (None, "")
    p = keur(client.post(f"{adres}opheffen/", follow=True))
    assert p.meldingen == [("error", "Het bedrag van dit dossier is niet begrensd.")]


def test_the_page_says_why_it_is_too_late(w, rijen):
    stel_voor(w.ronde, door=w.bea)
    adres = f"/dossiers/{rijen[1].nummer}/begrenzing/"
    client = browser(w.bea)
    p = keur(client.get(adres))
    assert VOORGEDRAGEN[1] in p.tekst and not p.velden("bedrag_cent")
    p = keur(client.post(adres, {"bedrag_cent": "50.000", "motivering": "Minder."}))
    assert VOORGEDRAGEN[1] in p.tekst and p.waarde("bedrag_cent") == "50.000"
    assert adres not in keur(client.get(f"/dossiers/{rijen[1].nummer}/")).links


def test_the_decision_that_came_back_does_not_show_a_later_limit(w, rijen):
    besluit = stel_voor(w.ronde, door=w.bea)
    services.stuur_besluit_terug(besluit, reden="Te veel voor Boom.", door=w.bea)
    begrens(w, rijen[1], 50_000_00)
    assert Besluit.objects.get(pk=besluit.pk).status == "teruggestuurd"
    assert REDEN not in tekst_van(w.bea, f"/besluiten/{besluit.pk}/")
    assert Ronde.objects.get(pk=w.ronde.pk).status == "in_beoordeling"
