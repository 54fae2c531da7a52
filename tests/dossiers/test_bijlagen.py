"""The page with attachments: several at once, each with what one can check, and a refusal beside its own file."""

import hashlib
import json

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from dossiers import opmaak
from dossiers.models import Bijlage
from dossiers.services import dien_in
from kern import klok
from tests import bouw
from tests.hulp import ongewijzigd
from tests.portaal.pagina import keur

pytestmark = pytest.mark.django_db

SOORT = "Het bestand '{}' is geen bruikbaar bestand: kies pdf, png, jpg, docx, xlsx, odt of ods."
VOL = "Het bestand '{}' kan er niet meer bij: een dossier heeft hoogstens 40 bijlagen."


@pytest.fixture
def concept(wereld):
    return bouw.concept(wereld)


def browser(wie):
    client = Client()
    client.force_login(wie)
    return client


def adres(dossier, naam="dossier_bijlagen"):
    return reverse(naam, args=[dossier.nummer])


def namen(dossier):
    return [b.bestand.naam for b in dossier.bijlagen.select_related("bestand")]


def stuur(client, dossier, *uploads):
    """Send files as the script does; return status and answer."""
    antwoord = client.post(adres(dossier, "bijlage_bewaar"), {"bestanden": list(uploads)})
    assert antwoord["Content-Type"] == "application/json"
    return antwoord.status_code, json.loads(antwoord.content)


def test_several_files_at_once_and_each_with_type_size_and_hash(wereld, concept):
    client = browser(wereld.an)
    groot = bouw.PDF.ljust(2_500_000)
    antwoord = client.post(adres(concept), {"bestanden": [bouw.upload("plan.pdf", groot), bouw.upload("b.PDF")]})
    assert (antwoord.status_code, antwoord["Location"]) == (302, adres(concept))
    p = keur(client.get(adres(concept)))
    assert p.meldingen == [("success", "2 bestanden zijn bewaard.")]
    tekst = p.tekst.replace("\xa0", " ")
    assert "U hebt 2 bijlagen, samen 2,4 MB. Er kunnen er nog 38 bij." in tekst
    rijen = [[cel.tekst.replace("\xa0", " ") for cel in rij.alle("th", "td")] for rij in p.alle("tr")[1:]]
    som, kleine = hashlib.sha256(groot).hexdigest(), hashlib.sha256(bouw.PDF).hexdigest()
    assert rijen == [
        ["plan.pdf", "PDF, 2,4 MB", f"SHA-256 {som[:8]}… van plan.pdf, volledig{som}", "Verwijderen plan.pdf"],
        [
            "b.PDF",
            f"PDF, {len(bouw.PDF)} bytes",
            f"SHA-256 {kleine[:8]}… van b.PDF, volledig{kleine}",
            "Verwijderen b.PDF",
        ],
    ]
    assert [e.attrs["title"] for e in p.alle("summary") if "title" in e.attrs] == [som, kleine]


def test_one_file_is_told_in_the_singular(wereld, concept):
    client = browser(wereld.an)
    client.post(adres(concept), {"bestanden": [bouw.upload("plan.pdf")]})
    p = keur(client.get(adres(concept)))
    assert p.meldingen == [("success", "1 bestand is bewaard.")]
    assert "U hebt 1 bijlage, samen" in p.tekst


@override_settings(BIJLAGE_MAX_BYTES=1024 * 1024)
def test_what_is_refused_is_told_file_by_file_and_the_others_are_kept(wereld, concept):
    client = browser(wereld.an)
    keuze = [
        bouw.upload("eerste.pdf"),
        bouw.upload("virus.exe"),
        bouw.upload("groot.pdf", bouw.PDF.ljust(1024 * 1024 + 1)),
        bouw.upload("leeg.pdf", b""),
        bouw.upload("laatste.pdf"),
    ]
    antwoord = client.post(adres(concept), {"bestanden": keuze})
    assert antwoord.status_code == 422
    p = keur(antwoord)
    zinnen = [
        SOORT.format("virus.exe"),
        "Het bestand 'groot.pdf' is groter dan 1 MB.",
        "Het bestand 'leeg.pdf' is leeg.",
    ]
    assert p.fouten("bestanden") == zinnen
    assert p.overzicht == [(zin, "bestanden") for zin in zinnen]
    assert p.meldingen == [("success", "2 bestanden zijn bewaard.")]
    assert namen(concept) == ["eerste.pdf", "laatste.pdf"]


