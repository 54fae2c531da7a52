"""The acts of cost claims: exact events and mails, who may, in which state, with what input."""

from datetime import date

import pytest

from dossiers.kosten import opmaak, services
from dossiers.kosten.models import Begrotingskoppeling, Kostenregel, Kostenstaat
from dossiers.kosten.services import (
    Besluit,
    begin_kostenstaat,
    beoordeel_regels,
    dien_kostenstaat_in,
    lever_bewijs,
    rond_kostenstaat_af,
    stuur_kostenstaat_terug,
    verdeel_begroting,
)
from kern import klok
from organisaties.services import voeg_lid_toe
from tests import bouw, proef
from tests.dossiers.kosten.hulp import (
    NU,
    TOT,
    VAN,
    alles,
    begonnen,
    bestand,
    geef_bewijs,
    ingediend,
    kost,
    lopend,
    met_regels,
    nagekeken,
    nummers,
    opnieuw,
    van,
    verdeling,
)
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert, zin_status

GEWIJZIGD = opmaak.GEWIJZIGD


# Starting.


def test_starting_a_claim(spel):
    w = spel.w
    with geschiedenis() as nieuw:
        staat = begonnen(spel)
    assert (staat.volgnummer, staat.van, staat.tot, staat.status, staat.begonnen_op) == (1, VAN, TOT, "concept", NU)
    inhoud = {"dossier": spel.dossier.pk, "volgnummer": 1, "van": "2022-03-01", "tot": "2023-02-28"}
    assert nieuw.feiten == [feit(staat, "kostenstaat.begin", w.an, "", "concept", inhoud)]
    assert nieuw.mails == []
    alles_klopt()


def test_who_may_start_a_claim(spel):
    w = spel.w
    mel = bouw.mens("mel")
    voeg_lid_toe(w.aartselaar, email=mel.email, rol="medewerker", door=w.an)
    eis_alleen(
        {**w.mensen, "mel": mel}, {"an", "mel"}, lambda m: begin_kostenstaat(spel.dossier, van=VAN, tot=TOT, door=m)
    )


@pytest.mark.parametrize(
    ("van_", "tot", "code", "zin"),
    [
        (date(2022, 3, 2), date(2022, 3, 1), "periode_omgekeerd", "De laatste dag ligt voor de eerste."),
        (VAN, date(2023, 5, 3), "periode_in_toekomst", "De laatste dag ligt in de toekomst."),
    ],
)
def test_a_period_that_cannot_be(spel, van_, tot, code, zin):
    with weigert(code, zin, "tot"):
        begin_kostenstaat(spel.dossier, van=van_, tot=tot, door=spel.w.an)


def test_a_claim_until_today_is_possible(spel):
    assert begin_kostenstaat(spel.dossier, van=VAN, tot=NU.date(), door=spel.w.an).tot == NU.date()


def test_one_claim_at_a_time(spel):
    begonnen(spel)
    with weigert("al_begonnen", "Er is al een kostenstaat in opmaak. Dien die eerst in."):
        begonnen(spel)


def test_a_second_claim_after_the_first_was_handed_in(spel):
    ingediend(spel)
    assert begonnen(spel).volgnummer == 2


def test_before_the_notification_nobody_may(wereld):
    bouw.beslist(wereld)
    dossier = van(wereld, "Aartselaar")
    with weigert("geen_recht"):
        begin_kostenstaat(dossier, van=VAN, tot=VAN, door=wereld.an)


def test_a_refused_project_has_no_claims(wereld):
    bouw.kennisgegeven(wereld, {"an": 9, "ben": 2})
    klok.zet(NU)
    with weigert("verkeerde_status", "Dit kan niet: het dossier heeft de status 'geweigerd (kwaliteit)'."):
        begin_kostenstaat(van(wereld, "Boom"), van=VAN, tot=TOT, door=wereld.ben)


