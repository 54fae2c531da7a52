"""From ranking to notification: the proposal, the signature that commits all or nothing, and the embargo until told."""

from datetime import date, timedelta

import pytest

from beoordeling import services
from beoordeling.models import Besluit, Besluitregel, Juryadvies
from beoordeling.services import (
    geef_kennis,
    leg_besluit_voor,
    registreer_ondertekening,
    stel_advies_vast,
    stuur_besluit_terug,
    wijs_toe,
)
from betalingen import grootboek
from betalingen.models import Betaling, Journaalregel, Krediet, Stand
from betalingen.services import stel_budget_in
from dossiers.beroep import BEROEP
from dossiers.models import Dossier, Verslag
from dossiers.services import verklaar_onontvankelijk, verklaar_ontvankelijk
from kern import klok, uploads
from oproepen.models import Ronde
from oproepen.services import geef_taak, start_beoordeling
from organisaties.services import voeg_lid_toe
from tests import bouw
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, scoreblad, vul_in, weigert, zin_status
from tests.onthouden import onthoudt
from tests.proef import cijfers, zet_krediet

ANDER = "De ondertekening wordt geregistreerd door een andere persoon dan wie het voorstel opmaakte."
GEEN_BUDGET = "Het budget van de oproep is niet ingesteld, dus er kan niets toegekend worden."
TOEGEKEND = "Het dossier haalt de minimumscore en past in volgorde van rangschikking in het budget."
OP = "Het dossier haalt de minimumscore, maar het budget is opgebruikt door hoger gerangschikte dossiers."


def stel_voor(ronde, *, door):
    """Propose, at the end of 2021 as in January, on the credit of 2022."""
    return services.stel_voor(ronde, door=door, begrotingsjaar=2022)


def drie(w: bouw.Wereld, *, luik_cent: int, punten: tuple[int, int, int] = (8, 9, 7)) -> list[Dossier]:
    """Judge three dossiers, in order of receipt: Aartselaar asks 60.000, Boom 100.000 and the vzw 40.000 euro."""
    rijen = _beoordeeld(w, punten)
    stel_budget_in(w.oproep, budget_cent=13_500_000_00, per_luik={"vlaanderen": luik_cent}, door=w.bart)
    return rijen


@onthoudt
def _beoordeeld(w: bouw.Wereld, punten: tuple[int, int, int]) -> list[Dossier]:
    rijen = []
    for organisatie, wie, cent in (
        (w.aartselaar, "an", 60_000_00),
        (w.boom, "ben", 100_000_00),
        (w.vzw, "an", 40_000_00),
    ):
        rij = bouw.concept(w, wie, organisatie)
        vul_in(rij, cent, w.mensen[wie])
        bouw.dossiers.dien_in(rij, door=w.mensen[wie], ontvangen_op=klok.nu())
        rijen.append(rij)
    bouw.sluit(w)
    start_beoordeling(w.ronde, door=w.bea)
    bouw.vers(w)
    for rij, aantal in zip(rijen, punten, strict=True):
        verklaar_ontvankelijk(rij, motivering="Alles is er.", door=w.bea)
        for jurylid in (w.jef, w.joke):
            scoreblad(bouw.opnieuw(rij), jurylid, aantal, door=w.bea)
        stel_advies_vast(bouw.opnieuw(rij), gunstig=aantal >= 6, motivering=f"Advies {rij.nummer}.", door=w.vic)
    klok.zet(bouw.BESLIST - timedelta(days=7))
    return [bouw.opnieuw(rij) for rij in rijen]


def document(w):
    return uploads.bewaar(bouw.upload("besluit.pdf"), door=w.bart)


def onderteken(w, besluit, *, stuk=None, door=None, **velden):
    waarden = {"nummer": "MB-2022-1", "datum": bouw.BESLIST.date()} | velden
    return registreer_ondertekening(besluit, **waarden, document=stuk or document(w), door=door or w.bart)


def journaal():
    velden = ("soort", "bedrag_cent", "dossier_id", "krediet__jaar", "feitdatum")
    return list(Journaalregel.objects.order_by("pk").values_list(*velden))


def statussen(rijen):
    return [bouw.opnieuw(rij).status for rij in rijen]


def regels(besluit):
    velden = ("dossier", "rang", "score_honderdsten", "uitkomst", "bedrag_cent")
    return [tuple(rij) for rij in Besluitregel.objects.filter(besluit=besluit).values_list(*velden)]


def als_inhoud(rijen):
    velden = ("dossier", "rang", "score_honderdsten", "uitkomst", "bedrag_cent")
    return [dict(zip(velden, rij, strict=True)) for rij in rijen]


# The proposal


