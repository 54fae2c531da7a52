"""The outbox: a side effect happens once, is tried again when it fails, and given up in sight."""

import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from kern import klok, outbox
from kern.models import Uitgaand
from kern.weg import noteer
from tests import bouw
from tests.hulp import ongewijzigd
from tests.proef import begin, einde, proefhandeling, wedloop

pytestmark = pytest.mark.django_db

NU = klok.brussel(2021, 11, 8, 9)


class Bestelling:
    """What was done, in order; `stuk` is what the next one meets."""

    def __init__(self):
        self.gedaan = []
        self.stuk = None

    def __call__(self, inhoud):
        if self.stuk is not None:
            raise self.stuk
        self.gedaan.append(inhoud)


@pytest.fixture
def proef(monkeypatch):
    klok.zet(NU)
    bestelling = Bestelling()
    monkeypatch.setitem(outbox._uitvoerders, "proef", bestelling)
    return bestelling


def zet_klaar(sleutel, **inhoud):
    with transaction.atomic():
        outbox.zet_klaar("proef", sleutel, inhoud)


def rij():
    return Uitgaand.objects.get()


def test_does_what_waits_once_in_order(proef):
    zet_klaar("een", n=1)
    zet_klaar("twee", n=2)
    assert outbox.werk_alles_af() == 2
    assert outbox.werk_alles_af() == 0
    assert proef.gedaan == [{"n": 1}, {"n": 2}]
    assert set(Uitgaand.objects.values_list("klaar_op", "lease_tot", "pogingen", "laatste_fout", "opgegeven_op")) == {
        (NU, None, 1, "", None)
    }


def test_a_row_holds_what_it_was_made_with(proef):
    zet_klaar("een", n=1)
    gemaakt = Uitgaand.objects.values().get()
    del gemaakt["id"]
    assert gemaakt == {
        "soort": "proef",
        "sleutel": "een",
        "inhoud": {"n": 1},
        "gemaakt_op": NU,
        "pogingen": 0,
        "niet_voor": NU,
        "lease_tot": None,
        "klaar_op": None,
        "opgegeven_op": None,
        "laatste_fout": "",
        "nagespeeld": True,
    }


def test_the_same_key_again_changes_nothing_also_when_it_is_done(proef):
    zet_klaar("een", n=1)
    with ongewijzigd():
        zet_klaar("een", n=2)
    outbox.werk_alles_af()
    with ongewijzigd():
        zet_klaar("een", n=3)
    assert outbox.werk_alles_af() == 0
    assert proef.gedaan == [{"n": 1}]


def test_an_act_that_is_rolled_back_leaves_no_row(proef):
    def breek(organisatie, *, door):
        noteer(organisatie, door=door)
        outbox.zet_klaar("proef", "een", {})
        raise ZeroDivisionError

    an = bouw.mens("an")
    organisatie = bouw.organisatie("A", None, "gemeente", "lokaal_bestuur", an)
    with proefhandeling(breek) as handeling, ongewijzigd(), pytest.raises(ZeroDivisionError):
        handeling(organisatie, door=an)
    assert outbox.werk_alles_af() == 0


def test_refuses_a_kind_that_nobody_does(proef):
    with ongewijzigd(), transaction.atomic(), pytest.raises(KeyError, match="geen uitvoerder voor duif"):
        outbox.zet_klaar("duif", "een", {})


@pytest.mark.django_db(transaction=True)
def test_refuses_outside_a_transaction(proef):
    with ongewijzigd(), pytest.raises(AssertionError, match="hoort in de transactie van haar handeling"):
        outbox.zet_klaar("proef", "een", {})


def test_waits_until_it_may(proef):
    zet_klaar("een")
    Uitgaand.objects.update(niet_voor=NU + timedelta(seconds=10))
    with klok.op(NU + timedelta(seconds=9, microseconds=999_999)):
        assert outbox.werk_een_af() is False
    with klok.op(NU + timedelta(seconds=10)):
        assert outbox.werk_een_af() is True


def test_a_failure_is_tried_later_and_later_and_then_given_up(proef, caplog):
    zet_klaar("een", n=1)
    zet_klaar("twee", n=2)
    Uitgaand.objects.filter(sleutel="twee").update(niet_voor=NU + timedelta(days=365))
    proef.stuk = ValueError("de post staakt")
    moment, wachttijden = NU, []
    with caplog.at_level(logging.CRITICAL, "kern.outbox"):
        for poging in range(1, outbox.MAX_POGINGEN + 1):
            with klok.op(moment):
                assert outbox.werk_een_af() is True
                assert outbox.werk_een_af() is False, "not before its time"
            een = Uitgaand.objects.get(sleutel="een")
            assert (een.pogingen, een.lease_tot, een.klaar_op) == (poging, None, None)
            assert een.laatste_fout == "ValueError: de post staakt"
            wachttijden.append((een.niet_voor - moment).total_seconds())
            if poging < outbox.MAX_POGINGEN:
                assert een.opgegeven_op is None
                moment = een.niet_voor
    assert wachttijden[:-1] == [15, 60, 240, 960, 3840, 15360, 61440]
    assert een.opgegeven_op == moment
    proef.stuk = None
    with klok.op(NU + timedelta(days=400)):
        assert outbox.werk_alles_af() == 1, "given up is given up; the other is done"
    assert proef.gedaan == [{"n": 2}]


