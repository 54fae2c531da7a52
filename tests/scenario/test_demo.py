"""The demo, played once for this module: its figures to the cent, and that it stands up to every check."""

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Sum

from betalingen.bank import pain
from betalingen.models import Betaling, Terugvordering, Vastleggingsnummer
from betalingen.queries import af_te_rekenen
from betalingen.queries.verschillen import verschillen
from betalingen.saldo import saldo_van
from dossiers.models import Dossier, Verslag
from kern import klok
from kern.models import Gebeurtenis, Uitgaand
from oproepen.models import Oproep
from organisaties.models import Gebruiker
from portaal.demo_accounts import ACCOUNTS
from portaal.werklijst import werklijst

pytestmark = [pytest.mark.django_db, pytest.mark.lang]


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Play the demo for all tests here; give what it printed.

    It is committed as in real life: PostgreSQL cannot clean up behind one transaction of that many changes, and
    takes several times as long.
    """
    with django_db_blocker.unblock():
        out = StringIO()
        call_command("demo", stdout=out)
        try:
            yield out.getvalue()
        finally:
            call_command("flush", interactive=False, verbosity=0)


def money(**options: str) -> dict[str, Any]:
    """Return what `manage.py budgetstand --formaat json` says."""
    out = StringIO()
    call_command("budgetstand", formaat="json", stdout=out, **options)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_flanders_ends_as_it_did(played: str) -> None:
    call = money(oproep="zorgzame-buurten")["oproepen"][0]
    assert call["actie"] == 18
    assert call["budget"] == "13500000.00"
    assert call["aantal_ingediend"] == 152
    flanders = next(track for track in call["luiken"] if track["luik"] == "vlaanderen")
    assert flanders["vastgelegd"] == flanders["toegekend"] == "9400000.00"
    assert flanders["aantal_toegekend"] == 114
    assert flanders["beschikbaar"] == "2900000.00"
    brussels = next(track for track in call["luiken"] if track["luik"] == "brussel")
    assert (brussels["aantal_toegekend"], brussels["vastgelegd"]) == (6, "1050000.00")


def test_the_decision_is_of_the_first_of_february(played: str) -> None:
    days = Dossier.objects.filter(ronde__luik__slug="vlaanderen", toegekend_cent__isnull=False)
    assert set(days.values_list("beslist_op", flat=True)) == {date(2022, 2, 1)}


def test_provinces_are_those_of_the_press(played: str) -> None:
    rows = (
        Dossier.objects.filter(ronde__luik__slug="vlaanderen", toegekend_cent__isnull=False)
        .values_list("organisatie__provincie")
        .annotate(n=Count("pk"), cent=Sum("toegekend_cent"))
    )
    per_province = {name: (n, cent) for name, n, cent in rows}
    assert per_province["West-Vlaanderen"] == (32, 2_700_000_00)
    assert per_province["Limburg"][0] == 17


def test_nothing_is_paid_that_was_not_charged(played: str) -> None:
    call = money(oproep="zorgzame-buurten")["oproepen"][0]
    assert (call["vereffend"], call["uitbetaald"], call["encours"]) == ("10007500.00", "9972750.00", "442500.00")
    assert [year["jaar"] for year in call["jaren"]] == [2022, 2023, 2024]


def test_every_stage_of_payments_and_reports_has_something_waiting(played: str) -> None:
    stages = set(Betaling.objects.values_list("status", flat=True))
    # Every project of the demo went on, and its payments need one approval.
    assert stages == {*Betaling.Status.values} - {"vervallen", "verrekend", "tweede_controle"}
    assert Verslag.objects.filter(status=Verslag.Status.INGEDIEND).exists()
    late = Verslag.objects.filter(status=Verslag.Status.VERWACHT, uiterlijk__lt=klok.vandaag())
    assert late.exists()


def test_the_books_kept_elsewhere_have_each_kind_of_thing(played: str) -> None:
    accountant = Gebruiker.objects.get(email="boekhouder@demo.loket")
    found = [(d.soort, d.zin, d.hier_cent, d.daar_cent, bool(d.verklaring)) for d in verschillen(accountant)]
    assert found == [
        ("vereffening", "Het bedrag van de betaling is hier 14.400,00 euro.", 14_400_00, 14_300_00, False),
        ("betaling", "De betaling is nog niet gemeld.", 14_400_00, None, False),
        (
            "vastlegging",
            "Dit dossier is hier niet gekend; het staat alleen in de boekhouding.",
            None,
            12_500_00,
            True,
        ),
    ]
    numbers = Vastleggingsnummer.objects.order_by("pk").values_list("nummer", flat=True)
    assert list(numbers) == ["4500012301", "4500012302", "4500012303"]
    lines = [point.tekst for group in werklijst(accountant) for point in group["punten"]]
    assert "1 betaling wacht op de vereffening door de boekhouding" in lines
    assert "Verschillen met de boekhouding nakijken" in lines


def test_a_schuldvordering_waits_and_a_balance_can_be_settled(played: str) -> None:
    calls = Oproep.objects.filter(slug="buren-voor-buren")
    asked = Betaling.objects.filter(aanvraag__status="ingediend", dossier__ronde__luik__oproep__in=calls)
    assert [(p.dossier.nummer, p.bedrag_cent, p.aanvraag.vastlegging) for p in asked] == [
        ("BB-00153", 19_200_00, "4500012301")
    ]
    (balance,) = af_te_rekenen(Betaling.objects.all())
    assert balance.dossier.nummer == "BB-00154"
    assert saldo_van(balance.dossier).saldo_cent > 0
    lines = [
        p.tekst for group in werklijst(Gebruiker.objects.get(email="behandelaar@demo.loket")) for p in group["punten"]
    ]
    assert {"1 schuldvordering nakijken", "1 saldo afrekenen"} <= {*lines}


def test_money_is_claimed_back_in_different_states(played: str) -> None:
    rows = Terugvordering.objects.order_by("pk").values_list(
        "status", "voorgenomen_cent", "bedrag_cent", "ontvangen_cent"
    )
    assert list(rows) == [
        ("ingetrokken", 1_250_00, None, 0),
        ("kennisgegeven", 2_500_00, 2_000_00, 500_00),
        ("voornemen", 800_00, None, 0),
    ]


def test_there_is_work_for_each_account(played: str) -> None:
    people = [Gebruiker.objects.get(email=email) for email, *_ in ACCOUNTS]
    idle = [person.email.split("@")[0] for person in people if not werklijst(person)]
    assert idle == ["auditor", "beheerder"]


def test_a_call_is_open_today(played: str) -> None:
    call = Oproep.objects.get(slug="zorgzame-buurten-vervolg")
    nu = klok.nu()
    open_rounds = [r for track in call.luiken.all() for r in track.rondes.all() if r.is_open(nu)]
    assert [r.nummer for r in open_rounds] == [2]
    assert open_rounds[0].dossiers.filter(status=Dossier.Status.CONCEPT).count() == 2


def test_all_eight_calls_of_the_plan_are_there(played: str) -> None:
    calls = {call["actie"]: call for call in money()["oproepen"] if call["actie"]}
    assert sorted(calls) == [2, 3, 4, 6, 9, 18, 29, 31]
    assert calls[29]["budget"] is None


def test_everything_checks_out(played: str) -> None:
    call_command("controleer", stdout=StringIO())


def test_the_payment_orders_can_go_to_the_bank(played: str, tmp_path: Path) -> None:
    out = StringIO()
    call_command("betaalopdrachten", formaat="json", stdout=out)
    orders = json.loads(out.getvalue())
    assert [(order["status"], order["aantal"]) for order in orders] == [
        ("uitbetaald", 120),
        ("uitbetaald", 114),
        ("uitbetaald", 90),
        ("verstuurd", 3),
        # Of the granter whose books are kept elsewhere: no bank file is made of these.
        ("uitbetaald", 3),
        ("uitbetaald", 1),
        ("verstuurd", 1),
    ]
    for order, version in zip(orders[:2], pain.VERSIES, strict=True):
        path = tmp_path / f"{order['nummer']}.xml"
        with transaction.atomic():
            call_command("betaalbestand", order["nummer"], versie=version, uit=str(path), stdout=StringIO())
            transaction.set_rollback(True)
        assert list(pain.fouten(path.read_bytes(), version)) == []
        assert f"<CtrlSum>{order['totaal']}</CtrlSum>".encode() in path.read_bytes()


def test_what_was_played_says_so_and_sends_nothing(played: str) -> None:
    assert not Gebeurtenis.objects.filter(nagespeeld=False).exists()
    assert not Uitgaand.objects.filter(klaar_op=None).exists()
    assert Uitgaand.objects.exists()


def test_a_second_time_changes_nothing(played: str) -> None:
    before = (Dossier.objects.count(), Gebeurtenis.objects.count())
    out = StringIO()
    call_command("demo", stdout=out)
    assert out.getvalue().startswith("De demo staat er al; er is niets gewijzigd.")
    assert (Dossier.objects.count(), Gebeurtenis.objects.count()) == before
