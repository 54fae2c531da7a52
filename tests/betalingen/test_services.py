"""The acts on money: each works as written in every chain, and is refused for everything else."""

from datetime import date, timedelta

import pytest

from betalingen import grootboek, queries, services
from betalingen.models import Betaalopdracht, Betaling, Journaalregel, Krediet, Stand
from betalingen.models.schijf import aanleiding_voldaan
from dossiers import services as dossierservices
from dossiers.models import Dossier, Verslag
from kern import klok
from oproepen import services as oproepservices
from oproepen.models import Luik, Ronde, Taak
from organisaties.models import Gebruiker
from tests import bouw
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, teruggedraaid, weigert, zin_status
from tests.proef import ARTIKEL, cijfers, geef_rol, krediet, tweede_oproep, zet_krediet, zet_limiet

pytestmark = pytest.mark.django_db

K = 1_000_00
VANDAAG = bouw.BESLIST.date()
ZELFDE = "Een betaling wordt gecontroleerd door een andere persoon dan wie ze opstelde."


@pytest.fixture
def w(wereld):
    """Two awards of 100.000 euro, notified; every instalment still planned."""
    bouw.kennisgegeven(wereld, {"an": 9, "ben": 8})
    return wereld


def iedereen(w):
    """Return the whole cast, and the staff of another call."""
    ander = tweede_oproep(w)
    return w.mensen | {f"{naam}2": ander.mensen[naam] for naam in bouw.ROLLEN}


def schijf(w, volgorde=1, wie="an"):
    naam = {"an": w.aartselaar, "ben": w.boom}[wie]
    return Betaling.objects.get(dossier__organisatie=naam, schijf__volgorde=volgorde)


STAPPEN = ["gepland", "te_controleren", "goedgekeurd", "verstuurd", "uitbetaald"]


def breng(w, status, betaling, vanaf="gepland"):
    """Bring an instalment from one state to another."""
    daden = [
        lambda: services.stel_betaling_op(betaling, door=w.bea),
        lambda: services.keur_betaling_goed(betaling, door=w.bart),
        lambda: services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo),
        lambda: services.meld_uitbetaald(betaling, datum=VANDAAG, door=w.bo),
    ]
    for daad in daden[STAPPEN.index(vanaf) : STAPPEN.index(status)]:
        daad()
    return Betaling.objects.get(pk=betaling.pk)


def keur_verslagen_goed(w, wie="an", aantal=2):
    dossier = schijf(w, wie=wie).dossier
    for verslag in Verslag.objects.filter(dossier=dossier).order_by("uiterlijk")[:aantal]:
        dossierservices.dien_verslag_in(
            verslag, tekst="Het werkt.", kosten_cent=50 * K, bestand=None, door=w.mensen[wie]
        )
        dossierservices.keur_verslag_goed(verslag, beoordeling="", door=w.bea)


def journaal():
    rijen = Journaalregel.objects.order_by("pk")
    return list(rijen.values_list("soort", "bedrag_cent", "dossier_id", "betaling_id", "feitdatum"))


# --- oproep.stel_budget_in ---


def limieten(oproep):
    luiken = Luik.objects.filter(oproep=oproep).order_by("slug")
    doelen = [oproep, *luiken, *(luik.rondes.get() for luik in luiken)]
    return [grootboek.stand_van(doel).limiet_cent for doel in doelen]


def test_budget_sets_call_tracks_and_their_rounds(wereld):
    with geschiedenis() as nieuw:
        stand = services.stel_budget_in(
            wereld.oproep, budget_cent=100 * K, per_luik={"vlaanderen": 80 * K, "brussel": 20 * K}, door=wereld.bart
        )
    assert stand == grootboek.stand_van(wereld.oproep)
    assert limieten(wereld.oproep) == [100 * K, 20 * K, 80 * K, 20 * K, 80 * K]
    inhoud = {"budget_cent": 100 * K, "per_luik": {"vlaanderen": 80 * K, "brussel": 20 * K}}
    assert nieuw.feiten == [feit(wereld.oproep, "oproep.stel_budget_in", wereld.bart, inhoud=inhoud)]
    assert (nieuw.mails, journaal()) == ([], [])


def test_budget_leaves_a_track_that_is_not_named(wereld):
    services.stel_budget_in(wereld.oproep, budget_cent=100 * K, per_luik={"brussel": 0}, door=wereld.bart)
    assert limieten(wereld.oproep) == [100 * K, 0, 12_300_000_00, 0, 12_300_000_00]
    services.stel_budget_in(wereld.oproep, budget_cent=None, per_luik={"vlaanderen": None}, door=wereld.bart)
    assert limieten(wereld.oproep) == [None, 0, None, 0, None]


