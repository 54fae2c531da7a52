"""The six steps of one call through Django's client, signed in as each role, by the pages alone."""

import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from beoordeling.models import Besluit, Scoreblad
from betalingen.models import Betaling
from dossiers.models import Dossier, Verslag
from kern import klok, outbox
from oproepen.models import Oproep, Ronde
from tests import bouw

pytestmark = pytest.mark.django_db


def aangemeld(naam: str) -> Client:
    """Sign in through the sign-in page."""
    client = Client()
    antwoord = client.post(reverse("account_login"), {"login": f"{naam}@voorbeeld.test", "password": bouw.WACHTWOORD})
    assert antwoord.status_code == 302, antwoord.content.decode()
    return client


def post(client: Client, url: str, data: dict | None = None, status: int = 302) -> str:
    """Post and return the page one lands on; the sentence of a refusal fails the test visibly."""
    antwoord = client.post(url, data or {})
    assert antwoord.status_code == status, antwoord.content.decode()
    if status == 302:
        antwoord = client.get(antwoord["Location"])
        assert antwoord.status_code == 200
    return antwoord.content.decode()


def test_six_steps(settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    w = bouw.ontwerp()
    bouw.zet_geld(w)
    roles = {naam: aangemeld(naam) for naam in ("an", "bea", "jef", "joke", "vic", "bart", "bo", "aude")}

    # 1. Launch: the handler presents, the budget holder publishes.
    slug = w.oproep.slug
    assert roles["an"].get(reverse("oproep", args=[slug])).status_code == 404
    assert "voorleggen" in roles["bea"].get(reverse("mijn_werk")).content.decode()
    post(roles["bea"], reverse("oproep_leg_voor", args=[slug]))
    assert "De oproep is gepubliceerd." in post(roles["bart"], reverse("oproep_publiceer", args=[slug]))
    klok.zet(bouw.OPEN)
    page = Client().get(reverse("oproep", args=[slug])).content.decode()
    assert "maandag 8 november 2021 om 9.00 uur" in page
    assert "Dossier starten voor Vlaanderen" in page

    # 2. Submission: start, fill in, hand in, receipt.
    start = reverse("dossier_start", args=[slug, "vlaanderen"])
    post(roles["an"], start, {"organisatie": w.aartselaar.pk})
    dossier = Dossier.objects.get()
    nummer = dossier.nummer
    answers = {s: f"Antwoord over {s}." for s in ("buurtanalyse", "doelgroep", "acties", "netwerk")}
    answers |= {"bewoners": "1200", "soort_buurt": "Dorpskern"}
    versions = {f"versie_{s}": "0" for s in answers}
    post(roles["an"], reverse("dossier_vragen", args=[nummer]), {**answers, **versions})
    budget = {
        "titel": "De Warme Buurt",
        "iban": "BE68 5390 0754 7034",
        "gevraagd": "1.234,56",
        "versie": "0",
        "kosten-TOTAL_FORMS": "2",
        "kosten-INITIAL_FORMS": "0",
        "kosten-0-omschrijving": "Buurtwerker",
        "kosten-0-bedrag": "1334.56",
        "inbreng-TOTAL_FORMS": "1",
        "inbreng-INITIAL_FORMS": "0",
        "inbreng-0-omschrijving": "Gemeente",
        "inbreng-0-bedrag": "100",
    }
    post(roles["an"], reverse("dossier_begroting", args=[nummer]), budget)
    post(roles["an"], reverse("dossier_bijlagen", args=[nummer]), {"bestanden": [bouw.upload()]})
    page = post(roles["an"], reverse("dossier_indienen", args=[nummer]))
    assert "Ontvangstbewijs" in page
    receipt = roles["an"].get(reverse("ontvangstbewijs_json", args=[nummer])).json()
    assert json.loads(receipt["inhoud"])["gevraagd_cent"] == 123456

    # 3. Admissibility and jury.
    ronde = Ronde.objects.get(luik__slug="vlaanderen")
    klok.zet(bouw.GESLOTEN)
    assert "sluiten" in roles["bea"].get(reverse("mijn_werk")).content.decode()
    post(roles["bea"], reverse("ronde_sluit", args=[ronde.pk]))
    verdict = {"oordeel": "ontvankelijk", "motivering": "Alles is er."}
    post(roles["bea"], reverse("dossier_ontvankelijkheid", args=[nummer]), verdict)
    post(roles["bea"], reverse("ronde_start", args=[ronde.pk]))
    for juror in ("jef", "joke"):
        data = {"form": "toewijzen", "jurylid": w.mensen[juror].pk}
        post(roles["bea"], reverse("dossier_jury", args=[nummer]), data)
        sheet = Scoreblad.objects.get(jurylid=w.mensen[juror])
        scores = {}
        for criterion in w.oproep.criteria.all():
            scores |= {f"punten_{criterion.pk}": "8", f"motivering_{criterion.pk}": "Goed."}
        post(roles[juror], reverse("scoreblad", args=[sheet.pk]), {**scores, "indienen": "1"})
    assert "Advies over" in roles["vic"].get(reverse("mijn_werk")).content.decode()
    advice = {"form": "advies", "gunstig": "ja", "motivering": "Een sterk netwerk."}
    post(roles["vic"], reverse("dossier_jury", args=[nummer]), advice)

    # 4. Award: rank, present, sign (which commits), notify. Until then the applicant sees nothing.
    klok.zet(bouw.BESLIST - timedelta(days=3))
    post(roles["bea"], reverse("ronde_stel_voor", args=[ronde.pk]))
    besluit = Besluit.objects.get()
    post(roles["bea"], reverse("besluit_leg_voor", args=[besluit.pk]))
    klok.zet(bouw.BESLIST)
    signature = {"nummer": "MB-1", "datum": "2022-02-01", "bestand": bouw.upload("besluit.pdf")}
    post(roles["bart"], reverse("besluit_onderteken", args=[besluit.pk]), signature)
    page = roles["an"].get(reverse("dossier", args=[nummer])).content.decode()
    assert "In beoordeling" in page
    assert "Toegekend" not in page
    post(roles["bea"], reverse("besluit_geef_kennis", args=[besluit.pk]))
    page = roles["an"].get(reverse("dossier", args=[nummer])).content.decode()
    assert "Toegekend" in page
    assert "1.234,56" in page

    # 5. Payment of the first instalment: drafted, checked by a second person, sent, paid.
    betaling = Betaling.objects.order_by("pk").first()
    post(roles["bea"], reverse("betaling_opstellen", args=[betaling.pk]))
    post(roles["bart"], reverse("betaling_goedkeuren", args=[betaling.pk]))
    post(roles["bo"], reverse("betaalopdracht_versturen", args=[slug]), {"betalingen": [betaling.pk]})
    post(roles["bo"], reverse("betaling_uitbetaald", args=[betaling.pk]), {"datum": "2022-02-01"})

    # 6. Monitoring: the report comes in and is approved, and frees the second instalment.
    klok.zet(klok.brussel(2023, 3, 1, 10))
    verslag = Verslag.objects.order_by("uiterlijk").first()
    report = {"tekst": "Het ging goed.", "kosten": "617,28"}
    post(roles["an"], reverse("verslag", args=[verslag.pk]), report)
    post(roles["bea"], reverse("verslag", args=[verslag.pk]), {"oordeel": "goed", "beoordeling": ""})
    second = Betaling.objects.order_by("pk")[1]
    assert "ligt klaar voor controle" in post(roles["bea"], reverse("betaling_opstellen", args=[second.pk]))

    page = roles["bart"].get(reverse("budgetstand")).content.decode()
    assert "1.234,56" in page
    assert "617,28" in page
    assert roles["aude"].get(reverse("budgetstand")).status_code == 200
    call_command("controleer")
    outbox.werk_alles_af()
    subjects = [message.subject for message in mail.outbox]
    assert f"Uw dossier {nummer} is ingediend" in subjects
    assert f"Beslissing over uw dossier {nummer}" in subjects
    assert f"Betaling voor dossier {nummer}" in subjects
    letter = next(message for message in mail.outbox if message.subject.startswith("Beslissing"))
    assert re.search(r"krijgt een subsidie van 1\.234,56 euro", letter.body)
    assert "Raad van State" in letter.body
    assert Oproep.objects.get().status == Oproep.Status.GEPUBLICEERD