def test_a_call_that_asks_for_no_claims(spel):
    from oproepen.models import Kostencategorie, Kostenforfait, Kostenregeling

    Begrotingskoppeling.objects.all().delete()
    for model in (Kostencategorie, Kostenforfait, Kostenregeling):
        model.objects.all().delete()
    for daad in (begonnen, lambda s: verdeel_begroting(s.dossier, verdeling={}, door=s.w.an)):
        with weigert("geen_kostenstaten", "Deze oproep vraagt geen kostenstaten."):
            daad(spel)


# The budget by kind of costs.


def test_dividing_the_budget(wereld):
    spel = lopend(wereld, verdeel=False)
    with geschiedenis() as nieuw:
        verdeling(spel.dossier, wereld.an)
    inhoud = {"verdeling": {"1": "personeel", "2": "werking"}}
    assert nieuw.feiten == [feit(spel.dossier, "dossier.verdeel_begroting", wereld.an, inhoud=inhoud)]
    koppelingen = Begrotingskoppeling.objects.order_by("begrotingsregel__volgorde")
    assert list(koppelingen.values_list("begrotingsregel__omschrijving", "categorie__sleutel")) == [
        ("Buurtwerker", "personeel"),
        ("Lokaal", "werking"),
    ]
    alles_klopt()


def test_who_may_divide_the_budget(spel):
    verdeling_ = {k.begrotingsregel_id: k.categorie_id for k in Begrotingskoppeling.objects.all()}
    eis_alleen(spel.w.mensen, {"an", "bea"}, lambda m: verdeel_begroting(spel.dossier, verdeling=verdeling_, door=m))


def test_dividing_is_refused_in_part_or_over_what_is_not_there(spel):
    rijen = {k.begrotingsregel_id: k.categorie_id for k in Begrotingskoppeling.objects.all()}
    for verkeerd in ({}, dict([*rijen.items()][:1]), rijen | {999_999: spel.soort().pk}):
        with weigert("verdeling_onvolledig", "Kies een kostensoort bij elke regel."):
            verdeel_begroting(spel.dossier, verdeling=verkeerd, door=spel.w.an)
    brussel = spel.soort().__class__.objects.filter(regeling__luik__slug="brussel")[0]
    with weigert("categorie_onbekend", "Deze kostensoort hoort niet bij uw oproep."):
        verdeel_begroting(spel.dossier, verdeling=dict.fromkeys(rijen, brussel.pk), door=spel.w.an)


def test_once_a_claim_is_in_only_the_handler_divides(spel):
    ingediend(spel)
    rijen = {k.begrotingsregel_id: k.categorie_id for k in Begrotingskoppeling.objects.all()}
    zin = "U diende al een kostenstaat in. Vraag aan de dossierbehandelaar om de verdeling te wijzigen."
    with weigert("begroting_vast", zin):
        verdeel_begroting(spel.dossier, verdeling=rijen, door=spel.w.an)
    verdeel_begroting(spel.dossier, verdeling=rijen, door=spel.w.bea)


# Handing in.


def test_handing_in_a_claim(spel):
    w = spel.w
    staat = met_regels(spel, 100_00, 250_50)
    geef_bewijs(spel, staat.regels.get(volgnummer=1))
    som = staat.regels.get(volgnummer=1).bewijs_sha256
    with geschiedenis() as nieuw:
        dien_kostenstaat_in(staat, door=w.an)
    rij = opnieuw(staat)
    assert (rij.status, rij.ingediend_op) == ("ingediend", NU)
    assert nummers(rij, in_steekproef=True) == [1, 2]  # fewer than the minimum: all of it
    eerste, tweede = nieuw.feiten
    inhoud = {"regels": 2, "totaal_cent": 350_50, "vingerafdruk": rij.vingerafdruk, "bewijs": {"1": som}}
    assert eerste == feit(rij, "kostenstaat.dien_in", w.an, "concept", "ingediend", inhoud)
    assert tweede == feit(rij, "kostenstaat.dien_in", w.an, inhoud={"zaad": rij.zaad, "steekproef": [1, 2]})
    nummer = rij.dossier.nummer
    assert nieuw.mails == [
        (
            "bea@voorbeeld.test",
            f"Kostenstaat na te kijken: dossier {nummer}",
            (
                f"Aartselaar diende kostenstaat 1 in van dossier {nummer}, 'De Warme Buurt': 350,50 euro.\n\n"
                "In de steekproef: regels 1 en 2."
            ),
        ),
        (
            "an@voorbeeld.test",
            f"Uw kostenstaat bij dossier {nummer} is ingediend",
            (
                f"Wij hebben kostenstaat 1 van dossier {nummer} ontvangen: 350,50 euro.\n\n"
                f"Vingerafdruk: {rij.vingerafdruk}\n\n"
                "Wij kijken een steekproef na. Voeg nog het bewijsstuk toe bij regel 2."
            ),
        ),
    ]
    alles_klopt()


