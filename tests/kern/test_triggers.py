"""Rows that can never change, on both databases, whichever way one tries; a migrate brings the triggers back."""

# ruff: noqa: S608 - the statements are made of our own table names

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from beoordeling import services as beoordeling
from beoordeling.models import Deminimismelding
from betalingen import grootboek
from betalingen import services as betalingen
from betalingen.bank.pain import Opdrachtgever
from betalingen.models import (
    Afbetaling,
    Afschrift,
    Bankregel,
    Betaalbestand,
    Betaalopdracht,
    Betaling,
    Boekhouding,
    Buitenfeit,
    Jaarrapport,
    Journaalregel,
    Limietregel,
    Ontvangst,
    Opdrachtregel,
    Rekening,
    Saldoafrekening,
    Vastleggingsnummer,
    Verschilverklaring,
)
from dossiers.models import Dossier, Indiening, IndieningInhoud
from kern import klok, outbox, triggers, uploads
from kern.models import Gebeurtenis, GebeurtenisInhoud, VerstuurdStuk
from oproepen.models import Luik
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.bank.afschrift import Boeking, schrijf
from tests.hulp import ongewijzigd
from tests.kern.later.migrations import LAATSTE
from tests.onthouden import onthoudt

SQLITE = connection.vendor == "sqlite"
VAST = [Gebeurtenis, Limietregel, Journaalregel, Indiening, VerstuurdStuk, Rekening, Opdrachtregel, Betaalbestand]
VAST += [Afschrift, Bankregel, Afbetaling, Ontvangst, Saldoafrekening, Deminimismelding]
VAST += [Boekhouding, Buitenfeit, Vastleggingsnummer, Verschilverklaring, Jaarrapport]
WISBAAR = [GebeurtenisInhoud, IndieningInhoud]
# SQLite's own ways to put another row in the place of one.
VERVANGEN = [
    "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
    "REPLACE INTO {t} SELECT * FROM {t}",
    "UPDATE OR REPLACE {t} SET id = id + 1",
] * SQLITE
ZIN = "deze rij mag niet gewijzigd of verwijderd worden"


@pytest.fixture
@onthoudt
def lijn(wereld):
    """The line up to a sent payment, with its mail and its file: rows in every guarded table."""
    bouw.verstuurde_betaling(wereld)
    opdracht = Betaalopdracht.objects.get()
    betalingen.stel_rekening_in(
        wereld.beheer,
        verstrekker=wereld.oproep.verstrekker,
        opdrachtgever=Opdrachtgever("Vlaamse overheid", bouw.IBAN),
        door=wereld.beheer,
    )
    betalingen.geef_betaalbestand(opdracht, door=wereld.bo)
    betalingen.lees_afschrift(schrijf([Boeking(-1_23)], rekening=bouw.IBAN), door=wereld.bo)
    _vorder_terug(wereld)
    _reken_af(wereld)
    _meld_deminimis(wereld)
    _boek_elders(wereld)
    _bewaar_rapport(wereld)
    outbox.werk_alles_af()
    assert all(model.objects.exists() for model in triggers.modellen())
    return wereld


def _vorder_terug(w):
    betalingen.meld_uitbetaald(Betaling.objects.order_by("pk")[0], datum=klok.vandaag(), door=w.bo)
    rij = terug.ontvang(w, terug.bekend(w), 1_00)
    eerste = klok.vandaag() + timedelta(days=9)
    betalingen.sta_afbetalingsplan_toe(rij, aantal=2, eerste=eerste, reden="Kleine kas.", door=w.bart)


def _reken_af(w):
    # As a settlement of 50.000 euro leaves it; the way there is in tests/betalingen/test_saldo.py.
    betaling = Betaling.objects.order_by("pk")[0]
    termen = dict.fromkeys((*Saldoafrekening.TERMEN, "betaald_cent"), 50_000_00)
    Saldoafrekening.objects.create(
        betaling=betaling, **termen, saldo_cent=0, opgemaakt_door=w.bea, opgemaakt_op=klok.nu()
    )


def _boek_elders(w):
    # One row of each, as an outside system leaves them; the way there is in tests/betalingen/test_boekhouding.py.
    dossier, van = Dossier.objects.exclude(toegekend_cent=None)[0], w.oproep.verstrekker
    wie, nu = w.beheer, klok.nu()
    Boekhouding.objects.create(verstrekker=van, wijze="hier", reden="Zo.", ingesteld_op=nu, ingesteld_door=wie)
    Vastleggingsnummer.objects.create(
        dossier=dossier,
        verstrekker=van,
        nummer="V-1",
        datum=nu.date(),
        geregistreerd_op=nu,
        geregistreerd_door=wie,
    )
    Verschilverklaring.objects.create(
        verstrekker=van, sleutel="a" * 64, reden="Zo.", verklaard_op=nu, verklaard_door=wie
    )
    Buitenfeit.objects.create(
        verstrekker=van,
        soort="vastlegging",
        kenmerk="b" * 64,
        dossiernummer=dossier.nummer,
        bedrag_cent=1,
        datum=nu.date(),
        ingelezen_op=nu,
        ingelezen_door=wie,
    )