def test_the_proposal_ranks_and_draws_the_line_where_the_budget_ends(wereld):
    """Of three good dossiers two fit: together they ask 200.000 euro, and there is one cent less."""
    (aartselaar, boom, vzw) = drie(wereld, luik_cent=199_999_99)
    with geschiedenis() as nieuw:
        besluit = stel_voor(wereld.ronde, door=wereld.bea)
    rij = Besluit.objects.get(ronde=wereld.ronde)
    assert rij == besluit
    assert (rij.status, rij.beslisser) == (
        "ontwerp",
        "de Vlaamse minister bevoegd voor Welzijn, Volksgezondheid en Gezin",
    )
    assert (rij.opgesteld_door, rij.opgesteld_op) == (wereld.bea, klok.nu())
    assert (rij.nummer, rij.datum, rij.document, rij.geregistreerd_door, rij.kennisgegeven_op) == (
        "",
        None,
        None,
        None,
        None,
    )
    verwacht = [
        (boom.pk, 1, 9000, "toekenning", 100_000_00),
        (aartselaar.pk, 2, 8000, "toekenning", 60_000_00),
        (vzw.pk, 3, 7000, "weigering_krediet", 0),
    ]
    assert regels(besluit) == verwacht
    assert statussen([aartselaar, boom, vzw]) == ["voorgedragen", "voorgedragen", "ontvankelijk"]
    assert Ronde.objects.get(pk=wereld.ronde.pk).status == "voorgesteld"
    motiveringen = dict(Besluitregel.objects.values_list("dossier", "motivering"))
    assert motiveringen == {
        boom.pk: f"De jury gaf het dossier 90,00 op 100. {TOEGEKEND}\n\nJuryadvies: Advies {boom.nummer}.",
        aartselaar.pk: f"De jury gaf het dossier 80,00 op 100. {TOEGEKEND}\n\nJuryadvies: Advies {aartselaar.nummer}.",
        vzw.pk: f"De jury gaf het dossier 70,00 op 100. {OP}\n\nJuryadvies: Advies {vzw.nummer}.",
    }
    assert nieuw.feiten == [
        feit(
            wereld.ronde,
            "ronde.stel_voor",
            wereld.bea,
            "in_beoordeling",
            "voorgesteld",
            {"beschikbaar_cent": 199_999_99},
        ),
        feit(besluit, "ronde.stel_voor", wereld.bea, "", "ontwerp", {"regels": als_inhoud(verwacht)}),
        feit(aartselaar, "ronde.stel_voor", wereld.bea, "ontvankelijk", "voorgedragen", {"bedrag_cent": 60_000_00}),
        feit(boom, "ronde.stel_voor", wereld.bea, "ontvankelijk", "voorgedragen", {"bedrag_cent": 100_000_00}),
    ]
    assert nieuw.mails == []
    assert journaal() == [
        ("reservering", 60_000_00, aartselaar.pk, 2022, date(2022, 1, 25)),
        ("reservering", 100_000_00, boom.pk, 2022, date(2022, 1, 25)),
    ]
    for onderwerp in (wereld.oproep, wereld.luik, wereld.ronde, Krediet.objects.get(jaar=2022)):
        assert cijfers(onderwerp) == {"gereserveerd": 160_000_00}
    assert [grootboek.stand_van(rij).limiet_cent for rij in (aartselaar, boom, vzw)] == [60_000_00, 100_000_00, None]
    alles_klopt()


def test_one_cent_more_and_all_three_fit(wereld):
    rijen = drie(wereld, luik_cent=200_000_00)
    stel_voor(wereld.ronde, door=wereld.bea)
    assert statussen(rijen) == ["voorgedragen"] * 3


def test_nobody_is_skipped_and_quality_comes_before_budget(wereld):
    """Boom alone takes 100.000 of 99.999 euro: it does not fit, and then the smaller ones below it do not either."""
    (aartselaar, boom, vzw) = drie(wereld, luik_cent=99_999_00, punten=(8, 9, 5))
    besluit = stel_voor(wereld.ronde, door=wereld.bea)
    assert regels(besluit) == [
        (boom.pk, 1, 9000, "weigering_krediet", 0),
        (aartselaar.pk, 2, 8000, "weigering_krediet", 0),
        (vzw.pk, 3, 5000, "weigering_kwaliteit", 0),
    ]
    laag = Besluitregel.objects.get(dossier=vzw)
    assert laag.motivering == (
        f"De jury gaf het dossier 50,00 op 100. De minimumscore is 60.\n\nJuryadvies: Advies {vzw.nummer}."
    )
    assert statussen([aartselaar, boom, vzw]) == ["ontvankelijk"] * 3


def test_at_an_equal_score_what_was_received_first_comes_first(wereld):
    (aartselaar, boom, vzw) = drie(wereld, luik_cent=100_000_00, punten=(7, 7, 7))
    assert [rij[0] for rij in regels(stel_voor(wereld.ronde, door=wereld.bea))] == [aartselaar.pk, boom.pk, vzw.pk]


def test_what_is_available_is_the_least_of_call_track_and_round(wereld):
    rijen = drie(wereld, luik_cent=12_300_000_00)
    stel_budget_in(wereld.oproep, budget_cent=160_000_00, per_luik={}, door=wereld.bart)
    stel_voor(wereld.ronde, door=wereld.bea)
    assert statussen(rijen) == ["voorgedragen", "voorgedragen", "ontvankelijk"]