def test_who_may_hand_in_and_fill_in(spel):
    staat = met_regels(spel)
    eis_alleen(spel.w.mensen, {"an"}, lambda m: dien_kostenstaat_in(staat, door=m))
    eis_alleen(spel.w.mensen, {"an"}, lambda m: opmaak.voeg_regels_toe(staat, [kost(spel)], door=m))


def test_a_claim_twice_is_refused(spel):
    staat = ingediend(spel)
    with weigert("verkeerde_status", zin_status(staat)):
        dien_kostenstaat_in(staat, door=spel.w.an)


def test_an_empty_claim_is_refused(spel):
    staat = begonnen(spel)
    with weigert("geen_regels", "Voeg minstens één kost toe voor u de kostenstaat indient."):
        dien_kostenstaat_in(staat, door=spel.w.an)


def test_a_claim_without_a_divided_budget_is_refused(wereld):
    spel = lopend(wereld, verdeel=False)
    staat = met_regels(spel)
    zin = "Zeg eerst bij welke kostensoort elke regel van uw begroting hoort."
    with weigert("begroting_niet_verdeeld", zin):
        dien_kostenstaat_in(staat, door=wereld.an)


def test_where_every_line_needs_evidence(wereld):
    spel = lopend(wereld, bewijs="elke_regel")
    staat = met_regels(spel, *[10_00] * 7)
    geef_bewijs(spel, staat.regels.get(volgnummer=2))
    zin = "Voeg het bewijsstuk toe bij regels 1, 3, 4, 5, 6 en 1 andere."
    with weigert("bewijs_ontbreekt", zin):
        dien_kostenstaat_in(staat, door=wereld.an)


def dubbel(spel, *anders):
    staat = begonnen(spel)
    basis = {"factuurnummer": "F-17", "leverancier": "Drukkerij De Ridder bv"}
    opmaak.voeg_regels_toe(staat, [kost(spel, **(basis | rij)) for rij in ({}, *anders)], door=spel.w.an)
    return opnieuw(staat)


@pytest.mark.parametrize(
    "ander",
    [
        {},
        {"factuurnummer": "f 17", "leverancier": "drukkerij de ridder BV"},
        {"leverancier_kbo": "0207.508.932"},
        {"leverancier": "Drukkerij De Ridder B.V."},
    ],
)
def test_the_same_invoice_twice_in_a_dossier_is_refused(spel, ander):
    staat = dubbel(spel, ander)
    nummer = "f 17" if ander.get("factuurnummer") else "F-17"
    zin = f"De factuur {nummer} van regel 2 staat ook op regel 1. Verwijder een van de twee."
    with weigert("dubbel", zin):
        dien_kostenstaat_in(staat, door=spel.w.an)


@pytest.mark.parametrize("ander", [{"factuurnummer": "F-18"}, {"leverancier": "Anders nv"}, {"factuurnummer": ""}])
def test_another_invoice_is_none(spel, ander):
    assert dien_kostenstaat_in(dubbel(spel, ander), door=spel.w.an).status == "ingediend"


