"""Random bookings through the ledger, beside a simple model in Python: the three always agree and no limit breaks."""

import os
from collections import defaultdict
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from betalingen import grootboek
from betalingen.models import AANTALLEN, Journaalregel, Stand
from kern.weigering import Weigering
from tests import bouw
from tests.proef import boeker, brussel, krediet, zet_krediet, zet_limiet

TEKEN = {"vrijgave": -1, "annulering": -1, "tegenvereffening": -1}
# What gives room more often than what takes it back, so that the run gets somewhere.
_soorten = st.sampled_from(["vastlegging"] * 8 + ["vereffening", "uitbetaling"] * 4 + Journaalregel.Soort.values)
_limiet = st.integers(80, 300) | st.integers(0, 300) | st.none() | st.just(-1)
_jaar = st.sampled_from([2022, 2023])
_boeking = st.tuples(_soorten, st.integers(1, 40), st.integers(0, 2), _jaar, _jaar)
# What may stand on the credit of another year than that of its fact.
ANDER_JAAR = {"reservering", "vrijgave", "annulering", "terugvordering", "ontvangst"}


class Model:
    """The rules of the ledger, written a second time and as simply as possible."""

    def __init__(self, limieten, kredieten):
        self.limieten = limieten
        self.vek = kredieten
        self.totalen = defaultdict(lambda: dict.fromkeys(AANTALLEN, 0))

    def met(self, boekingen):
        """Return the totals after these bookings: (kind, cents, subjects, whether it is later than its credit)."""
        nieuw = defaultdict(lambda: dict.fromkeys(AANTALLEN, 0))
        nieuw.update({onderwerp: dict(bedragen) for onderwerp, bedragen in self.totalen.items()})
        for soort, cent, onderwerpen, later in boekingen:
            for onderwerp in onderwerpen:
                nieuw[onderwerp][str(grootboek.KOLOM[soort])] += cent
                if soort == "annulering" and later:
                    nieuw[onderwerp]["vervallen"] -= cent
        return nieuw

    def klopt(self, totalen):
        """Return whether no limit is broken."""
        for onderwerp, t in totalen.items():
            besteed = t["gereserveerd"] + t["vastgelegd"] + t["vervallen"]
            if min(t.values()) < 0 or t["ontvangen"] > t["teruggevorderd"]:
                return False
            if besteed > (self.limieten.get(onderwerp) or 0):
                return False
            if onderwerp[0] == "krediet":
                if t["vereffend"] > (self.vek.get(onderwerp) or 0):
                    return False
            elif not t["uitbetaald"] <= t["vereffend"] <= t["vastgelegd"]:
                return False
        return True