@pytest.mark.parametrize("wat", ["niets", "luik", "oproep", "alles"])
def test_without_a_budget_nothing_is_proposed(wereld, wat):
    budget = None if wat in {"oproep", "alles"} else 13_500_000_00
    per_luik = {"vlaanderen": None} if wat in {"luik", "alles"} else {}
    stel_budget_in(wereld.oproep, budget_cent=budget, per_luik=per_luik, door=wereld.bart)
    if wat == "niets":  # nobody ever set one
        Stand.objects.all().delete()
    bouw.gescoord(wereld, {"an": 8})
    with weigert("budget_ontbreekt", GEEN_BUDGET):
        stel_voor(wereld.ronde, door=wereld.bea)


def test_a_budget_of_nothing_refuses_everybody_on_budget(wereld):
    rijen = drie(wereld, luik_cent=0)
    stel_voor(wereld.ronde, door=wereld.bea)
    assert {rij[3] for rij in regels(wereld.ronde.besluiten.get())} == {"weigering_krediet"}
    assert statussen(rijen) == ["ontvankelijk"] * 3


def test_a_dossier_that_was_not_judged_on_admissibility_keeps_the_round_open(wereld):
    """Boom handed in and nobody looked at it."""
    open_dossier = bouw.ingediend(wereld, "ben")
    (dossier,) = bouw.gescoord(wereld, {"an": 8})
    zin = "Nog niet elk ingediend dossier is op ontvankelijkheid beoordeeld."
    with weigert("dossiers_open", zin):
        stel_voor(wereld.ronde, door=wereld.bea)
    verklaar_onontvankelijk(open_dossier, motivering="Te laat getekend.", door=wereld.bea)
    stel_voor(wereld.ronde, door=wereld.bea)
    assert statussen([dossier, open_dossier]) == ["voorgedragen", "onontvankelijk"]
    assert [rij[0] for rij in regels(wereld.ronde.besluiten.get())] == [dossier.pk]


def test_missing_advices_are_counted(wereld):
    rijen = bouw.ontvankelijk(wereld, "an", "ben")
    start_beoordeling(wereld.ronde, door=wereld.bea)
    bouw.vers(wereld)
    for aantal, rij in zip((2, 1), rijen, strict=True):
        zin = f"Het juryadvies ontbreekt nog voor {aantal} van de 2 dossiers."
        with weigert("adviezen_open", zin):
            stel_voor(wereld.ronde, door=wereld.bea)
        for jurylid in (wereld.jef, wereld.joke):
            scoreblad(bouw.opnieuw(rij), jurylid, 8, door=wereld.bea)
        stel_advies_vast(bouw.opnieuw(rij), gunstig=True, motivering="Goed.", door=wereld.vic)
    assert stel_voor(wereld.ronde, door=wereld.bea).status == "ontwerp"


def test_a_round_without_admissible_dossiers_has_nothing_to_decide(wereld):
    dossier = bouw.ingediend(wereld)
    bouw.sluit(wereld)
    verklaar_onontvankelijk(dossier, motivering="Neen.", door=wereld.bea)
    start_beoordeling(wereld.ronde, door=wereld.bea)
    with weigert("niets_te_beslissen", "Deze ronde heeft geen ontvankelijke dossiers."):
        stel_voor(wereld.ronde, door=wereld.bea)


def test_proposing_before_the_judging_is_refused(wereld):
    for stap in (lambda: None, lambda: bouw.sluit(wereld)):
        stap()
        with weigert("verkeerde_status", zin_status(bouw.vers(wereld).ronde)):
            stel_voor(wereld.ronde, door=wereld.bea)


@pytest.mark.parametrize("luik_cent", [12_300_000_00, 199_999_99, 0])
def test_proposing_twice_is_refused_also_when_somebody_was_not_proposed(wereld, luik_cent):
    drie(wereld, luik_cent=luik_cent)
    stel_voor(wereld.ronde, door=wereld.bea)
    assert wereld.ronde.status == "in_beoordeling"  # as a second click has it
    with weigert("verkeerde_status", "Dit kan niet: de ronde heeft de status 'voorgesteld'."):
        stel_voor(wereld.ronde, door=wereld.bea)


def test_after_the_proposal_the_jury_is_done(wereld):
    (aartselaar, _, vzw) = drie(wereld, luik_cent=199_999_99)
    stel_voor(wereld.ronde, door=wereld.bea)
    with weigert("niet_ontvankelijk", "Alleen een ontvankelijk dossier gaat naar de jury."):
        wijs_toe(aartselaar, jurylid=wereld.jana, door=wereld.bea)
    with weigert("advies_bestaat", "Het advies is al vastgesteld."):
        wijs_toe(vzw, jurylid=wereld.jana, door=wereld.bea)
    with weigert("ronde_niet_in_beoordeling", "Deze ronde is niet in beoordeling."):
        stel_advies_vast(vzw, gunstig=True, motivering="Toch.", door=wereld.vic)


# Presenting