def test_the_same_invoice_in_an_earlier_claim_is_refused_unless_it_was_rejected_there(spel):
    eerste = dubbel(spel)
    dien_kostenstaat_in(eerste, door=spel.w.an)
    tweede = dubbel(spel)
    zin = "De factuur F-17 van regel 1 staat ook op regel 1 van kostenstaat 1. Verwijder een van de twee."
    with weigert("dubbel", zin):
        dien_kostenstaat_in(tweede, door=spel.w.an)
    beoordeel_regels(eerste, besluiten={1: Besluit(0, "Niet leesbaar.")}, door=spel.w.bea)
    dien_kostenstaat_in(tweede, door=spel.w.an)


def test_the_same_file_twice_is_refused_unless_the_invoices_differ(spel):
    staat = met_regels(spel, 10_00, 20_00)
    for rij in staat.regels.all():
        geef_bewijs(spel, rij, "zelfde")
    zin = "Het bewijsstuk van regel 2 staat ook op regel 1. Verwijder een van de twee."
    with weigert("dubbel", zin):
        dien_kostenstaat_in(staat, door=spel.w.an)
    for rij in staat.regels.all():
        opmaak.wijzig_regel(rij, kost(spel, factuurnummer=f"A{rij.volgnummer}"), versie=rij.versie, door=spel.w.an)
    dien_kostenstaat_in(staat, door=spel.w.an)


# Evidence afterwards.


def test_giving_evidence_of_a_line_in_the_sample(spel):
    staat = ingediend(spel, bewijs=False)
    stuk = bestand(spel.w)
    with geschiedenis() as nieuw:
        lever_bewijs(staat, regel=1, bestand=stuk, door=spel.w.an)
    rij = staat.regels.get()
    assert (rij.bestand, rij.bewijs_sha256) == (stuk, stuk.sha256)
    inhoud = {"regel": 1, "bestand": stuk.sha256}
    assert nieuw.feiten == [feit(staat, "kostenstaat.lever_bewijs", spel.w.an, inhoud=inhoud)]
    with weigert("bewijs_is_er", "Regel 1 heeft al een bewijsstuk.", "bestand"):
        lever_bewijs(staat, regel=1, bestand=stuk, door=spel.w.an)
    alles_klopt()


def test_evidence_is_refused_of_a_line_that_is_judged_or_not_there_or_in_a_draft(spel):
    staat = met_regels(spel)
    stuk = bestand(spel.w)
    with weigert("verkeerde_status", zin_status(staat)):
        lever_bewijs(staat, regel=1, bestand=stuk, door=spel.w.an)
    dien_kostenstaat_in(staat, door=spel.w.an)
    eis_alleen(spel.w.mensen, {"an"}, lambda m: lever_bewijs(staat, regel=1, bestand=stuk, door=m))
    with weigert("regel_onbekend", "Regel 9 hoort niet bij deze kostenstaat."):
        lever_bewijs(staat, regel=9, bestand=stuk, door=spel.w.an)
    beoordeel_regels(staat, besluiten={1: Besluit(0, "Te laat.")}, door=spel.w.bea)
    with weigert("al_beoordeeld", "Regel 1 is al beoordeeld.", "bestand"):
        lever_bewijs(staat, regel=1, bestand=stuk, door=spel.w.an)


# Judging.


def test_judging_lines(spel):
    staat = ingediend(spel, 100_00, 200_00, 300_00)
    besluiten = {1: Besluit(100_00), 2: Besluit(50_01, "Alleen de eerste bladzijde. "), 3: Besluit(0, "Privé.")}
    with geschiedenis() as nieuw:
        beoordeel_regels(staat, besluiten=besluiten, door=spel.w.bea)
    assert list(staat.regels.values_list("oordeel", "aanvaard_cent", "reden")) == [
        ("aanvaard", 100_00, ""),
        ("gedeeltelijk", 50_01, "Alleen de eerste bladzijde."),
        ("verworpen", 0, "Privé."),
    ]
    regels = [
        {"regel": 1, "aanvaard_cent": 100_00, "reden": ""},
        {"regel": 2, "aanvaard_cent": 50_01, "reden": "Alleen de eerste bladzijde."},
        {"regel": 3, "aanvaard_cent": 0, "reden": "Privé."},
    ]
    assert nieuw.feiten == [feit(staat, "kostenstaat.beoordeel", spel.w.bea, inhoud={"regels": regels})]
    assert nieuw.mails == []
    beoordeel_regels(staat, besluiten={3: Besluit(300_00)}, door=spel.w.bea)
    assert staat.regels.get(volgnummer=3).oordeel == "aanvaard"
    alles_klopt()