def test_with_one_place_left_the_first_is_kept_and_the_others_are_named(wereld, concept):
    for nummer in range(39):
        opmaak.voeg_bijlage_toe(concept, bouw.upload(f"stuk {nummer}.pdf"), door=wereld.an)
    client = browser(wereld.an)
    assert "Er kan er nog 1 bij." in keur(client.get(adres(concept))).tekst
    keuze = [bouw.upload(f"{naam}.pdf") for naam in ("een", "twee", "drie")]
    antwoord = client.post(adres(concept), {"bestanden": keuze})
    assert antwoord.status_code == 422
    p = keur(antwoord)
    assert p.fouten("bestanden") == [VOL.format("twee.pdf"), VOL.format("drie.pdf")]
    assert "Meer dan 40 kan niet: verwijder er eerst een als u een andere wilt toevoegen." in p.tekst
    assert namen(concept) == [*(f"stuk {nummer}.pdf" for nummer in range(39)), "een.pdf"]


def test_one_file_sent_by_the_script(wereld, concept):
    client = browser(wereld.an)
    assert stuur(client, concept, bouw.upload("plan.pdf")) == (200, {"status": "bewaard", "zin": ""})
    assert namen(concept) == ["plan.pdf"]
    # Once more, because the answer got lost on the way.
    assert stuur(client, concept, bouw.upload("plan.pdf")) == (200, {"status": "bewaard", "zin": ""})
    assert namen(concept) == ["plan.pdf"]


def test_the_script_is_told_why_a_file_is_refused(wereld, concept):
    client = browser(wereld.an)
    with ongewijzigd():
        antwoord = stuur(client, concept, bouw.upload("virus.exe"))
    assert antwoord == (422, {"status": "geweigerd", "zin": SOORT.format("virus.exe")})
    with ongewijzigd():
        antwoord = stuur(client, concept)
    assert antwoord == (422, {"status": "geweigerd", "zin": "Kies eerst een of meer bestanden."})


def test_the_script_is_told_that_the_application_was_handed_in_meanwhile(wereld):
    dossier = bouw.volledig(wereld)
    dien_in(dossier, door=wereld.an, ontvangen_op=klok.nu())
    zin = "Dit dossier is geen concept meer en kan niet meer gewijzigd worden."
    client = browser(wereld.an)
    with ongewijzigd():
        assert stuur(client, dossier, bouw.upload("laat.pdf")) == (422, {"status": "geweigerd", "zin": zin})


def test_the_script_is_told_that_one_is_signed_out(concept):
    client = Client()
    with ongewijzigd():
        assert stuur(client, concept, bouw.upload("plan.pdf")) == (401, {"status": "afgemeld"})


def test_somebody_else_finds_nothing_to_add_to(wereld, concept):
    client = browser(wereld.ben)
    with ongewijzigd():
        antwoord = client.post(adres(concept, "bijlage_bewaar"), {"bestanden": [bouw.upload("x.pdf")]})
    assert antwoord.status_code == 404


@pytest.mark.parametrize(
    ("naam", "inhoud", "mime"),
    [
        ("plan.pdf", bouw.PDF, "application/pdf"),
        ("beeld.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "image/png"),
        ("beeld.jpeg", b"\xff\xd8\xff<svg onload=alert(1)>", "image/jpeg"),
    ],
)
def test_every_kind_is_a_download_and_never_a_page(wereld, concept, naam, inhoud, mime):
    bijlage = opmaak.voeg_bijlage_toe(concept, bouw.upload(naam, inhoud), door=wereld.an)
    antwoord = browser(wereld.an).get(reverse("bijlage", args=[bijlage.pk]))
    assert b"".join(antwoord.streaming_content) == inhoud
    assert antwoord["Content-Disposition"] == f'attachment; filename="{naam}"'
    assert antwoord["X-Content-Type-Options"] == "nosniff"
    assert antwoord["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert antwoord["Content-Type"] == mime


def test_readers_see_type_size_and_hash_too(wereld):
    dossier = bouw.ingediend(wereld)
    bijlage = Bijlage.objects.get(dossier=dossier)
    som = bijlage.bestand.sha256
    for wie in (wereld.an, wereld.bea):
        p = keur(browser(wie).get(reverse("dossier", args=[dossier.nummer])))
        assert f"netwerk.pdf (PDF, {len(bouw.PDF)} bytes) SHA-256 {som[:8]}…" in p.tekst.replace("\xa0", " ")
        assert som in p.tekst
