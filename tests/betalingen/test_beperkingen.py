"""The database itself refuses a wrong total or a wrong booking, also from raw SQL, on both databases."""

# ruff: noqa: S608 - the statements are made of our own columns and literals

from datetime import date

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from betalingen.models import AANTALLEN, Betaling, Journaalregel, Krediet, Stand
from tests import bouw
from tests.hulp import ongewijzigd
from tests.proef import boeker, zet_limiet

pytestmark = pytest.mark.django_db

SQLITE = connection.vendor == "sqlite"
KOLOMMEN = [f"{naam}_cent" for naam in AANTALLEN]
DOSSIER = {
    "soort": "'dossier'",
    "sleutel": 1,
    "limiet_cent": 100,
    "betaalkrediet_cent": "NULL",
    "gereserveerd_cent": 10,
    "vastgelegd_cent": 50,
    "vervallen_cent": 0,
    "vereffend_cent": 30,
    "uitbetaald_cent": 20,
    "teruggevorderd_cent": 0,
    "ontvangen_cent": 0,
}
# A charge of this year on a commitment of an earlier one, a payment of a charge of an earlier one.
KREDIET = DOSSIER | {"soort": "'krediet'", "betaalkrediet_cent": 80, "vereffend_cent": 80, "uitbetaald_cent": 90}


def voer_uit(opdracht):
    with connection.cursor() as cursor:
        cursor.execute(opdracht)


def zet_in(waarden, tabel="betalingen_stand"):
    voer_uit(f"INSERT INTO {tabel} ({', '.join(waarden)}) VALUES ({', '.join(str(w) for w in waarden.values())})")


def werk_bij(waarden):
    """Bring the row with key 1 to these values, all at once."""
    voer_uit(f"UPDATE betalingen_stand SET {', '.join(f'{k} = {w}' for k, w in waarden.items())} WHERE sleutel = 1")


def geweigerd(opdracht, beperking=None):
    """Check that the database refuses, by this constraint when it has a name, and that nothing changed."""
    with ongewijzigd(), pytest.raises((IntegrityError, DataError)) as gevangen, transaction.atomic():
        opdracht()
    if beperking is not None and SQLITE:
        assert str(gevangen.value) == f"CHECK constraint failed: {beperking}"
    elif beperking is not None:
        assert gevangen.value.__cause__.diag.constraint_name == beperking


FOUTEN = [
    (DOSSIER, {"vastgelegd_cent": 91}, "stand_binnen_limiet"),
    (DOSSIER, {"gereserveerd_cent": 51}, "stand_binnen_limiet"),
    (DOSSIER, {"limiet_cent": 59}, "stand_binnen_limiet"),
    (DOSSIER, {"vervallen_cent": 41}, "stand_binnen_limiet"),
    (DOSSIER, {"vervallen_cent": -1}, "stand_niet_negatief"),
    (DOSSIER, {"limiet_cent": 0}, "stand_binnen_limiet"),
    (DOSSIER, {"limiet_cent": -100}, "stand_binnen_limiet"),
    (DOSSIER, {"limiet_cent": "NULL"}, "stand_binnen_limiet"),
    (DOSSIER, {"soort": "'oproep'", "vastgelegd_cent": 91}, "stand_binnen_limiet"),
    (KREDIET, {"vastgelegd_cent": 91}, "stand_binnen_limiet"),
    (KREDIET, {"limiet_cent": "NULL"}, "stand_binnen_limiet"),
    (DOSSIER, {"vereffend_cent": 51}, "stand_vereffend_binnen_vastgelegd"),
    (DOSSIER, {"vastgelegd_cent": 29}, "stand_vereffend_binnen_vastgelegd"),
    (DOSSIER, {"soort": "'luik'", "vereffend_cent": 51}, "stand_vereffend_binnen_vastgelegd"),
    (DOSSIER, {"uitbetaald_cent": 31}, "stand_uitbetaald_binnen_vereffend"),
    (DOSSIER, {"vereffend_cent": 19}, "stand_uitbetaald_binnen_vereffend"),
    (KREDIET, {"vereffend_cent": 81}, "stand_binnen_betaalkrediet"),
    (KREDIET, {"betaalkrediet_cent": 79}, "stand_binnen_betaalkrediet"),
    (KREDIET, {"betaalkrediet_cent": "NULL"}, "stand_binnen_betaalkrediet"),
    # What was claimed bounds what comes in.
    *((KREDIET, {"ontvangen_cent": -9, kolom: -1}, "stand_niet_negatief") for kolom in KOLOMMEN),
]