def test_who_may_judge_send_back_and_finish(spel):
    staat = ingediend(spel)
    proef.geef_rol(spel.w, "an", "behandelaar")  # her own organisation's costs: no
    proef.geef_rol(spel.w, "ben", "behandelaar")
    wie = {"bea", "ben"}
    eis_alleen(spel.w.mensen, wie, lambda m: beoordeel_regels(staat, besluiten=alles(staat), door=m))
    eis_alleen(spel.w.mensen, wie, lambda m: stuur_kostenstaat_terug(staat, opmerking="Kijk na.", door=m))
    beoordeel_regels(staat, besluiten=alles(staat), door=spel.w.bea)
    eis_alleen(spel.w.mensen, wie, lambda m: rond_kostenstaat_af(staat, opmerking="", door=m))


@pytest.mark.parametrize(
    ("besluiten", "code", "zin", "veld"),
    [
        ({}, "niets_gekozen", "Kies eerst minstens één regel.", None),
        ({7: Besluit(1)}, "regel_onbekend", "Regel 7 hoort niet bij deze kostenstaat.", None),
        ({1: Besluit(-1, "x")}, "bedrag_te_laag", "Regel 1: het bedrag mag niet negatief zijn.", "bedrag"),
        (
            {1: Besluit(100_01)},
            "bedrag_te_hoog",
            "Regel 1: er is 100,00 euro gevraagd; meer kunt u niet aanvaarden.",
            "bedrag",
        ),
        ({1: Besluit(99_99, " ")}, "reden_ontbreekt", "Regel 1: schrijf waarom u niet alles aanvaardt.", "reden"),
        (
            {1: Besluit(0, "\x00")},
            "tekst_onbewaarbaar",
            "De tekst bevat een teken dat niet bewaard kan worden. Verwijder het en probeer opnieuw.",
            "reden",
        ),
    ],
)
def test_a_verdict_that_cannot_be(spel, besluiten, code, zin, veld):
    staat = ingediend(spel, 100_00, 50_00)
    with weigert(code, zin, veld):
        beoordeel_regels(staat, besluiten={2: Besluit(50_00)} | besluiten if besluiten else {}, door=spel.w.bea)


def test_a_line_of_the_sample_is_not_accepted_without_evidence(spel):
    staat = ingediend(spel, bewijs=False)
    zin = "Regel 1 zit in de steekproef en heeft geen bewijsstuk. Verwerp ze, of wacht op het bewijsstuk."
    for cent in (100_00, 1):
        with weigert("bewijs_ontbreekt", zin):
            beoordeel_regels(staat, besluiten={1: Besluit(cent, "Half.")}, door=spel.w.bea)
    beoordeel_regels(staat, besluiten={1: Besluit(0, "Geen bewijs.")}, door=spel.w.bea)


@pytest.mark.parametrize("maak", [met_regels, nagekeken])
def test_a_claim_in_another_state_is_not_judged_or_sent_back(spel, maak):
    staat = maak(spel)
    for daad in (
        lambda: beoordeel_regels(staat, besluiten={1: Besluit(0, "x")}, door=spel.w.bea),
        lambda: stuur_kostenstaat_terug(staat, opmerking="Kijk na.", door=spel.w.bea),
        lambda: rond_kostenstaat_af(staat, opmerking="", door=spel.w.bea),
    ):
        with weigert("verkeerde_status", zin_status(staat)):
            daad()


# Sending back.