def test_budget_is_set_by_the_budget_holder_of_the_whole_call(wereld):
    mensen = iedereen(wereld)
    eis_alleen(
        mensen,
        {naam for naam in mensen if naam in {"bart", "beheer"}},
        lambda wie: services.stel_budget_in(wereld.oproep, budget_cent=1, per_luik={}, door=wie),
    )


def test_a_role_for_one_track_does_not_reach_the_budget_of_the_call(wereld):
    stan = wereld.stan
    systeem = Gebruiker.objects.systeem()
    rol = Taak.Rol.BUDGETHOUDER
    oproepservices.geef_taak(wereld.oproep, gebruiker=stan, rol=rol, luik=wereld.luik, door=systeem)
    with weigert("geen_recht"):
        services.stel_budget_in(wereld.oproep, budget_cent=1, per_luik={}, door=stan)


def test_budget_does_not_go_below_what_is_committed(w):
    zin = "Er is al 200.000,00 euro gereserveerd of vastgelegd; lager kan niet."
    for budget, per_luik in ((199_999_99, {}), (None, {}), (-1, {}), (1000 * K, {"vlaanderen": 199_999_99})):
        with weigert("limiet_te_laag", zin, "limiet"):
            services.stel_budget_in(w.oproep, budget_cent=budget, per_luik=per_luik, door=w.bart)
    services.stel_budget_in(w.oproep, budget_cent=200 * K, per_luik={"vlaanderen": 200 * K}, door=w.bart)
    alles_klopt()