@pytest.mark.parametrize("basis", [DOSSIER, KREDIET])
def test_the_rows_that_the_others_deviate_from_are_allowed(basis):
    zet_in(basis)
    zet_in(basis | {"sleutel": 2, "limiet_cent": 60})
    assert Stand.objects.count() == 2


@pytest.mark.parametrize(("basis", "fout", "beperking"), FOUTEN)
def test_refuses_a_wrong_total(basis, fout, beperking):
    geweigerd(lambda: zet_in(basis | fout), beperking)
    zet_in(basis)
    geweigerd(lambda: werk_bij(fout), beperking)
    geweigerd(lambda: Stand.objects.filter(sleutel=1).update(**{k: _python(w) for k, w in fout.items()}), beperking)


def _python(waarde):
    return {"NULL": None}.get(waarde, waarde.strip("'")) if isinstance(waarde, str) else waarde


@pytest.mark.parametrize("naam", AANTALLEN)
def test_refuses_an_amount_that_is_nothing(naam):
    zet_in(KREDIET)
    geweigerd(lambda: zet_in(KREDIET | {"sleutel": 2, f"{naam}_cent": "NULL"}))
    geweigerd(lambda: werk_bij({f"{naam}_cent": "NULL"}))


RUIM = KREDIET | {"limiet_cent": 1000, "betaalkrediet_cent": 1000}


@pytest.mark.parametrize("kolom", ["limiet_cent", "betaalkrediet_cent", *KOLOMMEN])
def test_part_of_a_cent_is_never_stored(kolom):
    zet_in(RUIM)
    bedrag = 500.5 if kolom in {"limiet_cent", "betaalkrediet_cent"} else 1.5
    if SQLITE:
        # What was claimed bounds what comes in.
        zo = {"teruggevorderd_cent": 10, kolom: bedrag}
        geweigerd(lambda: zet_in(RUIM | {"sleutel": 2} | zo), "stand_hele_centen")
        geweigerd(lambda: werk_bij(zo), "stand_hele_centen")
        return
    # PostgreSQL rounds half away from zero on storing: the column knows whole numbers only.
    werk_bij({"teruggevorderd_cent": 10, kolom: bedrag})
    assert getattr(Stand.objects.get(), kolom) == {500.5: 501, 1.5: 2}[bedrag]


@pytest.mark.parametrize("kolom", ["limiet_cent", "betaalkrediet_cent", *KOLOMMEN])
@pytest.mark.parametrize("waarde", ["'tien'", "'1e3x'", "9223372036854775808"])
def test_refuses_what_is_no_whole_number_of_64_bits(kolom, waarde):
    zet_in(RUIM)
    geweigerd(lambda: zet_in(RUIM | {"sleutel": 2, kolom: waarde}))
    geweigerd(lambda: werk_bij({kolom: waarde}))


def test_refuses_to_change_the_kind_into_one_with_other_rules():
    zet_in(KREDIET)
    geweigerd(lambda: werk_bij({"soort": "'dossier'"}))
    zet_in(DOSSIER | {"sleutel": 2})
    with ongewijzigd(), pytest.raises(IntegrityError), transaction.atomic():
        Stand.objects.filter(sleutel=2).update(soort="krediet")


def test_one_row_of_totals_per_subject():
    zet_in(DOSSIER)
    zet_in(DOSSIER | {"soort": "'luik'"})
    geweigerd(lambda: zet_in(DOSSIER))


# --- the journal ---