def test_sending_back_and_handing_in_again(spel):
    w = spel.w
    staat = ingediend(spel, 100_00, 200_00)
    beoordeel_regels(staat, besluiten={1: Besluit(100_00), 2: Besluit(0, "Dubbel.")}, door=w.bea)
    with geschiedenis() as nieuw:
        stuur_kostenstaat_terug(staat, opmerking=" Regel 2 is onleesbaar. ", door=w.bea)
    inhoud = {"opmerking": "Regel 2 is onleesbaar."}
    assert nieuw.feiten == [feit(staat, "kostenstaat.stuur_terug", w.bea, "ingediend", "teruggestuurd", inhoud)]
    nummer = staat.dossier.nummer
    assert nieuw.mails == [
        (
            "an@voorbeeld.test",
            f"Uw kostenstaat 1 bij dossier {nummer} moet u verbeteren",
            f"Kostenstaat 1 van dossier {nummer} moet u verbeteren.\n\nRegel 2 is onleesbaar.",
        )
    ]
    rij = staat.regels.get(volgnummer=2)
    opmaak.wijzig_regel(rij, kost(spel, 150_00), versie=rij.versie, door=w.an)
    # What was changed is judged anew, what was left keeps its verdict.
    assert list(staat.regels.values_list("oordeel", "reden")) == [("aanvaard", ""), ("open", "")]
    eerste = opnieuw(staat).zaad
    dien_kostenstaat_in(staat, door=w.an)
    nu = opnieuw(staat)
    assert (nu.status, nu.opmerking, nu.zaad != eerste) == ("ingediend", "", True)
    alles_klopt()


def test_sending_back_asks_what_is_wrong(spel):
    staat = ingediend(spel)
    with weigert("motivering_ontbreekt", "Schrijf wat de aanvrager moet verbeteren.", "opmerking"):
        stuur_kostenstaat_terug(staat, opmerking="  ", door=spel.w.bea)


def test_a_claim_is_not_sent_back_while_another_is_being_made(spel):
    staat = ingediend(spel)
    begonnen(spel)
    with weigert("al_begonnen", "Er is al een kostenstaat in opmaak. Dien die eerst in."):
        stuur_kostenstaat_terug(staat, opmerking="Kijk na.", door=spel.w.bea)


# Finishing.


def test_finishing_a_claim(spel):
    w = spel.w
    staat = ingediend(spel, 100_00, 200_00)
    beoordeel_regels(staat, besluiten={1: Besluit(100_00), 2: Besluit(50_00, "Te veel.")}, door=w.bea)
    with geschiedenis() as nieuw:
        rond_kostenstaat_af(staat, opmerking="Dank u.", door=w.bea)
    rij = opnieuw(staat)
    assert (rij.status, rij.opmerking, rij.nagekeken_op) == ("nagekeken", "Dank u.", NU)
    inhoud = {"aanvaard_cent": 150_00, "zonder_nazicht": [], "opmerking": "Dank u."}
    assert nieuw.feiten == [feit(rij, "kostenstaat.rond_af", w.bea, "ingediend", "nagekeken", inhoud)]
    nummer = rij.dossier.nummer
    assert nieuw.mails == [
        (
            "an@voorbeeld.test",
            f"Uw kostenstaat 1 bij dossier {nummer} is nagekeken",
            (
                f"Kostenstaat 1 van dossier {nummer} is nagekeken.\n\nVan 300,00 euro aanvaarden wij 150,00 euro.\n\n"
                "Regel 2: 50,00 euro. Te veel.\n\nDank u."
            ),
        )
    ]
    alles_klopt()


def test_lines_outside_the_sample_are_accepted_as_claimed_and_marked(wereld):
    spel = lopend(wereld, steekproef_minimum=2, steekproef_procent=0, steekproef_altijd_vanaf_cent=None)
    staat = ingediend(spel, *[100_00] * 8)
    getrokken = nummers(staat, in_steekproef=True)
    assert len(getrokken) == 2
    zin = f"Beoordeel eerst regels {getrokken[0]} en {getrokken[1]}."
    with weigert("niet_beoordeeld", zin):
        rond_kostenstaat_af(staat, opmerking="", door=wereld.bea)
    beoordeel_regels(staat, besluiten={n: Besluit(0, "Geen verband.") for n in getrokken}, door=wereld.bea)
    with geschiedenis() as nieuw:
        rond_kostenstaat_af(staat, opmerking="", door=wereld.bea)
    buiten = [n for n in range(1, 9) if n not in getrokken]
    assert nieuw.feiten[0][-1] == {"aanvaard_cent": 600_00, "zonder_nazicht": buiten, "opmerking": ""}
    # What was found wrong in the sample is not applied to the others.
    assert nummers(staat, oordeel="aanvaard", ongezien=True, aanvaard_cent=100_00) == buiten
    alles_klopt()