def test_a_failure_does_not_stop_the_others(proef, caplog):
    with caplog.at_level(logging.CRITICAL, "kern.outbox"):
        zet_klaar("een", n=1)
        proef.stuk = ValueError("eerst stuk")
        outbox.werk_een_af()
        proef.stuk = None
        zet_klaar("twee", n=2)
        assert outbox.werk_alles_af() == 1
        assert proef.gedaan == [{"n": 2}]
        with klok.op(NU + timedelta(seconds=15)):
            assert outbox.werk_alles_af() == 1
    assert proef.gedaan == [{"n": 2}, {"n": 1}]
    een = Uitgaand.objects.get(sleutel="een")
    assert (een.pogingen, een.laatste_fout) == (2, ""), "the old error is gone once it worked"


def test_a_failure_whose_text_cannot_be_stored_is_stored_all_the_same(proef, caplog):
    zet_klaar("een")
    proef.stuk = ValueError("a\x00b\ud800" + "c" * 3000)
    with caplog.at_level(logging.CRITICAL, "kern.outbox"):
        assert outbox.werk_een_af() is True
    assert rij().laatste_fout == ("ValueError: a\\x00b\\ud800" + "c" * 3000)[:2000]


def test_a_kind_that_is_gone_is_a_failure(proef, caplog):
    zet_klaar("een")
    Uitgaand.objects.update(soort="vroeger")
    with caplog.at_level(logging.CRITICAL, "kern.outbox"):
        assert outbox.werk_een_af() is True
    assert (rij().laatste_fout, rij().klaar_op) == ("KeyError: 'vroeger'", None)


def test_the_work_of_a_runner_that_died_is_taken_up_after_its_lease(proef):
    zet_klaar("een", n=1)
    dood = outbox._claim()
    assert (dood.lease_tot, dood.pogingen) == (NU + outbox.LEASE, 1)
    with klok.op(NU + outbox.LEASE):
        assert outbox.werk_een_af() is False, "the lease still runs"
    with klok.op(NU + outbox.LEASE + timedelta(microseconds=1)):
        assert outbox.werk_een_af() is True
    assert (proef.gedaan, rij().pogingen, rij().lease_tot) == ([{"n": 1}], 2, None)


def test_work_that_kills_every_runner_is_given_up_too(proef):
    zet_klaar("een")
    moment = NU
    for _ in range(outbox.MAX_POGINGEN):
        with klok.op(moment):
            assert outbox._claim() is not None
        moment += outbox.LEASE + timedelta(seconds=1)
    with klok.op(moment):
        assert outbox.werk_een_af() is True
        assert outbox.werk_een_af() is False
    assert proef.gedaan == []
    assert (rij().opgegeven_op, rij().lease_tot, rij().klaar_op) == (moment, None, None)
    assert rij().laatste_fout == "RuntimeError: elke poging brak af zonder verslag: de werker stierf"


def test_a_slow_runner_that_fails_does_not_touch_what_another_took_over(proef):
    zet_klaar("een")
    traag = outbox._claim()
    klok.zet(NU + outbox.LEASE + timedelta(seconds=1))
    snel = outbox._claim()
    assert snel.pk == traag.pk
    with ongewijzigd():
        outbox._stel_uit(traag, ValueError("te laat"))
    Uitgaand.objects.update(klaar_op=klok.nu(), lease_tot=None)
    with ongewijzigd():
        outbox._stel_uit(snel, ValueError("te laat"))


def test_what_a_played_past_left_is_passed_over(proef):
    zet_klaar("een", n=1)
    klok.laat_los()
    zet_klaar("twee", n=2)
    assert outbox.sla_nagespeelde_over() == 1
    assert outbox.werk_alles_af() == 1
    assert proef.gedaan == [{"n": 2}]
    een = Uitgaand.objects.get(sleutel="een")
    assert een.klaar_op is not None and een.laatste_fout == "nagespeeld, niet uitgevoerd"


def test_the_command_works_until_it_is_empty(proef, capsys):
    zet_klaar("een")
    zet_klaar("twee")
    call_command("werk", eenmaal=True)
    call_command("werk", eenmaal=True)
    assert capsys.readouterr().out == "2 uitgaande berichten afgewerkt\n0 uitgaande berichten afgewerkt\n"


@pytest.mark.django_db(transaction=True)
def test_two_runners_do_every_row_once(proef):
    for nummer in range(40):
        zet_klaar(f"rij {nummer:02d}", n=nummer)
    lopers = wedloop(outbox.werk_alles_af, outbox.werk_alles_af)
    assert all(loper.gewonnen for loper in lopers)
    assert sum(loper.waarde for loper in lopers) == 40
    assert sorted(inhoud["n"] for inhoud in proef.gedaan) == list(range(40))
    assert set(Uitgaand.objects.values_list("pogingen", "klaar_op")) == {(1, NU)}


@pytest.mark.django_db(transaction=True)
def test_two_runners_claim_different_rows_at_the_same_moment(proef):
    zet_klaar("een")
    zet_klaar("twee")
    lopers = wedloop(outbox._claim, outbox._claim)
    assert sorted(loper.waarde.sleutel for loper in lopers) == ["een", "twee"]


@pytest.mark.django_db(transaction=True)
def test_a_runner_passes_over_a_row_that_another_is_claiming(proef):
    zet_klaar("een")
    zet_klaar("twee")
    with transaction.atomic():
        assert outbox._claim().sleutel == "een"
        lopers = begin(outbox._claim)
        if connection.vendor == "postgresql":
            einde(lopers)  # it does not wait; on SQLite, with its one writer, it must
    (loper,) = einde(lopers)
    assert loper.waarde.sleutel == "twee"


@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_two_connections_is_one_row(proef):
    lopers = wedloop(*(lambda n=n: zet_klaar("een", n=n) for n in range(4)))
    assert [loper.fout for loper in lopers] == [None] * 4
    assert outbox.werk_alles_af() == 1
    assert len(proef.gedaan) == 1