def test_presenting_the_decision(wereld):
    bouw.gescoord(wereld, {"an": 8})
    besluit = stel_voor(wereld.ronde, door=wereld.bea)
    with geschiedenis() as nieuw:
        leg_besluit_voor(besluit, door=wereld.bea)
    assert Besluit.objects.get(pk=besluit.pk).status == "ter_ondertekening"
    assert nieuw.feiten == [feit(besluit, "besluit.leg_voor", wereld.bea, "ontwerp", "ter_ondertekening")]
    assert [(aan, onderwerp) for aan, onderwerp, _ in nieuw.mails] == [
        ("bart@voorbeeld.test", "Een besluit om te laten ondertekenen: Zorgzame buurten")
    ]
    with weigert("verkeerde_status", "Dit kan niet: het besluit heeft de status 'ter ondertekening'."):
        leg_besluit_voor(besluit, door=wereld.bea)
    alles_klopt()


# The signature


def test_signing_commits_every_award_and_refuses_the_rest(wereld):
    (aartselaar, boom, vzw) = drie(wereld, luik_cent=160_000_00, punten=(8, 9, 5))
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    klok.zet(bouw.BESLIST)
    stuk = document(wereld)
    with geschiedenis() as nieuw:
        onderteken(wereld, besluit, nummer=" MB-2022-1 ", stuk=stuk)
    dag = date(2022, 2, 1)
    rij = Besluit.objects.get(pk=besluit.pk)
    assert (rij.status, rij.nummer, rij.datum, rij.document) == ("ondertekend", "MB-2022-1", dag, stuk)
    assert (rij.geregistreerd_door, rij.opgesteld_door, rij.kennisgegeven_op) == (wereld.bart, wereld.bea, None)
    assert Ronde.objects.get(pk=wereld.ronde.pk).status == "beslist"
    velden = ("status", "toegekend_cent", "beslist_op", "kennisgegeven_op")
    assert list(Dossier.objects.order_by("pk").values_list(*velden)) == [
        ("toegekend", 60_000_00, dag, None),
        ("toegekend", 100_000_00, dag, None),
        ("geweigerd_kwaliteit", None, dag, None),
    ]
    krediet = Krediet.objects.get(jaar=2022)
    geboekt = Journaalregel.objects.exclude(soort="reservering").values_list(
        "soort", "bedrag_cent", "dossier", "oproep", "luik", "ronde", "krediet", "feitdatum", "geboekt_op", "betaling"
    )
    plaats = (wereld.oproep.pk, wereld.luik.pk, wereld.ronde.pk, krediet.pk, dag, klok.nu(), None)
    assert sorted(geboekt) == sorted(
        [
            ("vrijgave", -60_000_00, aartselaar.pk, *plaats),
            ("vrijgave", -100_000_00, boom.pk, *plaats),
            ("vastlegging", 60_000_00, aartselaar.pk, *plaats),
            ("vastlegging", 100_000_00, boom.pk, *plaats),
        ]
    )
    for obj, vastgelegd in (
        (wereld.oproep, 160_000_00),
        (wereld.luik, 160_000_00),
        (wereld.ronde, 160_000_00),
        (krediet, 160_000_00),
    ):
        assert grootboek.stand_van(obj).vastgelegd_cent == vastgelegd
    for dossier, cent in ((aartselaar, 60_000_00), (boom, 100_000_00)):
        stand = grootboek.stand_van(dossier)
        assert (stand.limiet_cent, stand.vastgelegd_cent, stand.vereffend_cent) == (cent, cent, 0)
    assert (cijfers(vzw), grootboek.stand_van(vzw).limiet_cent) == ({}, None)
    inhoud = {"nummer": "MB-2022-1", "datum": "2022-02-01", "document": stuk.sha256}
    naam = "besluit.registreer_ondertekening"
    assert nieuw.feiten[:2] == [
        feit(besluit, naam, wereld.bart, "ter_ondertekening", "ondertekend", inhoud),
        feit(wereld.ronde, naam, wereld.bart, "voorgesteld", "beslist", inhoud),
    ]
    assert sorted(nieuw.feiten[2:], key=lambda f: f[1]) == [
        feit(aartselaar, naam, wereld.bart, "voorgedragen", "toegekend", {"toegekend_cent": 60_000_00}),
        feit(boom, naam, wereld.bart, "voorgedragen", "toegekend", {"toegekend_cent": 100_000_00}),
        feit(vzw, naam, wereld.bart, "ontvankelijk", "geweigerd_kwaliteit", {"rang": 3}),
    ]
    assert nieuw.mails == [
        (
            "bea@voorbeeld.test",
            "Besluit ondertekend: Zorgzame buurten",
            (
                f"Het besluit over {wereld.ronde} is ondertekend en de toekenningen zijn vastgelegd. U kunt de "
                "aanvragers nu kennis geven."
            ),
        ),
    ]
    alles_klopt()