class Grootboek(RuleBasedStateMachine):
    """Books, counter-books, charges, pays and changes limits, some of it impossible."""

    wereld: bouw.Wereld

    @initialize()
    def begin(self):
        """Three dossiers in two tracks, and limits small enough to meet them often."""
        w = self.wereld
        self.ongedaan = transaction.atomic()
        self.ongedaan.__enter__()
        self.boeker = boeker(w)
        self.boek_handeling = self.boeker.__enter__()
        b = brussel(w)
        self.dossiers = [bouw.opnieuw(d) for d in (bouw.concept(w), bouw.concept(w, "ben"), bouw.concept(b, "ben"))]
        limieten = {w.oproep: 260, w.luik: 180, b.luik: 120, w.ronde: 170, b.ronde: 120}
        limieten |= dict.fromkeys(self.dossiers, 100)
        for obj, limiet in limieten.items():
            zet_limiet(w, obj, limiet)
        for jaar in (2022, 2023):
            zet_krediet(w, jaar, 110, 30)
        self.objecten = [*limieten, krediet(2022), krediet(2023)]
        kredieten = {grootboek.onderwerp(krediet(jaar)): 30 for jaar in (2022, 2023)}
        self.model = Model(
            {grootboek.onderwerp(obj): limiet for obj, limiet in limieten.items()} | dict.fromkeys(kredieten, 110),
            kredieten,
        )

    def teardown(self):
        """Undo the whole run."""
        if hasattr(self, "boeker"):
            self.boeker.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.ongedaan.__exit__(None, None, None)

    @rule(boeking=_boeking)
    def boek_een(self, boeking):
        """Book one."""
        self.boek([boeking], terug=False)

    @rule(boekingen=st.lists(_boeking, min_size=2, max_size=3), terug=st.booleans())
    def boek_meer(self, boekingen, terug):
        """Book some at once; `terug`: payments came back, claims are written off, receipts taken back."""
        self.boek(boekingen, terug=terug)

    @rule(bedrag=st.integers(1, 40), nummer=st.integers(0, 2), feit=_jaar, krediet_van=_jaar, terug=st.booleans())
    def vorder_terug(self, bedrag, nummer, feit, krediet_van, terug):
        """Claim money back, or write a claim off; it frees nothing."""
        vrij = self._vrij()
        self.boek([("terugvordering", bedrag, nummer, feit, krediet_van)], terug=terug)
        assert self._vrij() == vrij

    @rule(bedrag=st.integers(1, 40), nummer=st.integers(0, 2), feit=_jaar, krediet_van=_jaar, terug=st.booleans())
    def ontvang(self, bedrag, nummer, feit, krediet_van, terug):
        """Receive on a claim, never more than what was claimed, or take that back; it frees nothing."""
        vrij = self._vrij()
        self.boek([("ontvangst", bedrag, nummer, feit, krediet_van)], terug=terug)
        assert self._vrij() == vrij

    def _vrij(self):
        return [
            (stand.soort, stand.sleutel, stand.beschikbaar_cent, stand.vastgelegd_cent, stand.vereffend_cent)
            for stand in Stand.objects.exclude(vastgelegd_cent=0).order_by("pk")
        ]

    def boek(self, boekingen, *, terug):
        """Book all or nothing, and only when no limit breaks."""
        regels, model = [], []
        for soort, bedrag, nummer, feitjaar, ander in boekingen:
            jaar = ander if soort in ANDER_JAAR else feitjaar
            dossier = self.dossiers[nummer]
            om = terug and soort in {"uitbetaling", "terugvordering", "ontvangst"}
            cent = bedrag * (-1 if om else TEKEN.get(soort, 1))
            regels.append((soort, cent, dossier, date(feitjaar, 6, 15), jaar))
            onderwerpen = [(str(s), k) for s, k in grootboek.onderwerpen_van(dossier, jaar)]
            model.append((soort, cent, onderwerpen, feitjaar > jaar))
        nieuw = self.model.met(model)
        aantal = Journaalregel.objects.count()
        if self.model.klopt(nieuw):
            self.boek_handeling(*regels)
            self.model.totalen = nieuw
            assert Journaalregel.objects.count() == aantal + len(regels)
        else:
            with pytest.raises(Weigering) as gevangen:
                self.boek_handeling(*regels)
            assert gevangen.value.code in {
                "boven_budget", "boven_vastleggingskrediet", "boven_vastlegging", "boven_betaalkrediet",
                "boven_vereffening", "boven_terugvordering", "onder_nul",
            }  # fmt: skip
            assert Journaalregel.objects.count() == aantal

    @rule(data=st.data(), limiet=_limiet, vek=_limiet)
    def wijzig_limiet(self, data, limiet, vek):
        """Change a limit: only when what is booked fits in it."""
        obj = data.draw(st.sampled_from(self.objecten))
        sleutel = (str(grootboek.onderwerp(obj)[0]), obj.pk)
        t = self.model.totalen[sleutel]
        past = t["gereserveerd"] + t["vastgelegd"] + t["vervallen"] <= (limiet or 0)
        if sleutel[0] == "krediet":
            past = past and t["vereffend"] <= (vek or 0)
        if past:
            zet_limiet(self.wereld, obj, limiet, vek)
            self.model.limieten[sleutel] = limiet
            if sleutel[0] == "krediet":
                self.model.vek[sleutel] = vek
        else:
            with pytest.raises(Weigering) as gevangen:
                zet_limiet(self.wereld, obj, limiet, vek)
            assert gevangen.value.code == "limiet_te_laag"

    @invariant()
    def alles_stemt_overeen(self):
        """Totals, journal and model say the same, and no limit is broken."""
        if not hasattr(self, "model"):
            return
        leeg = dict.fromkeys(AANTALLEN, 0)
        model = {sleutel: t for sleutel, t in self.model.totalen.items() if t != leeg}
        journaal = {s: {str(n): c for n, c in t.items()} for s, t in grootboek.journaaltotalen().items() if t != leeg}
        assert journaal == model
        standen, limieten = {}, {}
        for stand in Stand.objects.all():
            limieten[stand.soort, stand.sleutel] = stand.limiet_cent
            t = {naam: getattr(stand, f"{naam}_cent") for naam in AANTALLEN}
            if t != leeg:
                standen[stand.soort, stand.sleutel] = t
        assert standen == model
        assert self.model.klopt(self.model.totalen)
        assert {sleutel: limieten[sleutel] for sleutel in self.model.limieten} == self.model.limieten


@pytest.mark.django_db
def test_the_ledger_agrees_with_a_simple_model(wereld):
    machine = type("Machine", (Grootboek,), {"wereld": wereld})
    run_state_machine_as_test(
        machine,
        settings=settings(
            # `make test-machine` runs it for thousands of steps.
            max_examples=int(os.environ.get("MACHINE", "25")),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