def test_what_was_moved_between_rounds_stays_moved(wereld):
    w = wereld
    naar = Ronde.objects.select_related("luik__oproep").get(luik__oproep=w.oproep, luik__slug="brussel")
    services.verschuif_budget(w.ronde, naar=naar, bedrag_cent=300 * K, reden="Meer vraag", door=w.bart)
    services.verschuif_budget(w.ronde, naar=naar, bedrag_cent=100 * K, reden="Nog meer", door=w.bart)
    limieten = lambda: [grootboek.stand_van(o).limiet_cent // K for o in (w.luik, w.ronde, naar.luik, naar)]  # noqa: E731
    assert limieten() == [11_900, 11_900, 1_600, 1_600]
    zet_limiet(w, w.ronde, 11_800 * K)  # what a move between two rounds of one track leaves
    per_luik = {"vlaanderen": 12_000 * K, "brussel": 1_500 * K}
    services.stel_budget_in(w.oproep, budget_cent=13_500 * K, per_luik=per_luik, door=w.bart)
    assert limieten() == [12_000, 11_900, 1_500, 1_500]
    zin = f"Van {w.ronde} is al 100.000,00 euro verschoven; lager kan het budget van het luik niet."
    with weigert("limiet_te_laag", zin, "limiet"):
        services.stel_budget_in(w.oproep, budget_cent=13_500 * K, per_luik={"vlaanderen": 99 * K}, door=w.bart)
    alles_klopt()


def test_budget_refuses_a_negative_amount(wereld):
    zin = "Er is al 0,00 euro gereserveerd of vastgelegd; lager kan niet."
    with weigert("limiet_te_laag", zin, "limiet"):
        services.stel_budget_in(wereld.oproep, budget_cent=-1, per_luik={}, door=wereld.bart)


def test_budget_refuses_a_track_that_does_not_exist(wereld):
    with weigert("onbekend_luik", "Deze oproep heeft geen luik 'wallonie'.", "per_luik"):
        services.stel_budget_in(wereld.oproep, budget_cent=5, per_luik={"wallonie": 1}, door=wereld.bart)


# --- krediet.stel_in ---


def stel_krediet_in(rij, vak, vek, door):
    return services.stel_krediet_in(
        rij, vastleggingskrediet_cent=vak, betaalkrediet_cent=vek, referentie="BVR 1", door=door
    )


def test_credit_sets_both_limits_of_the_year(wereld):
    rij = Krediet.objects.create(artikel=krediet(2022).artikel, jaar=2025)
    with geschiedenis() as nieuw:
        stand = stel_krediet_in(rij, 7 * K, 5 * K, wereld.bart)
    assert (stand.limiet_cent, stand.betaalkrediet_cent) == (7 * K, 5 * K)
    assert stand == grootboek.stand_van(rij)
    inhoud = {"vastleggingskrediet_cent": 7 * K, "betaalkrediet_cent": 5 * K, "referentie": "BVR 1"}
    assert nieuw.feiten == [feit(rij, "krediet.stel_in", wereld.bart, inhoud=inhoud)]
    assert (nieuw.mails, journaal()) == ([], [])


def test_what_is_set_already_changes_by_a_decision_with_its_reference(wereld):
    nieuw = Krediet.objects.create(artikel=krediet(2022).artikel, jaar=2025)
    eerste = {"vastleggingskrediet_cent": 7 * K, "betaalkrediet_cent": 5 * K, "door": wereld.bart}
    services.stel_krediet_in(nieuw, **eerste)
    for kenmerk in ("", " "):
        with weigert(
            "referentie_ontbreekt", "Vul het kenmerk in van de beslissing die het krediet wijzigt.", "referentie"
        ):
            services.stel_krediet_in(nieuw, **eerste, referentie=kenmerk)
    services.stel_krediet_in(nieuw, **eerste, referentie="BVR 2")


def test_credit_is_set_by_a_budget_holder_of_a_call_on_the_article(wereld):
    mensen = iedereen(wereld)
    eis_alleen(mensen, {"bart", "beheer"}, lambda wie: stel_krediet_in(krediet(2022), K, K, wie))
    ander = Krediet.objects.create(artikel=grootboek.artikel("ANDER-ARTIKEL", "Ander"), jaar=2022)
    eis_alleen(mensen, {"bart2", "beheer"}, lambda wie: stel_krediet_in(ander, K, K, wie))


def test_credit_does_not_go_below_what_is_booked(w):
    breng(w, "verstuurd", schijf(w))
    zin = "Er is al 200.000,00 euro gereserveerd of vastgelegd; lager kan niet."
    with weigert("limiet_te_laag", zin, "limiet"):
        stel_krediet_in(krediet(2022), 200 * K - 1, 50 * K, w.bart)
    with weigert("limiet_te_laag", "Er is al 50.000,00 euro vereffend; lager kan niet.", "betaalkrediet"):
        stel_krediet_in(krediet(2022), 200 * K, 50 * K - 1, w.bart)
    stel_krediet_in(krediet(2022), 200 * K, 50 * K, w.bart)
    alles_klopt()


# --- betaling.stel_op ---


def test_drafting_puts_it_forward_for_the_check(w):
    betaling = schijf(w)
    with geschiedenis() as nieuw:
        assert services.stel_betaling_op(betaling, door=w.bea).status == "te_controleren"
    rij = Betaling.objects.get(pk=betaling.pk)
    assert (rij.status, rij.opgesteld_door, rij.goedgekeurd_door, rij.opdracht) == ("te_controleren", w.bea, None, None)
    inhoud = {"bedrag_cent": 50 * K, "iban": bouw.IBAN}
    assert nieuw.feiten == [feit(betaling, "betaling.stel_op", w.bea, "gepland", "te_controleren", inhoud)]
    assert [(aan, onderwerp) for aan, onderwerp, _ in nieuw.mails] == [
        ("bart@voorbeeld.test", "Betalingen om te controleren: Zorgzame buurten")
    ]
    assert cijfers(betaling.dossier) == {"vastgelegd": 100 * K}


def test_drafting_asks_the_checkers_once_a_day(w):
    with geschiedenis() as nieuw:
        services.stel_betaling_op(schijf(w), door=w.bea)
        services.stel_betaling_op(schijf(w, wie="ben"), door=w.bea)
    assert len(nieuw.mails) == 1


def test_drafting_waits_for_the_notification(wereld):
    bouw.beslist(wereld)
    with weigert("geen_kennisgeving", "De toekenning is nog niet ter kennis gegeven."):
        services.stel_betaling_op(schijf(wereld), door=wereld.bea)


def test_drafting_waits_for_the_report_of_the_instalment(w):
    tweede, saldo = schijf(w, 2), schijf(w, 3)
    zin2, zin3 = "Het tussentijds verslag is nog niet goedgekeurd.", "Het eindverslag is nog niet goedgekeurd."
    with weigert("aanleiding_ontbreekt", zin2):
        services.stel_betaling_op(tweede, door=w.bea)
    verslag = bouw.eerste_verslag(w)
    dossierservices.dien_verslag_in(verslag, tekst="Goed.", kosten_cent=0, bestand=None, door=w.an)
    with weigert("aanleiding_ontbreekt", zin2):
        services.stel_betaling_op(tweede, door=w.bea)
    dossierservices.keur_verslag_goed(verslag, beoordeling="", door=w.bea)
    services.stel_betaling_op(tweede, door=w.bea)
    with weigert("aanleiding_ontbreekt", zin3):
        services.stel_betaling_op(saldo, door=w.bea)
    with weigert("aanleiding_ontbreekt", zin2):
        services.stel_betaling_op(schijf(w, 2, "ben"), door=w.bea)


def test_a_late_report_says_since_when(w):
    klok.zet(klok.brussel(2023, 3, 31, 23))
    tweede, zin = schijf(w, 2), "Het tussentijds verslag is nog niet goedgekeurd."

    def redenen():
        (rij,) = queries.met_stand_van_zaken(Betaling.objects.filter(pk=tweede.pk))
        gelezen, los = aanleiding_voldaan.reden(rij), aanleiding_voldaan.reden(schijf(w, 2))
        assert gelezen == los
        return los

    assert redenen() == zin
    klok.zet(klok.brussel(2023, 4, 1, 9))
    assert redenen() == f"{zin} Het was verwacht op 31/3/2023 en is 1 dag te laat."
    klok.zet(klok.brussel(2023, 5, 1, 9))
    assert redenen() == f"{zin} Het was verwacht op 31/3/2023 en is 31 dagen te laat."
    verslag = Verslag.objects.get(dossier=tweede.dossier, moment=tweede.schijf.verslagmoment)
    dossierservices.dien_verslag_in(verslag, tekst="Goed.", kosten_cent=0, bestand=None, door=w.an)
    assert redenen() == zin


def test_drafting_and_approving_need_an_account(w):
    betaling = schijf(w)
    zin = "Het rekeningnummer van de begunstigde ontbreekt."
    Betaling.objects.filter(pk=betaling.pk).update(iban="")
    with weigert("iban_ontbreekt", zin):
        services.stel_betaling_op(betaling, door=w.bea)
    Betaling.objects.filter(pk=betaling.pk).update(iban=bouw.IBAN)
    services.stel_betaling_op(betaling, door=w.bea)
    Betaling.objects.filter(pk=betaling.pk).update(iban="")
    with weigert("iban_ontbreekt", zin):
        services.keur_betaling_goed(betaling, door=w.bart)


# --- every act from every state ---


DADEN = {
    "stel_op": ({"gepland"}, lambda w, b: services.stel_betaling_op(b, door=w.bea)),
    "keur_goed": ({"te_controleren"}, lambda w, b: services.keur_betaling_goed(b, door=w.bart)),
    "stuur_terug": (
        {"te_controleren", "goedgekeurd"},
        lambda w, b: services.stuur_betaling_terug(b, reden="Fout", door=w.bart),
    ),
    "verstuur": ({"goedgekeurd"}, lambda w, b: services.verstuur_betalingen(w.oproep, betalingen=[b.pk], door=w.bo)),
    "meld_uitbetaald": ({"verstuurd"}, lambda w, b: services.meld_uitbetaald(b, datum=VANDAAG, door=w.bo)),
}


def test_an_act_is_possible_from_one_state_only_and_once(w):
    oud = None
    for status in STAPPEN:
        oud = breng(w, status, schijf(w), vanaf=oud.status if oud else "gepland")
        assert oud.status == status
        for vanaf, daad in DADEN.values():
            if status not in vanaf:
                with weigert("verkeerde_status", zin_status(oud)):
                    daad(w, oud)
                continue
            with teruggedraaid():
                daad(w, oud)
                nieuw = Betaling.objects.get(pk=oud.pk)
                assert nieuw.status != status
                if nieuw.status in vanaf:
                    continue
                # Again, with the page of before.
                with weigert("verkeerde_status", zin_status(nieuw)):
                    daad(w, oud)


def test_an_act_is_for_one_role_of_this_call_only(w):
    mensen = iedereen(w)
    # A bookkeeper of one track records what was paid in it, but sends no orders of the call.
    systeem = Gebruiker.objects.systeem()
    oproepservices.geef_taak(w.oproep, gebruiker=w.stan, rol=Taak.Rol.BOEKHOUDER, luik=w.luik, door=systeem)
    betaling = schijf(w)
    eis_alleen(mensen, {"bea"}, lambda wie: services.stel_betaling_op(betaling, door=wie))
    breng(w, "te_controleren", betaling)
    eis_alleen(mensen, {"bart"}, lambda wie: services.keur_betaling_goed(betaling, door=wie))
    eis_alleen(mensen, {"bart"}, lambda wie: services.stuur_betaling_terug(betaling, reden="Fout", door=wie))
    breng(w, "goedgekeurd", betaling, "te_controleren")
    eis_alleen(mensen, {"bo"}, lambda wie: services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=wie))
    breng(w, "verstuurd", betaling, "goedgekeurd")
    eis_alleen(mensen, {"bo", "stan"}, lambda wie: services.meld_uitbetaald(betaling, datum=VANDAAG, door=wie))
    breng(w, "uitbetaald", betaling, "verstuurd")
    keur_verslagen_goed(w)
    for volgorde in (2, 3):
        breng(w, "uitbetaald", schijf(w, volgorde))
    eis_alleen(mensen, {"bea"}, lambda wie: services.rond_dossier_af(betaling.dossier, door=wie))