def test_an_award_gets_its_instalments_and_reports(wereld):
    """99.999,99 euro in 50, 40 and 10 percent: each rounded down, the last takes what is left."""
    bouw.beslist(wereld, gevraagd_cent=99_999_99)
    betalingen = Betaling.objects.order_by("schijf__volgorde").values_list(
        "schijf__procent", "bedrag_cent", "status", "iban"
    )
    assert list(betalingen) == [
        (50, 49_999_99, "gepland", bouw.IBAN),
        (40, 39_999_99, "gepland", bouw.IBAN),
        (10, 10_000_01, "gepland", bouw.IBAN),
    ]
    assert list(Verslag.objects.values_list("moment__sleutel", "uiterlijk", "status")) == [
        ("jaar-1", date(2023, 3, 31), "verwacht"),
        ("eind", date(2024, 5, 31), "verwacht"),
    ]


def test_what_is_refused_on_budget_gets_nothing(wereld):
    (aartselaar, boom, vzw) = drie(wereld, luik_cent=160_000_00)
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    klok.zet(bouw.BESLIST)
    onderteken(wereld, besluit)
    assert statussen([aartselaar, boom, vzw]) == ["toegekend", "toegekend", "geweigerd_krediet"]
    assert not Betaling.objects.filter(dossier=vzw).exists()
    assert not Verslag.objects.filter(dossier=vzw).exists()


@pytest.fixture
def voorgelegd(wereld):
    besluit = bouw.voorgesteld(wereld)
    klok.zet(bouw.BESLIST)
    return besluit


def test_signing_is_not_registered_by_who_drafted_it(wereld, voorgelegd):
    geef_taak(wereld.oproep, gebruiker=wereld.bea, rol="budgethouder", door=wereld.beheer)
    stuk = document(wereld)
    with weigert("zelfde_persoon", ANDER):
        onderteken(wereld, voorgelegd, stuk=stuk, door=wereld.bea)


@pytest.mark.parametrize("nummer", ["", "  \t"])
def test_signing_without_a_number_is_refused(wereld, voorgelegd, nummer):
    stuk = document(wereld)
    with weigert("nummer_ontbreekt", "Vul het nummer van het ondertekende besluit in.", "nummer"):
        onderteken(wereld, voorgelegd, stuk=stuk, nummer=nummer)


def test_signing_tomorrow_is_refused(wereld, voorgelegd):
    stuk = document(wereld)
    with weigert("datum_onmogelijk", "De datum van ondertekening ligt in de toekomst.", "datum"):
        onderteken(wereld, voorgelegd, stuk=stuk, datum=date(2022, 2, 2))


def test_signing_before_the_proposal_is_refused_and_on_its_day_it_works(wereld, voorgelegd):
    """The proposal was drafted on 25 January 2022."""
    stuk = document(wereld)
    with weigert("datum_onmogelijk", "De datum van ondertekening ligt vóór die van het voorstel.", "datum"):
        onderteken(wereld, voorgelegd, stuk=stuk, datum=date(2022, 1, 24))
    onderteken(wereld, voorgelegd, stuk=stuk, datum=date(2022, 1, 25))
    assert set(Journaalregel.objects.values_list("feitdatum", flat=True)) == {date(2022, 1, 25)}


def test_the_day_is_that_of_brussels(wereld):
    """Half past midnight on 2 February in Brussels is still 1 February in UTC."""
    besluit = bouw.voorgesteld(wereld)
    klok.zet(klok.brussel(2022, 2, 2, 0, 30))
    assert onderteken(wereld, besluit, datum=date(2022, 2, 2)).status == "ondertekend"


def test_signing_what_was_not_presented_is_refused(wereld):
    bouw.gescoord(wereld, {"an": 8})
    besluit = stel_voor(wereld.ronde, door=wereld.bea)
    stuk = document(wereld)
    with weigert("verkeerde_status", "Dit kan niet: het besluit heeft de status 'ontwerp'."):
        onderteken(wereld, besluit, stuk=stuk, datum=klok.vandaag())


def test_signing_twice_is_refused(wereld, voorgelegd):
    stuk = document(wereld)
    onderteken(wereld, voorgelegd, stuk=stuk)
    assert voorgelegd.status == "ter_ondertekening"
    with weigert("verkeerde_status", "Dit kan niet: het besluit heeft de status 'ondertekend'."):
        onderteken(wereld, voorgelegd, stuk=stuk, nummer="MB-2022-2")
    geef_kennis(voorgelegd, door=wereld.bea)
    with weigert("verkeerde_status", "Dit kan niet: het besluit heeft de status 'kennisgegeven'."):
        onderteken(wereld, voorgelegd, stuk=stuk)


def test_the_credit_of_the_year_draws_the_line_too(wereld):
    """Three awards of which two fit in the commitment credit of 2022, however much the track has."""
    rijen = drie(wereld, luik_cent=200_000_00)
    krediet = Krediet.objects.get(jaar=2022)
    zet_krediet(wereld, krediet.jaar, 199_999_99, 0)
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    assert statussen(rijen) == ["voorgedragen", "voorgedragen", "ontvankelijk"]
    klok.zet(bouw.BESLIST)
    onderteken(wereld, besluit)
    assert cijfers(krediet) == {"vastgelegd": 160_000_00}
    alles_klopt()


