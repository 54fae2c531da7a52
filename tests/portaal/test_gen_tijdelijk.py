import pytest
from django.urls import reverse
from tests.hulp import teruggedraaid
from tests.portaal import test_matrix as tm
from tests.portaal.toneel import DOELEN, ROLLEN
def test_gen(toneel):
    out=[]
    namen=[]
    for n in tm.ADRESSEN:
        if n.startswith("account_"): continue
        namen += [n] + [k for k in DOELEN if k.startswith(n+":")]
    out.append(f"{'adres':26}{'':6}"+"".join(f"{r:>7}" for r in ROLLEN))
    for n in namen:
        if n not in DOELEN: print("GEEN DOEL", n); continue
        for m in ("GET","POST"):
            st=[]
            with teruggedraaid():
                d=DOELEN[n](toneel)
                for r in ROLLEN:
                    with teruggedraaid():
                        try: st.append(tm.vraag(toneel,n,m,toneel.speler(r,d.van),d).status_code)
                        except Exception as e: st.append(f"{type(e).__name__[:6]}"); print(n,m,r,repr(e)[:200])
            out.append(f"{n:26}{m:6}"+"".join(f"{s:>7}" for s in st))
    open("/tmp/matrix.txt","w").write("\n".join(out))
    out=[]
    for n in tm.ADRESSEN:
        if n.startswith("account_"):
            args = {"key": "x"} if "confirm_email" in n else {}
            if n == "account_reset_password_from_key": args = {"uidb36": "1", "key": "x"}
            st=[]
            for m in ("get","post"):
                with teruggedraaid():
                    try: st.append(getattr(toneel.browser(None),m)(reverse(n,kwargs=args)).status_code)
                    except Exception as e: st.append("EXC"); print(n, repr(e)[:300])
            out.append(f"{n:44}{st[0]:>6}{st[1]:>6}")
    open("/tmp/matrix2.txt","w").write("\n".join(out))