def test_where_every_line_needs_evidence_every_line_is_judged(wereld):
    spel = lopend(wereld, bewijs="elke_regel", steekproef_minimum=1, steekproef_procent=0)
    staat = ingediend(spel, 10_00, 10_00)
    with weigert("niet_beoordeeld", "Beoordeel eerst regels 1 en 2."):
        rond_kostenstaat_af(staat, opmerking="", door=wereld.bea)


def test_above_the_margin_a_reason_is_asked(spel):
    # 5.000 euro is budgeted for running costs, with a margin of 10%.
    staat = ingediend(spel, 5_500_01)
    beoordeel_regels(staat, besluiten=alles(staat), door=spel.w.bea)
    zin = (
        "Werkingskosten: met deze kostenstaat is 0,01 euro meer aanvaard dan de grens van 5.500,00 euro. "
        "Verwerp een deel, of schrijf waarom u dit aanvaardt."
    )
    with weigert("marge_overschreden", zin, "opmerking"):
        rond_kostenstaat_af(staat, opmerking=" ", door=spel.w.bea)
    rond_kostenstaat_af(staat, opmerking="De huur steeg.", door=spel.w.bea)


def test_the_margin_holds_over_all_claims(spel):
    nagekeken(spel, 5_000_00)
    staat = ingediend(spel, 500_01)
    beoordeel_regels(staat, besluiten=alles(staat), door=spel.w.bea)
    zin = (
        "Werkingskosten: met deze kostenstaat is 0,01 euro meer aanvaard dan de grens van 5.500,00 euro. "
        "Verwerp een deel, of schrijf waarom u dit aanvaardt."
    )
    with weigert("marge_overschreden", zin, "opmerking"):
        rond_kostenstaat_af(staat, opmerking="", door=spel.w.bea)


def test_a_stopped_project_still_claims_and_one_that_was_given_up_does_not(spel):
    from betalingen import services as betalingen

    betalingen.zet_stop(van(spel.w, "Boom"), reden="Het liep niet.", door=spel.w.bart)
    assert begin_kostenstaat(van(spel.w, "Boom"), van=VAN, tot=TOT, door=spel.w.ben).volgnummer == 1
    betalingen.verzaak(spel.dossier, reden="Geen volk.", door=spel.w.an)
    with weigert("verkeerde_status", "Dit kan niet: het dossier heeft de status 'verzaakt'."):
        begin_kostenstaat(van(spel.w, "Aartselaar"), van=VAN, tot=TOT, door=spel.w.an)


def test_the_database_itself_refuses_what_cannot_be(spel):
    from django.db import IntegrityError, transaction

    rij = ingediend(spel).regels.get()
    for velden in (
        {"bedrag_cent": 0},
        {"oordeel": "aanvaard", "aanvaard_cent": 1},
        {"oordeel": "gedeeltelijk", "aanvaard_cent": 100_00, "reden": "x"},
        {"oordeel": "gedeeltelijk", "aanvaard_cent": 1, "reden": ""},
        {"oordeel": "verworpen", "aanvaard_cent": 1, "reden": "x"},
        {"aanvaard_cent": 5},
        {"ongezien": True},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Kostenregel.objects.filter(pk=rij.pk).update(**velden)
    with pytest.raises(IntegrityError), transaction.atomic():
        Kostenstaat.objects.update(tot=date(2000, 1, 1))


def test_the_services_of_this_module_are_acts():
    assert services.begin_kostenstaat is begin_kostenstaat
