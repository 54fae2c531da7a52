"""Mail as people get it: text and HTML with the same words, a link that opens for them, its documents made late."""

import hashlib
import logging
import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from kern import klok, mails, outbox
from kern.models import Uitgaand, VerstuurdStuk
from organisaties.models import Gebruiker
from tests import bouw
from tests.hulp import gebouwd, rijk

__all__ = ["gebouwd", "rijk"]

pytestmark = pytest.mark.django_db

KWAAD = "<script>alert(1)</script> & “Ștefan” 😀"


@pytest.fixture
def proefstuk(monkeypatch):
    """Register a maker of documents for the test, which tells what it was asked."""
    gevraagd = []

    def maak(verzoek):
        gevraagd.append(verzoek)
        return mails.Stukbestand(f"proef-{verzoek['nummer']}.pdf", b"%PDF-proef")

    monkeypatch.setitem(mails._stukmakers, "proef", maak)
    return gevraagd


def zet_klaar(sleutel="feit", **anders):
    with transaction.atomic():
        velden = {"aan": ["an@voorbeeld.test"], "onderwerp": "Uw dossier", "tekst": "Alles is er."}
        mails.zet_mail_klaar(sleutel, **(velden | anders))


def verstuurd():
    outbox.werk_alles_af()
    (brief,) = mail.outbox
    return brief


class Tekst(HTMLParser):
    """The words of a page, and its links."""

    def __init__(self, html):
        super().__init__()
        self.woorden, self.links = "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.links += [waarde for naam, waarde in attrs if tag == "a" and naam == "href"]
        assert tag not in {"script", "img", "link"}, "nothing is fetched or run"

    def handle_data(self, data):
        self.woorden += f" {data}"


def html_van(brief):
    (deel,) = brief.alternatives
    assert deel.mimetype == "text/html"
    return Tekst(deel.content)


def plat(tekst):
    return " ".join(tekst.split())


def test_text_and_html_say_the_same_and_link_to_the_page(settings):
    settings.ADRES = "https://loket.example/"
    zet_klaar(tekst="Eerste.\n\nTweede.", pad="/dossiers/ZB-1/", knop="Naar uw dossier")
    brief = verstuurd()
    link = "https://loket.example/dossiers/ZB-1/"
    assert brief.body == (
        f"Beste,\n\nEerste.\n\nTweede.\n\nNaar uw dossier: {link}\n\n-- \nOproepenloket\nhttps://loket.example/\n"
    )
    html = html_van(brief)
    assert plat("Beste, Eerste. Tweede. Naar uw dossier Werkt de knop niet? Ga naar " + link) in plat(html.woorden)
    assert html.links == [link, "https://loket.example/"]


def test_without_a_page_there_is_no_link():
    zet_klaar()
    brief = verstuurd()
    assert "Naar" not in brief.body
    assert len(html_van(brief).links) == 1


def test_what_people_typed_is_text_and_never_markup():
    zet_klaar(onderwerp=f"Over {KWAAD}", tekst=f"Het project {KWAAD}.")
    brief = verstuurd()
    assert KWAAD in brief.body
    html = html_van(brief)
    assert plat(html.woorden).count(KWAAD) == 3  # title, heading and text
    assert "Subject: " in brief.message().as_string()


def test_a_subject_is_one_line():
    zet_klaar(onderwerp="Een titel\nBcc: ander@voorbeeld.test\r\n met  regels")
    assert verstuurd().subject == "Een titel Bcc: ander@voorbeeld.test met regels"


def test_no_automatic_answer_is_asked_for():
    zet_klaar()
    assert verstuurd().extra_headers == {"Auto-Submitted": "auto-generated"}


def test_a_document_is_named_in_the_row_and_made_when_the_mail_leaves(proefstuk):
    verzoek = {"soort": "proef", "nummer": 7}
    zet_klaar(stukken=[verzoek])
    assert Uitgaand.objects.get().inhoud["stukken"] == [verzoek]
    assert proefstuk == []
    brief = verstuurd()
    assert proefstuk == [verzoek]
    assert brief.attachments == [("proef-7.pdf", b"%PDF-proef", "application/pdf")]
    delen = [deel.get_content_type() for deel in brief.message().walk()]
    assert delen == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]


def test_what_left_is_recorded_with_its_hash(proefstuk):
    klok.zet(bouw.OPEN)
    zet_klaar(stukken=[{"soort": "proef", "nummer": 7}, {"soort": "proef", "nummer": 8}])
    assert not VerstuurdStuk.objects.exists()
    klok.zet(bouw.GESLOTEN)
    verstuurd()
    som = hashlib.sha256(b"%PDF-proef").hexdigest()
    rij = Uitgaand.objects.get()
    assert list(VerstuurdStuk.objects.order_by("pk").values_list("uitgaand", "naam", "sha256", "verstuurd_op")) == [
        (rij.pk, "proef-7.pdf", som, bouw.GESLOTEN),
        (rij.pk, "proef-8.pdf", som, bouw.GESLOTEN),
    ]
    assert rij.klaar_op == bouw.GESLOTEN