# --- betaling.keur_goed and betaling.stuur_terug ---


def test_approving_is_by_a_second_person(w):
    betaling = breng(w, "te_controleren", schijf(w))
    with geschiedenis() as nieuw:
        services.keur_betaling_goed(betaling, door=w.bart)
    rij = Betaling.objects.get(pk=betaling.pk)
    assert (rij.status, rij.opgesteld_door, rij.goedgekeurd_door) == ("goedgekeurd", w.bea, w.bart)
    inhoud = {"bedrag_cent": 50 * K, "iban": bouw.IBAN}
    assert nieuw.feiten == [feit(betaling, "betaling.keur_goed", w.bart, "te_controleren", "goedgekeurd", inhoud)]
    assert nieuw.mails == [
        (
            "bo@voorbeeld.test",
            "Betalingen om te versturen: Zorgzame buurten",
            (
                "Er zijn betalingen van Zorgzame buurten goedgekeurd. Neem ze op in een betaalopdracht en verstuur "
                "die.\n\n"
                "Komen er vandaag nog bij, dan krijgt u daarover geen nieuwe mail."
            ),
        ),
    ]
    assert len(journaal()) == 6  # two awards: reserved, released, committed
    tweede = breng(w, "te_controleren", schijf(w, wie="ben"))
    with geschiedenis() as nieuw:
        services.keur_betaling_goed(tweede, door=w.bart)
    assert nieuw.mails == []  # one mail a day


