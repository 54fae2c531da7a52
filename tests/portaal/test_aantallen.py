import time
import pytest
from django.test import Client
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.db import transaction
from kern import klok
from tests.portaal.veel import *
from tests.portaal import veel as V
from betalingen.models import Betaling
@pytest.fixture(scope="module", params=[1])
def v(request, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        t=time.time()
        w = bouw_veel(request.param)
        print("BOUW", request.param, round(time.time()-t,1))
        yield w
        transaction.set_rollback(True)
def test_x(v, db):
    klok.zet(BEZOEK)
    m=v.mensen
    b=Betaling.objects.filter(status="te_controleren").first()
    from beoordeling.models import Scoreblad
    from dossiers.models import Verslag
    blad=V.open_bladen(v)[0]
    blad2=Scoreblad.objects.filter(dossier=v.dossiers[IN_BEOORDELING][0], jurylid=m["jef"]).get()
    vs=Verslag.objects.filter(status="ingediend").first()
    paginas=[(None,"home",[]),("an","home",[]),(None,"oproep",[v.slug]),("an","oproep",[v.slug])]
    paginas+=[(p,"mijn_werk",[]) for p in ("stan","an","bea","jana","vic","bart","bo","aude","beheer")]
    for p in ("an","bea","jana","vic","bart"):
        paginas.append((p,"dossier",[v.nummers(IN_BEOORDELING)[0]]))
    for p in ("an","bea"):
        paginas.append((p,"dossier",[v.nummers(LOPEND)[0]]))
    paginas.append(("an","dossier",[v.nummers(OPEN)[0]]))
    for r in (INGEDIEND,IN_BEOORDELING,TE_ADVISEREN,BESLIST): paginas.append(("bea","ronde",[v.rondes[r].pk]))
    paginas.append(("vic","ronde",[v.rondes[IN_BEOORDELING].pk]))
    paginas.append(("bea","dossier_jury",[v.nummers(IN_BEOORDELING)[0]]))
    paginas.append(("vic","dossier_jury",[v.nummers(TE_ADVISEREN)[0]]))
    paginas.append(("jana","scoreblad",[blad.pk])); paginas.append(("jef","scoreblad",[blad2.pk])); paginas.append(("bea","scoreblad",[blad2.pk]))
    paginas.append(("bea","besluit",[v.besluit.pk]))
    paginas.append(("bart","besluit",[v.besluit.pk]))
    for p in ("bart","bo"): paginas.append((p,"betalingen",[]))
    paginas.append(("bo","betalingen?status=goedgekeurd",[]))
    paginas.append(("bart","betaling",[b.pk])); paginas.append(("bea","betaling",[b.pk]))
    paginas.append(("bart","budgetstand",[])); 
    paginas.append(("an","organisatie",[v.organisaties[0].pk])); paginas.append(("an","organisatie_nieuw",[]))
    for n in ("dossier_vragen","dossier_begroting","dossier_bijlagen","dossier_indienen"): paginas.append(("an",n,[v.nummers(OPEN)[0]]))
    paginas.append(("an","dossier_ontvangstbewijs",[v.nummers(INGEDIEND)[0]]))
    paginas.append(("bea","dossier_ontvankelijkheid",[v.nummers(INGEDIEND)[0]]))
    paginas.append(("bea","verslag",[vs.pk])); paginas.append(("an","verslag",[vs.pk]))
    paginas.append(("bea","dossiers",[])); paginas.append(("bea","verslagen",[]))
    paginas.append(("bea","oproep_beheer",[v.slug])); paginas.append(("an","dossier_start",[v.slug,"vlaanderen"]))
    for wie,naam,args in paginas:
        c=Client()
        if wie: c.force_login(m[wie])
        n,_,q=naam.partition("?")
        with CaptureQueriesContext(connection) as cq:
            a=c.get(reverse(n,args=args)+("?"+q if q else ""))
            if a.streaming: a.getvalue()
        print(f"{v.n:3} {wie!s:6} {naam:30} {a.status_code} {len(cq)}")
        import os
        if os.environ.get("TOON")==f"{wie}:{naam}":
            for q in cq.captured_queries: print("    ", q["sql"][:260])