def test_what_did_not_leave_is_not_recorded(proefstuk, monkeypatch, caplog):
    def breek(_brief):
        raise OSError("geen verbinding")

    klok.zet(bouw.OPEN)
    zet_klaar(stukken=[{"soort": "proef", "nummer": 7}])
    with monkeypatch.context() as storing, caplog.at_level(logging.CRITICAL, "kern.outbox"):
        storing.setattr(mails.EmailMultiAlternatives, "send", breek)
        outbox.werk_alles_af()
    assert (Uitgaand.objects.get().klaar_op, VerstuurdStuk.objects.count()) == (None, 0)
    klok.zet(Uitgaand.objects.get().niet_voor)
    verstuurd()
    assert VerstuurdStuk.objects.get().verstuurd_op == klok.nu()


def test_a_document_of_an_unknown_kind_is_refused_in_the_act():
    with pytest.raises(KeyError, match="geen maker voor stukken van de soort duif"):
        zet_klaar(stukken=[{"soort": "duif"}])
    assert not Uitgaand.objects.exists()


def test_a_document_that_cannot_be_made_holds_its_mail_back_for_later(proefstuk, monkeypatch, caplog):
    goed = mails._stukmakers["proef"]
    monkeypatch.setitem(mails._stukmakers, "proef", lambda _verzoek: 1 / 0)
    klok.zet(bouw.OPEN)
    zet_klaar(stukken=[{"soort": "proef", "nummer": 1}])
    with caplog.at_level(logging.CRITICAL, "kern.outbox"):
        outbox.werk_alles_af()
    assert mail.outbox == []
    rij = Uitgaand.objects.get()
    assert (rij.pogingen, rij.klaar_op, rij.laatste_fout) == (1, None, "ZeroDivisionError: division by zero")
    monkeypatch.setitem(mails._stukmakers, "proef", goed)
    klok.zet(rij.niet_voor)
    assert len(verstuurd().attachments) == 1


def test_a_row_of_before_there_were_links_and_documents_still_leaves():
    with transaction.atomic():
        outbox.zet_klaar("mail", "oud", {"aan": "an@voorbeeld.test", "onderwerp": "Oud", "tekst": "Dag."})
    assert verstuurd().subject == "Oud"


def test_a_runner_knows_who_makes_every_document():
    assert {"ontvangstbewijs", "onontvankelijk", "brief"} <= mails._stukmakers.keys()


# ---------- every mail that the acts of a whole call leave behind ----------


def soort_van(rij):
    return re.sub(r"[\d-]+", "#", rij.sleutel.rpartition(" ")[0])


def test_every_step_that_brings_news_or_asks_something_has_its_mail(rijk):
    assert {soort_van(rij) for rij in Uitgaand.objects.filter(soort="mail")} == {
        "mail lidmaatschap #",
        "mail taak #",
        "mail oproep # gebeurtenis #",
        "mail dossier # niet ingediend",
        "mail dossier # ontvankelijk",
        "mail dossier # indiening #",
        "mail dossier # onontvankelijk",
        "mail scoreblad # toegewezen",
        "mail besluit # gebeurtenis #",
        "mail besluit # #",
        "mail verslag # gebeurtenis #",
        "mail betalingen te controleren # #",
        "mail betaling # uitbetaald #",
        "mail dossier # verzaakt",
        "mail dossier # afgerond",
        "mail dossier # advies #",
        "mail besluit # ondertekend",
        "mail betalingen te versturen # #",
        "mail dossier # stopgezet",
    }


def test_every_mail_is_a_few_sentences_and_links_to_a_page_that_opens_for_who_gets_it(rijk):
    rijen = Uitgaand.objects.filter(soort="mail")
    gezien = set()
    for rij in rijen:
        inhoud = rij.inhoud
        paar = (soort_van(rij), inhoud["aan"])
        if paar in gezien:
            continue
        gezien.add(paar)
        assert inhoud["pad"].startswith("/")
        assert inhoud["knop"].startswith("Naar ")
        assert inhoud["tekst"].rstrip()[-1] in ".%" or "\n" in inhoud["tekst"]
        assert not inhoud["tekst"].startswith(("Beste", "Dag", "Geachte"))
        client = Client()
        client.force_login(Gebruiker.objects.get(email=inhoud["aan"]))
        assert client.get(inhoud["pad"]).status_code == 200, (rij.sleutel, inhoud)


def test_every_mail_can_be_sent_with_its_documents(rijk):
    klok.zet(klok.nu().replace(year=2031))
    aantal = Uitgaand.objects.filter(soort="mail", klaar_op=None).count()
    assert outbox.werk_alles_af() == aantal
    assert not Uitgaand.objects.filter(klaar_op=None).exists()
    for brief in mail.outbox:
        met_stuk = ("is ingediend", "is onontvankelijk")
        if brief.subject.startswith("Beslissing") or brief.subject.endswith(met_stuk):
            ((naam, inhoud, _),) = brief.attachments
            assert naam.endswith(".pdf")
            assert inhoud.startswith(b"%PDF-1.7")
            bewijs = VerstuurdStuk.objects.get(naam=naam, uitgaand__inhoud__aan=brief.to[0], sha256=_som(inhoud))
            assert bewijs.uitgaand.inhoud["onderwerp"] == brief.subject


def _som(inhoud):
    return hashlib.sha256(inhoud).hexdigest()


def test_many_payments_on_a_day_are_one_question(rijk):
    rijen = Uitgaand.objects.filter(sleutel__startswith="mail betalingen te controleren")
    assert len({rij.inhoud["aan"] for rij in rijen}) == len(rijen)
    assert "Er liggen betalingen van" in rijen[0].inhoud["tekst"]