def test_signed_in_another_year_than_reserved_it_must_fit_in_that_year(wereld):
    """Reserved on 2022, signed in 2023: the credit of 2023 is one cent short, and then it is not."""
    drie(wereld, luik_cent=200_000_00)
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    klok.zet(klok.brussel(2023, 1, 10))
    krediet = Krediet.objects.get(jaar=2023)
    zet_krediet(wereld, krediet.jaar, 199_999_99, 0)
    stuk = document(wereld)
    zin = (
        "Dit gaat over het vastleggingskrediet 2023 van artikel WELZIJN-EENZAAMHEID: nog 199.999,99 euro vrij van "
        "199.999,99 euro, gevraagd 200.000,00 euro."
    )
    with weigert("boven_vastleggingskrediet", zin):
        onderteken(wereld, besluit, stuk=stuk, datum=date(2023, 1, 9))
    zet_krediet(wereld, krediet.jaar, 200_000_00, 0)
    onderteken(wereld, besluit, stuk=stuk, datum=date(2023, 1, 9))
    assert cijfers(krediet) == {"vastgelegd": 200_000_00}
    assert cijfers(Krediet.objects.get(jaar=2022)) == {}
    assert cijfers(wereld.oproep) == {"vastgelegd": 200_000_00}
    alles_klopt()


def test_in_a_year_without_a_credit_nothing_changes_at_all(wereld, voorgelegd):
    Krediet.objects.filter(jaar=2022).update(jaar=2032)
    stuk = document(wereld)
    zin = "Voor begrotingsartikel WELZIJN-EENZAAMHEID is in 2022 geen krediet ingeschreven."
    with weigert("geen_krediet", zin):
        onderteken(wereld, voorgelegd, stuk=stuk)


def test_a_year_without_credit_gets_no_proposal(wereld):
    bouw.gescoord(wereld, {"an": 8})
    zin = "Voor begrotingsartikel WELZIJN-EENZAAMHEID is in 2021 geen krediet ingeschreven."
    with weigert("geen_krediet", zin):
        services.stel_voor(wereld.ronde, door=wereld.bea, begrotingsjaar=2021)
    with weigert("jaar_onmogelijk", "Het besluit valt in 2021 of 2022.", "begrotingsjaar"):
        services.stel_voor(wereld.ronde, door=wereld.bea, begrotingsjaar=2023)
    with weigert("jaar_onmogelijk", "Het besluit valt in 2021 of 2022.", "begrotingsjaar"):
        services.stel_voor(wereld.ronde, door=wereld.bea, begrotingsjaar=2020)
    services.stel_voor(wereld.ronde, door=wereld.bea)  # nobody says which year: the first that has a credit
    assert [rij[3] for rij in journaal()] == [2022]


def test_a_credit_that_was_never_set_allows_nothing(wereld):
    drie(wereld, luik_cent=200_000_00)
    Stand.objects.filter(soort="krediet").update(limiet_cent=None)
    with weigert("budget_ontbreekt", GEEN_BUDGET):
        stel_voor(wereld.ronde, door=wereld.bea)


def test_a_budget_is_not_lowered_below_what_is_proposed(wereld):
    drie(wereld, luik_cent=200_000_00)
    stel_voor(wereld.ronde, door=wereld.bea)
    with weigert("limiet_te_laag", "Er is al 200.000,00 euro gereserveerd of vastgelegd; lager kan niet.", "limiet"):
        stel_budget_in(wereld.oproep, budget_cent=13_500_000_00, per_luik={"vlaanderen": 199_999_99}, door=wereld.bart)
    with weigert("limiet_te_laag", "Er is al 200.000,00 euro gereserveerd of vastgelegd; lager kan niet.", "limiet"):
        krediet = Krediet.objects.get(jaar=2022)
        zet_krediet(wereld, krediet.jaar, 199_999_99, 0)


# Sent back