@pytest.fixture
def regel(wereld):
    """The columns of a booking that is right, as SQL."""
    dossier = bouw.opnieuw(bouw.concept(wereld))
    zet_limiet(wereld, dossier, 100)
    with boeker(wereld) as boek:
        boek(("vastlegging", 50, dossier, date(2022, 2, 1)))
    rij = Journaalregel.objects.values().get()
    del rij["id"]
    vals = {naam: "NULL" if waarde is None else f"'{waarde}'" for naam, waarde in rij.items()}
    return vals | {"bedrag_cent": 5, "nagespeeld": "true"}


def boek(regel, **anders):
    zet_in(regel | anders, "betalingen_journaalregel")


POSITIEF = ["reservering", "vastlegging", "vereffening"]
BEIDE = ["uitbetaling", "terugvordering", "ontvangst"]
NEGATIEF = ["vrijgave", "annulering", "tegenvereffening"]


def test_the_sign_of_a_booking_follows_from_its_kind(regel):
    teken = "journaal_teken_volgens_soort"
    assert {*POSITIEF, *NEGATIEF, *BEIDE} == set(Journaalregel.Soort.values)
    for soort in POSITIEF:
        boek(regel, soort=f"'{soort}'", bedrag_cent=1)
        geweigerd(lambda soort=soort: boek(regel, soort=f"'{soort}'", bedrag_cent=-1), teken)
    for soort in NEGATIEF:
        boek(regel, soort=f"'{soort}'", bedrag_cent=-1)
        geweigerd(lambda soort=soort: boek(regel, soort=f"'{soort}'", bedrag_cent=1), teken)
    for soort in BEIDE:
        boek(regel, soort=f"'{soort}'", bedrag_cent=1)
        boek(regel, soort=f"'{soort}'", bedrag_cent=-1)
    for soort in (*POSITIEF, *NEGATIEF, *BEIDE):
        geweigerd(lambda soort=soort: boek(regel, soort=f"'{soort}'", bedrag_cent=0), teken)


def test_refuses_a_kind_that_does_not_exist(regel):
    for soort in ("schenking", "", "Vastlegging"):
        geweigerd(lambda soort=soort: boek(regel, soort=f"'{soort}'"), "journaal_teken_volgens_soort")
    geweigerd(lambda: boek(regel, soort="NULL"))


def test_part_of_a_cent_is_never_booked(regel):
    if SQLITE:
        geweigerd(lambda: boek(regel, bedrag_cent=1.5), "journaal_hele_centen")
        return
    boek(regel, bedrag_cent=1.5)
    assert Journaalregel.objects.latest("pk").bedrag_cent == 2


def test_refuses_to_book_what_is_no_amount(regel):
    for waarde in ("NULL", "'tien'", "9223372036854775808"):
        geweigerd(lambda waarde=waarde: boek(regel, bedrag_cent=waarde))


def test_refuses_a_booking_on_what_does_not_exist(regel):
    def op_niets(kolom):
        boek(regel, **{kolom: 999_999})
        connection.check_constraints()

    for kolom in ("oproep_id", "luik_id", "ronde_id", "dossier_id", "krediet_id", "gebeurtenis_id"):
        geweigerd(lambda kolom=kolom: op_niets(kolom))
        geweigerd(lambda kolom=kolom: boek(regel, **{kolom: "NULL"}))


# --- payments and credits ---


def test_refuses_a_payment_of_nothing_or_less_and_a_second_for_the_same_instalment(wereld):
    bouw.beslist(wereld)
    for cent in (0, -1):
        geweigerd(lambda cent=cent: Betaling.objects.update(bedrag_cent=cent), "betaling_positief")
    rij = Betaling.objects.values("dossier_id", "schijf_id", "bedrag_cent", "iban").first()
    geweigerd(lambda: Betaling.objects.create(**rij))


def test_one_credit_per_article_and_year(wereld):
    rij = Krediet.objects.values("artikel_id", "jaar").first()
    geweigerd(lambda: Krediet.objects.create(**rij))