def test_sending_back_gives_the_reason(w):
    betaling = breng(w, "te_controleren", schijf(w))
    with geschiedenis() as nieuw:
        services.stuur_betaling_terug(betaling, reden="Verkeerde rekening", door=w.bart)
    assert Betaling.objects.get(pk=betaling.pk).status == "gepland"
    inhoud = {"reden": "Verkeerde rekening"}
    assert nieuw.feiten == [feit(betaling, "betaling.stuur_terug", w.bart, "te_controleren", "gepland", inhoud)]
    nummer = betaling.dossier.nummer
    assert nieuw.mails == [
        (
            "bea@voorbeeld.test",
            f"Betaling teruggestuurd: dossier {nummer}",
            (
                f"Bart Proef stuurde de betaling van 50.000,00 euro voor dossier {nummer} terug (eerste schijf).\n\n"
                "Reden: Verkeerde rekening\n\nPas aan wat nodig is en stel de betaling opnieuw op."
            ),
        ),
    ]
    assert len(journaal()) == 6  # two awards: reserved, released, committed
    services.stel_betaling_op(betaling, door=w.bea)
    assert Betaling.objects.get(pk=betaling.pk).status == "te_controleren"


def test_nobody_checks_her_own_payment(w):
    geef_rol(w, "bea", Taak.Rol.BUDGETHOUDER)
    betaling = breng(w, "te_controleren", schijf(w))
    with weigert("zelfde_persoon", ZELFDE):
        services.keur_betaling_goed(betaling, door=w.bea)
    with weigert("zelfde_persoon", ZELFDE):
        services.stuur_betaling_terug(betaling, reden="Fout", door=w.bea)
    services.keur_betaling_goed(betaling, door=w.bart)


def test_the_second_person_is_another_than_the_last_who_drafted(w):
    geef_rol(w, "bea", Taak.Rol.BUDGETHOUDER)
    geef_rol(w, "bart", Taak.Rol.BEHANDELAAR)
    betaling = breng(w, "te_controleren", schijf(w))
    services.stuur_betaling_terug(betaling, reden="Fout", door=w.bart)
    services.stel_betaling_op(betaling, door=w.bart)
    with weigert("zelfde_persoon", ZELFDE):
        services.keur_betaling_goed(betaling, door=w.bart)
    services.keur_betaling_goed(betaling, door=w.bea)