def test_sending_the_proposal_back_releases_and_the_round_is_ranked_again(wereld):
    (aartselaar, boom, vzw) = drie(wereld, luik_cent=160_000_00)
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    klok.zet(klok.brussel(2022, 1, 28, 10))
    with geschiedenis() as nieuw:
        stuur_besluit_terug(besluit, reden=" Reken Boom na. ", door=wereld.bart)
    wat, bart = "besluit.stuur_terug", wereld.bart
    assert nieuw.feiten == [
        feit(besluit, wat, bart, "ter_ondertekening", "teruggestuurd", {"reden": "Reken Boom na."}),
        feit(wereld.ronde, wat, bart, "voorgesteld", "in_beoordeling"),
        feit(aartselaar, wat, bart, "voorgedragen", "ontvankelijk"),
        feit(boom, wat, bart, "voorgedragen", "ontvankelijk"),
    ]
    assert nieuw.mails == [
        (
            "bea@voorbeeld.test",
            "Voorstel teruggestuurd: Zorgzame buurten",
            f"Het voorstel van besluit over {wereld.ronde} is teruggestuurd.\n\nReden: Reken Boom na.",
        )
    ]
    for onderwerp in (wereld.oproep, wereld.luik, wereld.ronde, aartselaar, boom, Krediet.objects.get(jaar=2022)):
        assert cijfers(onderwerp) == {}
    assert grootboek.stand_van(boom).limiet_cent is None
    stel_budget_in(wereld.oproep, budget_cent=13_500_000_00, per_luik={"vlaanderen": 200_000_00}, door=wereld.bart)
    opnieuw = stel_voor(wereld.ronde, door=wereld.bea)
    assert (opnieuw.pk, opnieuw.status, opnieuw.opgesteld_op) == (besluit.pk, "ontwerp", klok.nu())
    assert [rij[0] for rij in regels(opnieuw)] == [boom.pk, aartselaar.pk, vzw.pk]
    assert {rij[3] for rij in regels(opnieuw)} == {"toekenning"}
    klok.zet(bouw.BESLIST)
    onderteken(wereld, leg_besluit_voor(opnieuw, door=wereld.bea))
    assert cijfers(wereld.oproep) == {"vastgelegd": 200_000_00}
    alles_klopt()


def test_sending_the_proposal_back_needs_a_reason_and_an_unsigned_decision(wereld):
    drie(wereld, luik_cent=160_000_00)
    besluit = stel_voor(wereld.ronde, door=wereld.bea)
    for reden in ("", " \n"):
        with weigert("reden_ontbreekt", "Schrijf waarom het voorstel teruggaat.", "reden"):
            stuur_besluit_terug(besluit, reden=reden, door=wereld.bea)
    eis_alleen(wereld.mensen, {"bea", "bart"}, lambda wie: stuur_besluit_terug(besluit, reden="Fout bedrag.", door=wie))
    leg_besluit_voor(besluit, door=wereld.bea)
    klok.zet(bouw.BESLIST)
    onderteken(wereld, besluit)
    with weigert("verkeerde_status", "Dit kan niet: het besluit heeft de status 'ondertekend'."):
        stuur_besluit_terug(besluit, reden="Toch niet.", door=wereld.bart)


def test_sending_back_twice_is_refused(wereld):
    drie(wereld, luik_cent=160_000_00)
    besluit = stel_voor(wereld.ronde, door=wereld.bea)
    stuur_besluit_terug(besluit, reden="Fout.", door=wereld.bea)
    with weigert("verkeerde_status", "Dit kan niet: het besluit heeft de status 'teruggestuurd'."):
        stuur_besluit_terug(besluit, reden="Fout.", door=wereld.bea)


def test_a_decision_without_awards_needs_no_credit(wereld):
    rijen = drie(wereld, luik_cent=0)
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    Krediet.objects.filter(jaar=2022).update(jaar=2032)
    klok.zet(bouw.BESLIST)
    onderteken(wereld, besluit)
    assert statussen(rijen) == ["geweigerd_krediet"] * 3
    assert not Journaalregel.objects.exists()
    alles_klopt()


# Notification


def gezien(rijen):
    vers = [bouw.opnieuw(rij) for rij in rijen]
    return [(rij.zichtbare_status, rij.zichtbaar_toegekend_cent) for rij in vers]


def test_the_embargo_holds_until_notification(wereld):
    """Up to the notification every admissible dossier reads the same, whatever is being decided about it."""
    rijen = drie(wereld, luik_cent=160_000_00, punten=(8, 9, 5))
    geheim = [("In beoordeling", None)] * 3
    assert gezien(rijen) == geheim
    besluit = stel_voor(wereld.ronde, door=wereld.bea)
    assert statussen(rijen) == ["voorgedragen", "voorgedragen", "ontvankelijk"]
    assert gezien(rijen) == geheim
    leg_besluit_voor(besluit, door=wereld.bea)
    klok.zet(bouw.BESLIST)
    onderteken(wereld, besluit)
    assert statussen(rijen) == ["toegekend", "toegekend", "geweigerd_kwaliteit"]
    assert gezien(rijen) == geheim
    geef_kennis(besluit, door=wereld.bea)
    assert gezien(rijen) == [
        ("In uitvoering", 60_000_00),
        ("In uitvoering", 100_000_00),
        ("Geweigerd (kwaliteit)", None),
    ]


