import time
from pathlib import Path
import pytest
from django.urls import reverse
from django.test import Client
from tests import bouw
from dossiers import opmaak, services as d
from kern import klok
pytestmark = pytest.mark.django_db

def test_kijk(wereld):
    w = wereld
    mot = ("Het dossier vertrekt van een degelijke buurtanalyse met de bewoners zelf. Het netwerk is breed: gemeente, OCMW, "
       "het lokaal dienstencentrum en twee verenigingen. De jury mist nog een plan voor na de subsidie.\n\nDe jury vraagt om in het eerste jaar de rol van de vrijwilligers uit te werken.")
    rijen = []
    for wie, vraag in (("an", 100_000_00), ("ben", 87_654_32)):
        rijen.append(bouw.ingediend(w, wie, gevraagd_cent=vraag))
    vzw = bouw.concept(w, organisatie=w.vzw)
    from tests.hulp import vul_in
    vul_in(vzw, 50_000_00, w.an)
    d.dien_in(vzw, door=w.an, ontvangen_op=klok.nu())
    bouw.sluit(w)
    for rij in rijen: d.verklaar_ontvankelijk(rij, motivering="ok", door=w.bea)
    d.verklaar_onontvankelijk(vzw, motivering="Het formulier netwerksamenstelling is niet ondertekend door het lokaal bestuur. Dat is een voorwaarde van de oproep.", door=w.bea)
    from oproepen import services as o
    from beoordeling import services as b
    o.start_beoordeling(w.ronde, door=w.bea)
    for rij, p in zip(rijen, (8, 4)):
        for i, j in enumerate((w.jef, w.joke)):
            blad = b.wijs_toe(rij, jurylid=j, door=w.bea)
            blad = b.bewaar_scores(blad, {c.pk: (p + (k + i) % 2, "Goed.") for k, c in enumerate(w.oproep.criteria.all())}, door=j)
            b.dien_scoreblad_in(blad, door=j)
        b.stel_advies_vast(rij, gunstig=p > 5, motivering=mot, door=w.vic)
    from datetime import timedelta
    klok.zet(bouw.BESLIST - timedelta(days=7))
    besluit = b.leg_besluit_voor(b.stel_voor(w.ronde, door=w.bea), door=w.bea)
    klok.zet(bouw.BESLIST)
    besluit = bouw.onderteken(w, besluit)
    c = Client(); c.force_login(w.bea)
    r = c.get(reverse("brief_pdf", args=[rijen[0].nummer])); Path("/tmp/kijk/voor.pdf").write_bytes(b"".join(r))
    b.geef_kennis(besluit, door=w.bea)
    for n, naam in ((0, "brief"), (1, "brief"), (0, "dossier"), (0, "ontvangstbewijs")):
        a = Client(); a.force_login((w.an, w.ben)[n])
        r = a.get(reverse(naam + "_pdf", args=[rijen[n].nummer])); assert r.status_code == 200, r
        Path(f"/tmp/kijk/{naam}{n}.pdf").write_bytes(b"".join(r)); print(r.headers)
    r = c.get(reverse("brief_pdf", args=[vzw.nummer])); Path("/tmp/kijk/onontv.pdf").write_bytes(b"".join(r))
    from kern import outbox
    from django.core import mail
    outbox.werk_alles_af()
    for m in mail.outbox:
        print("=====", m.to, m.subject, [x[0] for x in m.attachments]); print(m.body)
    Path("/tmp/kijk/mail.html").write_text(mail.outbox[-1].alternatives[0].content)