def test_sending_back_needs_a_reason(w):
    betaling = breng(w, "te_controleren", schijf(w))
    for reden in ("", " \n"):
        with weigert("reden_ontbreekt", "Schrijf waarom u de betaling terugstuurt.", "reden"):
            services.stuur_betaling_terug(betaling, reden=reden, door=w.bart)


# --- betaalopdracht.verstuur ---


def test_an_order_charges_everything_in_it(w):
    een, twee = (breng(w, "goedgekeurd", schijf(w, wie=wie)) for wie in ("an", "ben"))
    voor = journaal()
    with geschiedenis() as nieuw:
        opdracht = services.verstuur_betalingen(w.oproep, betalingen=[twee.pk, een.pk, een.pk], door=w.bo)
    nummer = f"BO-2022-{opdracht.pk:05d}"
    assert Betaalopdracht.objects.values().get() == {
        "id": opdracht.pk,
        "nummer": nummer,
        "oproep_id": w.oproep.pk,
        "status": "verstuurd",
        "aantal": 2,
        "totaal_cent": 100 * K,
        "extern": False,
        "verstuurd_door_id": w.bo.pk,
        "verstuurd_op": klok.nu(),
    }
    assert nieuw.feiten == [
        feit(
            opdracht, "betaalopdracht.verstuur", w.bo, "", "verstuurd",
            {"nummer": nummer, "totaal_cent": 100 * K, "betalingen": [een.pk, twee.pk]},
        ),
        feit(een, "betaalopdracht.verstuur", w.bo, "goedgekeurd", "verstuurd", {"opdracht": nummer}),
        feit(twee, "betaalopdracht.verstuur", w.bo, "goedgekeurd", "verstuurd", {"opdracht": nummer}),
    ]  # fmt: skip
    assert nieuw.mails == []
    assert journaal() == [
        *voor,
        ("vereffening", 50 * K, een.dossier_id, een.pk, VANDAAG),
        ("vereffening", 50 * K, twee.dossier_id, twee.pk, VANDAAG),
    ]
    assert set(Betaling.objects.filter(pk__in=[een.pk, twee.pk]).values_list("status", "opdracht")) == {
        ("verstuurd", opdracht.pk)
    }
    assert cijfers(w.oproep) == cijfers(krediet(2022)) == {"vastgelegd": 200 * K, "vereffend": 100 * K}
    assert cijfers(een.dossier) == {"vastgelegd": 100 * K, "vereffend": 50 * K}
    alles_klopt()


def test_an_order_of_nothing_is_refused(w):
    with weigert("niets_gekozen", "Kies minstens één betaling.", "betalingen"):
        services.verstuur_betalingen(w.oproep, betalingen=[], door=w.bo)


def test_an_order_takes_no_payment_of_another_call_or_of_nowhere(w):
    ander = tweede_oproep(w)
    betaling = breng(w, "goedgekeurd", schijf(w))
    zin = "Een gekozen betaling hoort niet bij deze oproep."
    with weigert("andere_oproep", zin):
        services.verstuur_betalingen(ander.oproep, betalingen=[betaling.pk], door=ander.bo)
    with weigert("andere_oproep", zin):
        services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk, 999_999], door=w.bo)


def test_one_that_is_not_approved_stops_the_whole_order(w):
    goed, niet = breng(w, "goedgekeurd", schijf(w)), breng(w, "te_controleren", schijf(w, wie="ben"))
    with weigert("verkeerde_status", zin_status(niet)):
        services.verstuur_betalingen(w.oproep, betalingen=[goed.pk, niet.pk], door=w.bo)


def test_an_order_above_the_payment_credit_is_not_sent(w):
    zet_krediet(w, 2022, 200 * K, 99_999_99)
    twee = [breng(w, "goedgekeurd", schijf(w, wie=wie)) for wie in ("an", "ben")]
    zin = (
        f"Dit gaat over het betaalkrediet 2022 van artikel {ARTIKEL}: "
        "nog 99.999,99 euro vrij van 99.999,99 euro, gevraagd 100.000,00 euro."
    )
    with weigert("boven_betaalkrediet", zin):
        services.verstuur_betalingen(w.oproep, betalingen=[b.pk for b in twee], door=w.bo)
    services.verstuur_betalingen(w.oproep, betalingen=[twee[0].pk], door=w.bo)
    zin = zin.replace("nog 99.999,99", "nog 49.999,99").replace("gevraagd 100.000,00", "gevraagd 50.000,00")
    with weigert("boven_betaalkrediet", zin):
        services.verstuur_betalingen(w.oproep, betalingen=[twee[1].pk], door=w.bo)