def test_notification_tells_every_applicant_with_amount_motivation_and_appeal(wereld):
    (aartselaar, boom, vzw) = drie(wereld, luik_cent=100_000_00, punten=(8, 9, 5))
    voeg_lid_toe(wereld.boom, email=wereld.stan.email, rol="medewerker", door=wereld.ben)
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    klok.zet(bouw.BESLIST)
    onderteken(wereld, besluit)
    klok.zet(bouw.BESLIST + timedelta(days=3))
    with geschiedenis() as nieuw:
        geef_kennis(besluit, door=wereld.bea)
    rij = Besluit.objects.get(pk=besluit.pk)
    assert (rij.status, rij.kennisgegeven_op) == ("kennisgegeven", klok.nu())
    assert Ronde.objects.get(pk=wereld.ronde.pk).status == "kennisgegeven"
    velden = ("status", "kennisgegeven_op", "toegekend_cent")
    assert list(Dossier.objects.order_by("pk").values_list(*velden)) == [
        ("geweigerd_krediet", klok.nu(), None),
        ("in_uitvoering", klok.nu(), 100_000_00),
        ("geweigerd_kwaliteit", klok.nu(), None),
    ]
    naam = "besluit.geef_kennis"
    assert nieuw.feiten == [
        feit(besluit, naam, wereld.bea, "ondertekend", "kennisgegeven"),
        feit(wereld.ronde, naam, wereld.bea, "beslist", "kennisgegeven"),
        feit(aartselaar, naam, wereld.bea, "geweigerd_krediet", "geweigerd_krediet"),
        feit(boom, naam, wereld.bea, "toegekend", "in_uitvoering"),
        feit(vzw, naam, wereld.bea, "geweigerd_kwaliteit", "geweigerd_kwaliteit"),
    ]

    def brief(dossier, kern, score, reden):
        tekst = (
            f"Uw project 'Project {dossier.nummer}' (dossier {dossier.nummer}) in de oproep Zorgzame buurten "
            f"{kern}.\n\n"
            "Dat besliste de Vlaamse minister bevoegd voor Welzijn, Volksgezondheid en Gezin op 1 februari 2022 "
            "(besluit MB-2022-1).\n\n"
            f"Motivering\nDe jury gaf het dossier {score} op 100. {reden}\n\nJuryadvies: Advies {dossier.nummer}.\n\n"
            f"Beroep\n{BEROEP}\n\nDe brief met deze beslissing zit bij deze mail."
        )
        return f"Beslissing over uw dossier {dossier.nummer}", tekst

    krediet = brief(aartselaar, "krijgt geen subsidie, omdat het budget opgebruikt is", "80,00", OP)
    toekenning = brief(boom, "krijgt een subsidie van 100.000,00 euro", "90,00", TOEGEKEND)
    kwaliteit = brief(
        vzw,
        "krijgt geen subsidie, omdat het de minimumscore niet haalt",
        "50,00",
        "De minimumscore is 60.",
    )
    assert nieuw.mails == [
        ("an@voorbeeld.test", *krediet),
        ("ben@voorbeeld.test", *toekenning),
        ("stan@voorbeeld.test", *toekenning),
        ("an@voorbeeld.test", *kwaliteit),
    ]
    alles_klopt()


def test_the_appeal_clause_names_the_court_the_term_and_the_forms():
    for deel in ("Raad van State", "zestig dagen", "ondertekend verzoekschrift", "aangetekend", "Wetenschapsstraat 33"):
        assert deel in BEROEP


def test_notifying_before_the_signature_is_refused(wereld):
    bouw.gescoord(wereld, {"an": 8})
    besluit = stel_voor(wereld.ronde, door=wereld.bea)
    for stap, status in (
        (lambda: None, "ontwerp"),
        (lambda: leg_besluit_voor(besluit, door=wereld.bea), "ter ondertekening"),
    ):
        stap()
        with weigert("verkeerde_status", f"Dit kan niet: het besluit heeft de status '{status}'."):
            geef_kennis(besluit, door=wereld.bea)


def test_notifying_twice_is_refused(wereld):
    besluit = bouw.beslist(wereld)
    geef_kennis(besluit, door=wereld.bea)
    with weigert("verkeerde_status", "Dit kan niet: het besluit heeft de status 'kennisgegeven'."):
        geef_kennis(besluit, door=wereld.bea)


def test_the_decision_speaks_of_nobody_else(wereld):
    """An inadmissible dossier and a lapsed draft of the same round stand in no line of the decision."""
    anders, leeg = bouw.ingediend(wereld, "ben"), bouw.concept(wereld, organisatie=wereld.vzw)
    rij = bouw.ingediend(wereld)
    bouw.sluit(wereld)
    verklaar_onontvankelijk(anders, motivering="Neen.", door=wereld.bea)
    verklaar_ontvankelijk(rij, motivering="Ja.", door=wereld.bea)
    start_beoordeling(wereld.ronde, door=wereld.bea)
    bouw.vers(wereld)
    for jurylid in (wereld.jef, wereld.joke):
        scoreblad(bouw.opnieuw(rij), jurylid, 8, door=wereld.bea)
    stel_advies_vast(bouw.opnieuw(rij), gunstig=True, motivering="Goed.", door=wereld.vic)
    klok.zet(bouw.BESLIST - timedelta(days=7))
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    klok.zet(bouw.BESLIST)
    onderteken(wereld, besluit)
    geef_kennis(besluit, door=wereld.bea)
    assert statussen([rij, anders, leeg]) == ["in_uitvoering", "onontvankelijk", "niet_ingediend"]
    assert [bouw.opnieuw(d).kennisgegeven_op for d in (anders, leeg)] == [None, None]
    assert Juryadvies.objects.count() == 1
