"""Payments and recoveries at random, by their acts, beside a model in Python that says what each act may do.

Two projects of three instalments each: one at the commitment, one with a condition, and a balance of accepted costs
that is asked with a schuldvordering. After every step states, amounts, journal and totals are those of the model, and
what ONTWERP calls the invariants of money holds; after every run everything that `manage.py controleer` checks.
"""

import os
from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from betalingen import grootboek, services
from betalingen.bank.pain import Opdrachtgever
from betalingen.models import AANTALLEN, Betaling, Journaalregel, Stand, Terugvordering
from betalingen.saldo import saldo_van
from dossiers.kosten.afrekening import deel
from dossiers.models import Dossier
from kern import klok
from kern.weigering import Weigering
from tests import bouw
from tests.betalingen import schema
from tests.betalingen.schema import NA_HET_PROJECT, SALDO, TWEEDE, VOORSCHOT, stuk
from tests.betalingen.terug import beslis
from tests.dossiers.kosten import hulp as kosten
from tests.hulp import alles_klopt
from tests.proef import krediet, zet_krediet

K = 1_000_00
KOSTEN = [60 * K, 40 * K, 33_333_33, 30 * K]
MEESTE_TERUGVORDERINGEN = 3
# In which order a run pays instalments (project, instalment) before it goes its own way.
VOLGORDE = [(0, 1), (1, 1), (0, 2), (0, 3)]
OPEN = "kennisgegeven"
_dossier, _schijf = st.integers(0, 1), st.integers(1, 3)
_bedrag = st.sampled_from([1, 5 * K, 10 * K, 20 * K]) | st.integers(1, 30 * K)


# The states in which an act is possible, if nothing else is in its way.
BIJ = {
    "stel_op": {"gepland"},
    "keur_goed": {"te_controleren"},
    "stuur_terug": {"te_controleren", "goedgekeurd"},
    "betaal": {"verstuurd"},
    "weiger": {"verstuurd", "uitbetaald"},
}


class Post:
    """An instalment as the model knows it: what it asks, its state, and the year of its charge."""

    def __init__(self, cent):
        self.cent, self.status, self.aangerekend = cent, "gepland", 0


class Claim:
    """A recovery as the model knows it: what was claimed, what came in by hand and by set-off, what was written off."""

    def __init__(self, cent, jaar):
        self.cent, self.jaar, self.ontvangen, self.status = cent, jaar, {}, OPEN
        self.verrekend = self.afgeschreven = 0

    @property
    def binnen(self):
        return sum(self.ontvangen.values()) + self.verrekend

    @property
    def rest(self):
        return self.cent - self.binnen if self.status == OPEN else 0