def test_a_charge_falls_on_the_credit_of_the_year_it_is_sent_in(w):
    betaling = breng(w, "goedgekeurd", schijf(w))
    with klok.op(klok.brussel(2030, 1, 5)):
        zin = f"Voor begrotingsartikel {ARTIKEL} is in 2030 geen krediet ingeschreven."
        with weigert("geen_krediet", zin):
            services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    with klok.op(klok.brussel(2023, 1, 1)):
        services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    assert cijfers(krediet(2022)) == {"vastgelegd": 200 * K}
    assert cijfers(krediet(2023)) == {"vereffend": 50 * K}
    alles_klopt()


def test_the_year_is_that_of_brussels(w):
    betaling = breng(w, "goedgekeurd", schijf(w))
    with klok.op(klok.brussel(2023, 1, 1, 0, 30)):
        opdracht = services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    assert opdracht.nummer.startswith("BO-2023-")
    assert journaal()[-1][-1] == date(2023, 1, 1)


# --- betaling.meld_uitbetaald ---


def test_paying_books_the_day_and_tells_the_applicant(w):
    betaling = breng(w, "verstuurd", schijf(w))
    klok.zet(klok.brussel(2022, 2, 4, 15))
    with geschiedenis() as nieuw:
        services.meld_uitbetaald(betaling, datum=date(2022, 2, 3), door=w.bo)
    rij = Betaling.objects.get(pk=betaling.pk)
    assert (rij.status, rij.uitbetaald_op) == ("uitbetaald", date(2022, 2, 3))
    inhoud = {"datum": "2022-02-03"}
    assert nieuw.feiten == [feit(betaling, "betaling.meld_uitbetaald", w.bo, "verstuurd", "uitbetaald", inhoud)]
    assert journaal()[-1] == ("uitbetaling", 50 * K, betaling.dossier_id, betaling.pk, date(2022, 2, 3))
    assert nieuw.mails == [
        (
            "an@voorbeeld.test",
            f"Betaling voor dossier {betaling.dossier.nummer}",
            "Wij betaalden 50.000,00 euro op rekening BE68 5390 0754 7034 (eerste schijf).",
        )
    ]
    assert cijfers(betaling.dossier) == {"vastgelegd": 100 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    alles_klopt()


def test_paying_in_the_future_or_before_the_order_is_refused(w):
    betaling = breng(w, "verstuurd", schijf(w))
    for dag in (VANDAAG + timedelta(days=1), date(2032, 2, 1)):
        with weigert("datum_onmogelijk", "De betaaldatum ligt in de toekomst.", "datum"):
            services.meld_uitbetaald(betaling, datum=dag, door=w.bo)
    for dag in (VANDAAG - timedelta(days=1), date(2012, 2, 1)):
        with weigert("datum_onmogelijk", "De betaaldatum ligt vóór de betaalopdracht.", "datum"):
            services.meld_uitbetaald(betaling, datum=dag, door=w.bo)


@pytest.mark.parametrize("jaar", [2023, 2030])
def test_a_payment_stands_on_the_credit_of_its_charge_with_or_without_a_credit_in_its_own_year(w, jaar):
    betaling = breng(w, "verstuurd", schijf(w))
    klok.zet(klok.brussel(jaar, 1, 5))
    dag = date(jaar, 1, 4)
    with weigert("geen_recht"):
        services.meld_uitbetaald(betaling, datum=dag, door=w.bea)
    services.meld_uitbetaald(betaling, datum=dag, door=w.bo)
    assert cijfers(krediet(2022)) == {"vastgelegd": 200 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    assert cijfers(krediet(2023)) == {}
    regel = Journaalregel.objects.latest("pk")
    assert (regel.soort, regel.feitdatum, regel.krediet.jaar) == ("uitbetaling", dag, 2022)
    alles_klopt()
    # What comes back undoes it on the same credit, and leaves again in its own year.
    services.meld_geweigerd(betaling, datum=dag, reden="AC04", door=w.bo)
    assert cijfers(krediet(2022)) == {"vastgelegd": 200 * K, "vereffend": 50 * K}
    alles_klopt()


# --- dossier.rond_af ---


def betaal_alles(w, wie="an"):
    for volgorde in (1, 2, 3):
        breng(w, "uitbetaald", schijf(w, volgorde, wie))


def test_closing_a_project_of_which_everything_is_approved_and_paid(w):
    keur_verslagen_goed(w)
    betaal_alles(w)
    dossier = schijf(w).dossier
    with geschiedenis() as nieuw:
        services.rond_dossier_af(dossier, door=w.bea)
    assert Dossier.objects.get(pk=dossier.pk).status == "afgerond"
    assert nieuw.feiten == [feit(dossier, "dossier.rond_af", w.bea, "in_uitvoering", "afgerond")]
    assert nieuw.mails == [
        (
            "an@voorbeeld.test",
            f"Uw project in dossier {dossier.nummer} is afgerond",
            (
                f"Alle verslagen van dossier {dossier.nummer} zijn goedgekeurd en alle schijven zijn uitbetaald. Het "
                "project is afgerond.\n\nU moet niets meer doen."
            ),
        ),
    ]
    assert cijfers(dossier) == {"vastgelegd": 100 * K, "vereffend": 100 * K, "uitbetaald": 100 * K}
    alles_klopt()
    with weigert("verkeerde_status", zin_status(Dossier.objects.get(pk=dossier.pk))):
        services.rond_dossier_af(dossier, door=w.bea)


def test_closing_waits_for_every_report_and_every_instalment(w):
    dossier = schijf(w).dossier
    keur_verslagen_goed(w, aantal=1)
    breng(w, "uitbetaald", schijf(w))
    breng(w, "uitbetaald", schijf(w, 2))
    with weigert("nog_niet_klaar", "Nog niet alle verslagen zijn goedgekeurd."):
        services.rond_dossier_af(dossier, door=w.bea)
    laatste = Verslag.objects.filter(dossier=dossier).latest("uiterlijk")
    dossierservices.dien_verslag_in(laatste, tekst="Klaar.", kosten_cent=0, bestand=None, door=w.an)
    dossierservices.keur_verslag_goed(laatste, beoordeling="", door=w.bea)
    with weigert("nog_niet_klaar", "Nog niet alle schijven zijn uitbetaald."):
        services.rond_dossier_af(dossier, door=w.bea)
    breng(w, "verstuurd", schijf(w, 3))
    with weigert("nog_niet_klaar", "Nog niet alle schijven zijn uitbetaald."):
        services.rond_dossier_af(dossier, door=w.bea)


def test_closing_something_that_was_never_awarded_is_refused(wereld):
    dossier = bouw.ingediend(wereld)
    with weigert("verkeerde_status", zin_status(dossier)):
        services.rond_dossier_af(dossier, door=wereld.bea)


# --- an award meets the ledger: the decision commits, or nothing happens ---


def test_signing_commits_every_award(wereld):
    besluit = bouw.voorgesteld(wereld, {"an": 9, "ben": 8})
    klok.zet(bouw.BESLIST)
    bouw.onderteken(wereld, besluit)
    een, twee = Dossier.objects.order_by("pk")
    assert journaal() == [
        ("reservering", 100 * K, een.pk, None, VANDAAG - timedelta(days=7)),
        ("reservering", 100 * K, twee.pk, None, VANDAAG - timedelta(days=7)),
        ("vrijgave", -100 * K, een.pk, None, VANDAAG),
        ("vrijgave", -100 * K, twee.pk, None, VANDAAG),
        ("vastlegging", 100 * K, een.pk, None, VANDAAG),
        ("vastlegging", 100 * K, twee.pk, None, VANDAAG),
    ]
    for onderwerp in (wereld.oproep, wereld.luik, wereld.ronde, krediet(2022)):
        assert cijfers(onderwerp) == {"vastgelegd": 200 * K}
    assert [(s.limiet_cent, s.vastgelegd_cent) for s in Stand.objects.filter(soort="dossier")] == [
        (100 * K, 100 * K)
    ] * 2
    alles_klopt()


def teken(w, besluit, document, datum=VANDAAG):
    return bouw.beoordeling.registreer_ondertekening(
        besluit, nummer="MB-2022-1", datum=datum, document=document, door=w.bart
    )


def test_signing_in_a_year_without_credit_is_refused(wereld):
    besluit = bouw.voorgesteld(wereld)
    klok.zet(klok.brussel(2031, 1, 2))
    document = bouw.uploads.bewaar(bouw.upload("besluit.pdf"), door=wereld.bart)
    with weigert("geen_krediet", f"Voor begrotingsartikel {ARTIKEL} is in 2031 geen krediet ingeschreven."):
        teken(wereld, besluit, document, date(2031, 1, 1))