def _bewaar_rapport(w):
    # As the closing of a year leaves it; the way there is in tests/betalingen/test_jaareinde.py.
    bestand = uploads.bewaar(bouw.upload(), door=w.beheer)
    jaar = grootboek.begrotingsjaar(2022)
    Jaarrapport.objects.create(begrotingsjaar=jaar, oproep=w.oproep, bestand=bestand, regels=1)


def _meld_deminimis(w):
    Luik.objects.update(deminimis="algemeen")  # as if the call said so
    dossier = Dossier.objects.exclude(toegekend_cent=None)[0]
    beoordeling.meld_deminimis(dossier, datum=klok.vandaag(), referentie="SA-1", door=w.bea)


def kolom(model):
    """Return a column of the model that is no key."""
    return next(veld for veld in model._meta.concrete_fields if not veld.primary_key and not veld.is_relation)


def namen(model):
    einden = ["niet_wijzigen"] + ["niet_verwijderen"] * (model in VAST) + ["niet_leegmaken"] * (not SQLITE)
    einden += ["niet_invoegen"] * (model is Journaalregel)
    return [f"{model._meta.db_table}_{einde}" for einde in einden]


def voer_uit(opdracht):
    with connection.cursor() as cursor:
        cursor.execute(opdracht)


def geweigerd(daad):
    """Check that the database refuses and that nothing changed."""
    with ongewijzigd(), pytest.raises(IntegrityError, match=ZIN), transaction.atomic():
        daad()


def test_guards_exactly_these_models():
    assert {model._meta.label: wisbaar for model, wisbaar in triggers._BEWAAKT.items()} == {
        "kern.Gebeurtenis": False,
        "kern.GebeurtenisInhoud": True,
        "kern.VerstuurdStuk": False,
        "dossiers.Indiening": False,
        "dossiers.IndieningInhoud": True,
        "betalingen.Jaarrapport": False,
        "betalingen.Journaalregel": False,
        "betalingen.Limietregel": False,
        "betalingen.Rekening": False,
        "betalingen.Opdrachtregel": False,
        "betalingen.Betaalbestand": False,
        "betalingen.Afschrift": False,
        "betalingen.Bankregel": False,
        "betalingen.Afbetaling": False,
        "betalingen.Ontvangst": False,
        "betalingen.Saldoafrekening": False,
        "betalingen.Boekhouding": False,
        "betalingen.Buitenfeit": False,
        "betalingen.Vastleggingsnummer": False,
        "betalingen.Verschilverklaring": False,
        "beoordeling.Deminimismelding": False,
    }


@pytest.mark.django_db
def test_refuses_every_kind_of_update(lijn):
    for model in (*VAST, *WISBAAR):
        for daad in wijzigingen(model):
            geweigerd(daad)


def wijzigingen(model):
    """Give every way we know to change rows of a model."""
    meta, veld = model._meta, kolom(model)
    rijen = list(model.objects.all())
    yield lambda: model.objects.update(**{veld.name: models.F(veld.name)})
    yield rijen[0].save
    yield lambda: model.objects.bulk_update(rijen, [veld.name])
    for naam in (v.column for v in meta.concrete_fields):
        yield lambda naam=naam: voer_uit(f"UPDATE {meta.db_table} SET {naam} = {naam}")
    kolommen = ", ".join(v.column for v in meta.concrete_fields)
    yield lambda: voer_uit(
        f"INSERT INTO {meta.db_table} ({kolommen}) SELECT {kolommen} FROM {meta.db_table} WHERE true "
        f"ON CONFLICT ({meta.pk.column}) DO UPDATE SET {veld.column} = excluded.{veld.column}"
    )


@pytest.mark.django_db
def test_refuses_every_kind_of_delete(lijn):
    for model in VAST:
        tabel = model._meta.db_table
        # _raw_delete: past the protection of foreign keys, which Django itself looks after.
        geweigerd(lambda model=model: model.objects.all()._raw_delete("default"))
        geweigerd(lambda tabel=tabel: voer_uit(f"DELETE FROM {tabel}"))
        for opdracht in VERVANGEN:
            geweigerd(lambda opdracht=opdracht, tabel=tabel: voer_uit(opdracht.format(t=tabel)))