class Geld(RuleBasedStateMachine):
    """Drafts, checks, sends, pays, refuses, settles, recovers and takes back, some of it impossible."""

    spel: schema.Schemaspel
    begonnen = None

    @initialize(cent=st.sampled_from(KOSTEN), betaald=st.integers(0, len(VOLGORDE)), terug=st.booleans())
    def begin(self, cent, betaald, terug):
        """Have the costs of the first project accepted (the second claims none), pay some instalments, claim back."""
        self.ongedaan = transaction.atomic()
        self.ongedaan.__enter__()
        klok.zet(kosten.NU)
        w = self.w = self.spel.w
        kosten.nagekeken(kosten.Spel(w, self.spel.dossier), cent, opmerking="Alles was voor het project.")
        self.dossiers = [self.spel.dossier, kosten.van(w, "Boom")]
        self.hoogstens = min(50 * K, cent + deel(cent, 5))
        self.document = stuk(w)
        zet_krediet(w, 2023, 0, 60 * K)
        self.vek = {2022: 0, 2023: 60 * K, 2024: 10_000 * K}
        bedragen = {1: VOORSCHOT, 2: TWEEDE, 3: SALDO}
        self.posten = [{n: Post(c) for n, c in bedragen.items()} for _ in self.dossiers]
        self.bevestigd, self.afgerekend, self.aanvraag = [False, False], [False, False], ["", ""]
        self.claims: list[dict[int, Claim]] = [{}, {}]
        self.totaal = [self._stand(d) for d in self.dossiers]
        self.krediet = {jaar: self._stand(krediet(jaar)) for jaar in self.vek}
        self.kenmerk = 0
        self.begonnen = True
        for d, n in VOLGORDE[:betaald]:
            if n == 3:
                self.einde_van_het_project()
            while self.posten[d][n].status not in {"uitbetaald", "vervallen"}:
                self.een_verder(d, n)
                self.alles_stemt_overeen()
        if terug:
            self.vorder_terug(0, 20 * K)
            self.bevestig(0)

    def teardown(self):
        """Check everything, and undo the whole run."""
        if self.begonnen:
            alles_klopt()
        if hasattr(self, "ongedaan"):
            transaction.set_rollback(True)
            self.ongedaan.__exit__(None, None, None)

    def _stand(self, obj):
        stand = grootboek.stand_van(obj)
        return {str(naam): getattr(stand, f"{naam}_cent") for naam in AANTALLEN}

    def _rij(self, d, n):
        return Betaling.objects.get(dossier=self.dossiers[d], schijf__volgorde=n)

    def _boek(self, d, jaar, **bedragen):
        for naam, cent in bedragen.items():
            self.totaal[d][naam] += cent
            self.krediet[jaar][naam] += cent

    def doe(self, mag, daad):
        """Do what the model allows; what it does not allow is refused. Return what the act gave."""
        if mag:
            return daad()
        with pytest.raises(Weigering):
            daad()
        return None

    # Instalments.

    def _voldaan(self, d, n):
        """Return whether everything that an instalment asks beforehand is there."""
        return n == 1 or (n == 2 and self.bevestigd[d]) or (n == 3 and self.aanvraag[d] == "aanvaard")

    @rule(d=_dossier, n=_schijf, stappen=st.integers(1, 5))
    def volgende(self, d, n, stappen):
        """Do what comes next for an instalment, some times: what gets a run somewhere."""
        for _ in range(stappen):
            self.een_verder(d, n)

    def een_verder(self, d, n):
        """Do what comes next for an instalment."""
        status = self.posten[d][n].status
        if status == "gepland" and n == 2 and not self.bevestigd[d]:
            self.bevestig(d)
        elif status == "gepland" and n == 3 and not self.afgerekend[d]:
            self.reken_af(d)
        elif status == "gepland" and n == 3 and self.aanvraag[d] != "aanvaard":
            self.vraag_aan(d)
            self.aanvaard(d)
        else:
            daden = {"gepland": self.stel_op, "te_controleren": self.keur_goed, "verstuurd": self.betaal}
            if status == "goedgekeurd":
                self.verstuur([(d, n)])
            elif status in daden:
                daden[status](d, n)

    @rule(data=st.data(), wat=st.sampled_from(["stel_op", "keur_goed", "stuur_terug", "betaal", "weiger", "weiger"]))
    def doe_iets(self, data, wat):
        """Do one act with an instalment, most times one that it fits."""
        alle = [(d, n) for d in (0, 1) for n in (1, 2, 3)]
        past = [(d, n) for d, n in alle if self.posten[d][n].status in BIJ[wat]]
        d, n = data.draw(st.sampled_from(past if past and data.draw(st.integers(0, 3)) else alle))
        getattr(self, wat)(d, n)

    @rule(data=st.data())
    def verstuur_iets(self, data):
        """Send some of what is approved, or of what is not."""
        alle = [(d, n) for d in (0, 1) for n in (1, 2, 3)]
        past = [(d, n) for d, n in alle if self.posten[d][n].status == "goedgekeurd"]
        uit = past if past and data.draw(st.integers(0, 3)) else alle
        self.verstuur(data.draw(st.lists(st.sampled_from(uit), min_size=1, max_size=3, unique=True)))

    def stel_op(self, d, n):
        """Put an instalment forward."""
        post = self.posten[d][n]
        mag = post.status == "gepland" and self._voldaan(d, n)
        self.doe(mag, lambda: services.stel_betaling_op(self._rij(d, n), door=self.w.bea))
        if mag:
            post.status = "te_controleren"

    def keur_goed(self, d, n):
        """Approve."""
        post = self.posten[d][n]
        mag = post.status in BIJ["keur_goed"]
        self.doe(mag, lambda: services.keur_betaling_goed(self._rij(d, n), door=self.w.bart))
        if mag:
            post.status = "goedgekeurd"

    def stuur_terug(self, d, n):
        """Send back to the drafter."""
        post = self.posten[d][n]
        mag = post.status in BIJ["stuur_terug"]
        self.doe(mag, lambda: services.stuur_betaling_terug(self._rij(d, n), reden="Toch niet.", door=self.w.bart))
        if mag:
            post.status = "gepland"

    def verstuur(self, welke):
        """Send some in one order: all or none, within the payment credit of the year."""
        posten = [self.posten[d][n] for d, n in welke]
        jaar = klok.vandaag().year
        nieuw = {(d, n): self.posten[d][n].cent for d, n in welke if not self.posten[d][n].aangerekend}
        past = not nieuw or self.krediet[jaar]["vereffend"] + sum(nieuw.values()) <= self.vek[jaar]
        # Two payments of one amount to one account look like one that is paid twice.
        enig = len({(d, self.posten[d][n].cent) for d, n in welke}) == len(welke)
        mag = all(post.status == "goedgekeurd" for post in posten) and past and enig
        sleutels = [self._rij(d, n).pk for d, n in welke]
        self.doe(mag, lambda: services.verstuur_betalingen(self.w.oproep, betalingen=sleutels, door=self.w.bo))
        if mag:
            for d, n in welke:
                post = self.posten[d][n]
                post.status, post.aangerekend = "verstuurd", post.aangerekend or jaar
            for (d, _), cent in nieuw.items():
                self._boek(d, jaar, vereffend=cent)

    def betaal(self, d, n):
        """Report as paid: on the credit of its charge."""
        post, vandaag = self.posten[d][n], klok.vandaag()
        mag = post.status in BIJ["betaal"]
        self.doe(mag, lambda: services.meld_uitbetaald(self._rij(d, n), datum=vandaag, door=self.w.bo))
        if mag:
            post.status = "uitbetaald"
            self._boek(d, post.aangerekend, uitbetaald=post.cent)

    def weiger(self, d, n):
        """The bank refused it, or sent it back; the charge stays."""
        post, vandaag = self.posten[d][n], klok.vandaag()
        mag = post.status in BIJ["weiger"]
        self.doe(mag, lambda: services.meld_geweigerd(self._rij(d, n), datum=vandaag, reden="AC04", door=self.w.bo))
        if mag:
            if post.status == "uitbetaald":
                self._boek(d, post.aangerekend, uitbetaald=-post.cent)
            post.status = "te_controleren"

    @rule(d=_dossier, wat=st.sampled_from(["bevestig", "reken_af", "vraag_aan", "aanvaard"]))
    def bereid_voor(self, d, wat):
        """Do one of the acts that come before an instalment."""
        getattr(self, wat)(d)

    def bevestig(self, d):
        """Confirm the condition of the second instalment."""
        mag = self.posten[d][2].status == "gepland" and not self.bevestigd[d]
        daad = lambda: services.bevestig_voorwaarde(self._rij(d, 2), motivering="Verslag.", door=self.w.bea)  # noqa: E731
        self.doe(mag, daad)
        self.bevestigd[d] |= mag

    # The balance.

    @rule()
    def einde_van_het_project(self):
        """Let the project end."""
        klok.zet(max(klok.nu(), NA_HET_PROJECT))

    def reken_af(self, d):
        """Settle the balance; what is not justified is cancelled, and too late to be given to others."""
        post = self.posten[d][3]
        eerder = all(self.posten[d][n].status in {"uitbetaald", "verrekend"} for n in (1, 2))
        mag = klok.nu() >= NA_HET_PROJECT and d == 0 and eerder and not self.afgerekend[d] and post.status == "gepland"
        over = self.hoogstens - self.totaal[d]["uitbetaald"]
        dossier = Dossier.objects.get(pk=self.dossiers[d].pk)
        if mag:
            assert saldo_van(dossier).saldo_cent == over
        self.doe(mag, lambda: services.reken_saldo_af(dossier, saldo_cent=over, door=self.w.bea))
        if mag:
            self.afgerekend[d] = True
            weg = post.cent - max(over, 0)
            self._boek(d, 2022, vastgelegd=-weg, vervallen=weg)
            post.cent, post.status = max(over, 0) or post.cent, "gepland" if over > 0 else "vervallen"

    def vraag_aan(self, d):
        """Ask for the balance with a schuldvordering."""
        rij = self._rij(d, 3)
        op_tijd = klok.vandaag() <= date(2024, 6, 30)
        mag = self.afgerekend[d] and rij.status == "gepland" and not self.aanvraag[d] and op_tijd
        wie = (self.w.an, self.w.ben)[d]
        velden = {"bedrag_cent": rij.bedrag_cent, "document": self.document, "toelichting": ""}
        self.doe(mag, lambda: services.vraag_betaling_aan(rij, **velden, door=wie))
        if mag:
            self.aanvraag[d] = "ingediend"

    def aanvaard(self, d):
        """Accept what was asked."""
        mag = self.aanvraag[d] == "ingediend"
        self.doe(mag, lambda: services.aanvaard_aanvraag(self._rij(d, 3), door=self.w.bea))
        if mag:
            self.aanvraag[d] = "aanvaard"

    # Recoveries.

    @rule(data=st.data(), wat=st.sampled_from([*["ontvang", "herroep", "verreken"] * 3, "schrijf_af"]))
    def int_iets(self, data, wat):
        """Do one act with a recovery that was notified."""
        getattr(self, wat)(data)

    @rule(d=_dossier, cent=_bedrag)
    def vorder_terug(self, d, cent):
        """Claim back and notify: never more than was paid, less what is claimed already."""
        if sum(len(claims) for claims in self.claims) >= MEESTE_TERUGVORDERINGEN:
            return
        mag = cent <= self.totaal[d]["uitbetaald"] - sum(c.cent for c in self.claims[d].values())
        velden = {"grond": "voorwaarden", "rechtsregel": "artikel_13", "motivering": "Niet uitgevoerd."}
        hoortermijn = klok.vandaag() + timedelta(days=30)
        rij = self.doe(
            mag,
            lambda: services.neem_terugvordering_voor(
                self.dossiers[d], bedrag_cent=cent, hoortermijn=hoortermijn, door=self.w.bea, **velden
            ),
        )
        if not mag:
            return
        klok.zet(klok.nu() + timedelta(days=31))
        rij = services.hoor_over_terugvordering(rij, reactie="", door=self.w.bea)
        rij = beslis(self.w, rij, bedrag_cent=cent, nummer=f"TB-{rij.pk}")
        services.geef_kennis_van_terugvordering(rij, door=self.w.bea)
        self.claims[d][rij.pk] = Claim(cent, rij.begrotingsjaar)
        self._boek(d, rij.begrotingsjaar, teruggevorderd=cent)

    def _claim(self, data):
        alle = [(d, pk) for d, claims in enumerate(self.claims) for pk in claims]
        if not alle:
            return None
        d, pk = data.draw(st.sampled_from(alle))
        return d, self.claims[d][pk], Terugvordering.objects.select_related("dossier__ronde__luik__oproep").get(pk=pk)

    def ontvang(self, data):
        """Receive, never more than is due."""
        if (gekozen := self._claim(data)) is None:
            return
        d, claim, rij = gekozen
        cent = data.draw(_bedrag | st.just(max(claim.rest, 1)))
        mag = 0 < cent <= claim.rest
        self.kenmerk += 1
        velden = {"datum": klok.vandaag(), "bedrag_cent": cent, "referentie": f"bank {self.kenmerk}", "door": self.w.bo}
        self.doe(mag, lambda: services.ontvang_terugvordering(rij, **velden))
        if mag:
            voldaan = cent == claim.rest
            claim.ontvangen[rij.ontvangsten.latest("pk").pk] = cent
            claim.status = "ontvangen" if voldaan else claim.status
            self._boek(d, claim.jaar, ontvangen=cent)

    def herroep(self, data):
        """Take a receipt back: what is due, and the state, are what they were."""
        if (gekozen := self._claim(data)) is None:
            return
        d, claim, rij = gekozen
        welke = data.draw(st.sampled_from([*claim.ontvangen, 0]))
        mag = bool(welke) and claim.status in {OPEN, "ontvangen", "verrekend"}
        self.doe(mag, lambda: services.herroep_ontvangst(rij, ontvangst=welke, reden="Vergissing.", door=self.w.bo))
        if mag:
            self._boek(d, claim.jaar, ontvangen=-claim.ontvangen.pop(welke))
            claim.status = OPEN

    def _te_verrekenen(self, d, n):
        post = self.posten[d][n]
        return post.status in {"gepland", "te_controleren"} and not post.aangerekend and self._voldaan(d, n)

    def verreken(self, data):
        """Set off against an instalment of the same project that could leave and was never charged."""
        if (gekozen := self._claim(data)) is None:
            return
        d, claim, rij = gekozen
        n = data.draw(st.sampled_from([n for n in (1, 2) if self._te_verrekenen(d, n)] or [1, 2]))
        jaar = klok.vandaag().year
        post = self.posten[d][n]
        kan = self._te_verrekenen(d, n)
        cent = min(post.cent, claim.rest)
        past = self.krediet[jaar]["vereffend"] + cent <= self.vek[jaar]
        mag = claim.rest > 0 and kan and past
        self.doe(mag, lambda: services.verreken(rij, betaling=self._rij(d, n).pk, door=self.w.bart))
        if mag:
            claim.status = "verrekend" if cent == claim.rest else claim.status
            claim.verrekend += cent
            if cent == post.cent:
                post.status = "verrekend"
            else:
                post.cent -= cent
            self._boek(d, jaar, vereffend=cent, uitbetaald=cent)
            self._boek(d, claim.jaar, ontvangen=cent)

    def schrijf_af(self, data):
        """Write off what is still due."""
        if (gekozen := self._claim(data)) is None:
            return
        d, claim, rij = gekozen
        rest = claim.rest
        self.doe(rest > 0, lambda: services.stel_oninbaar_voor(rij, reden="Failliet.", door=self.w.bo))
        if rest > 0:
            services.verklaar_oninbaar(rij, door=self.w.bart)
            claim.status, claim.afgeschreven = "oninbaar", rest
            self._boek(d, claim.jaar, teruggevorderd=-rest)

    @rule(cent=st.sampled_from([20 * K, 40 * K, 60 * K, 100 * K]))
    def zet_betaalkrediet(self, cent):
        """Change the payment credit of this year: never below what is charged."""
        jaar = klok.vandaag().year
        mag = cent >= self.krediet[jaar]["vereffend"]
        self.doe(mag, lambda: zet_krediet(self.w, jaar, 0, cent))
        if mag:
            self.vek[jaar] = cent

    @invariant()
    def alles_stemt_overeen(self):
        """States, amounts, totals and journal are those of the model; nothing is above what bounds it."""
        if not self.begonnen:
            return
        rijen = Betaling.objects.order_by("schijf__volgorde")
        for d, dossier in enumerate(self.dossiers):
            echt = [(b.status, b.bedrag_cent) for b in rijen.filter(dossier=dossier)]
            assert echt == [(post.status, post.cent) for post in self.posten[d].values()]
            assert self._stand(dossier) == self.totaal[d]
            t = self.totaal[d]
            assert 0 <= t["uitbetaald"] <= t["vereffend"] <= t["vastgelegd"]
            assert 0 <= t["ontvangen"] <= t["teruggevorderd"]
        for jaar, totaal in self.krediet.items():
            assert self._stand(krediet(jaar)) == totaal
            assert totaal["vereffend"] <= self.vek[jaar]
        for claims in self.claims:
            for pk, claim in claims.items():
                rij = Terugvordering.objects.get(pk=pk)
                assert (rij.status, rij.ontvangen_cent, rij.hoofdsom_open_cent) == (
                    claim.status,
                    claim.binnen,
                    claim.rest,
                )
                assert rij.afgeschreven_cent == claim.afgeschreven
        journaal = grootboek.journaaltotalen()
        for stand in Stand.objects.all():
            geteld = journaal.get((stand.soort, stand.sleutel), defaultdict(int))
            assert {naam: getattr(stand, f"{naam}_cent") for naam in AANTALLEN} == {n: geteld[n] for n in AANTALLEN}
        assert not Journaalregel.objects.filter(bedrag_cent=0).exists()


def test_payments_and_recoveries_agree_with_a_simple_model(wereld):
    spel = schema.lopend(wereld)
    wie = Opdrachtgever("Vlaamse overheid", bouw.IBAN)  # where a recovery is paid to
    services.stel_rekening_in(
        wereld.beheer, verstrekker=wereld.oproep.verstrekker, opdrachtgever=wie, door=wereld.beheer
    )
    machine = type("Machine", (Geld,), {"spel": spel})
    keren = int(os.environ.get("MACHINE", "0"))  # `make test-machine` runs it for thousands of steps
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=keren // 2 or 5,
            stateful_step_count=40 if keren else 25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