@pytest.mark.django_db(transaction=True)
def test_refuses_to_empty_a_table(lijn):
    # Also through a table it refers to. SQLite has no TRUNCATE; its DELETE without condition is its way to empty.
    opdracht = "DELETE FROM {}" if SQLITE else "TRUNCATE {} CASCADE"
    tabellen = [model._meta.db_table for model in VAST]
    if not SQLITE:
        tabellen += ["kern_keten", "kern_gebeurtenisinhoud", "dossiers_indieninginhoud", "organisaties_gebruiker"]
    for tabel in tabellen:
        geweigerd(lambda tabel=tabel: voer_uit(opdracht.format(tabel)))


@pytest.mark.django_db
def test_a_payload_may_be_deleted(lijn):
    for model in WISBAAR:
        over = model.objects.count() - 1
        model.objects.filter(pk=model.objects.order_by("pk").first().pk).delete()
        assert model.objects.count() == over


@pytest.mark.django_db
def test_missing_triggers_are_named():
    assert triggers.ontbrekend() == []
    triggers.verwijder_alle()
    assert triggers.ontbrekend() == [naam for model in triggers.modellen() for naam in namen(model)]
    triggers.maak(triggers.modellen())
    assert triggers.ontbrekend() == []


@pytest.mark.django_db
@pytest.mark.parametrize("hoe", ["drop"] if SQLITE else ["drop", "DISABLE", "ENABLE REPLICA"])
def test_a_trigger_that_does_not_work_counts_as_missing(hoe):
    naam, tabel = "kern_gebeurtenis_niet_wijzigen", "kern_gebeurtenis"
    if hoe == "drop":
        voer_uit(f"DROP TRIGGER {naam}" + ("" if SQLITE else f" ON {tabel}"))
    else:
        voer_uit(f"ALTER TABLE {tabel} {hoe} TRIGGER {naam}")
    assert triggers.ontbrekend() == [naam]


@pytest.mark.django_db
def test_making_them_twice_changes_nothing(lijn):
    with ongewijzigd():
        triggers.maak(triggers.modellen())
        triggers.maak(triggers.modellen())
    assert triggers.ontbrekend() == []
    geweigerd(lambda: Gebeurtenis.objects.update(van="x"))


# --- a change of the table, which on SQLite makes it again and drops its triggers ---


def rijen(model):
    return list(model.objects.order_by("pk").values())


def maak_tabel_opnieuw(model, naam):
    """Alter a column and put it back, as a later migration may."""
    oud = model._meta.get_field(naam)
    nieuw = models.CharField(max_length=oud.max_length + 1)
    nieuw.set_attributes_from_name(naam)
    nieuw.model = model
    for van, naar in ((oud, nieuw), (nieuw, oud)):
        with connection.schema_editor() as editor:
            editor.alter_field(model, van, naar)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("model", "veld"), [(Gebeurtenis, "handeling"), (Journaalregel, "soort")])
def test_triggers_come_back_after_a_change_of_the_table(lijn, model, veld):
    voor = rijen(model)
    maak_tabel_opnieuw(model, veld)
    assert triggers.ontbrekend() == (namen(model) if SQLITE else [])
    call_command("migrate", verbosity=0)
    assert triggers.ontbrekend() == []
    assert rijen(model) == voor
    geweigerd(lambda: model.objects.update(**{veld: "x"}))
    geweigerd(lambda: model.objects.all()._raw_delete("default"))


@pytest.mark.django_db(transaction=True)
def test_a_later_migration_that_remakes_the_table_keeps_its_triggers(lijn, settings):
    settings.MIGRATION_MODULES = {}
    call_command("migrate", fake=True, verbosity=0)  # these tables were made of the models
    settings.MIGRATION_MODULES = {"kern": "tests.kern.later.migrations"}
    voor = rijen(Gebeurtenis)
    try:
        call_command("migrate", "kern", "9001", verbosity=0)
        assert triggers.ontbrekend() == []
        assert rijen(Gebeurtenis) == voor
        geweigerd(lambda: Gebeurtenis.objects.update(van="x"))
        geweigerd(lambda: Gebeurtenis.objects.all()._raw_delete("default"))
    finally:
        call_command("migrate", "kern", LAATSTE, verbosity=0)
        MigrationRecorder(connection).flush()
    assert triggers.ontbrekend() == []
    geweigerd(lambda: Gebeurtenis.objects.update(van="x"))


# --- flush ---


@pytest.mark.django_db(transaction=True)
def test_flush_is_refused_outside_tests(lijn, settings):
    settings.TESTEN = False
    zin = r"^flush wist gebeurtenissen en grootboek; dat kan alleen in tests\.$"
    with ongewijzigd(), pytest.raises(CommandError, match=zin):
        call_command("flush", interactive=False, verbosity=0)
    assert triggers.ontbrekend() == []


@pytest.mark.django_db(transaction=True)
def test_flush_in_tests_empties_and_leaves_the_triggers(lijn):
    call_command("flush", interactive=False, verbosity=0)
    assert not any(model.objects.exists() for model in triggers.modellen())
    assert triggers.ontbrekend() == []
