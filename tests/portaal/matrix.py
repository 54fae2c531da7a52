"""Who gets what at every address: one row per address and method, one column per role (tests/portaal/toneel.py).

A number is the status: 200 the page, 302 on to another page (for `anon`: to sign in; on a POST: done), 401 sign in
first (JSON), 403 may see it but not do it, 404 is not there for this person, 405 this method does not exist here,
409 cannot be done now, 422 the form is wrong.

`naam:geval` is the address `naam` with an object in another state. Whoever adds an address adds its rows here.
"""

TABEL = """
"""

# Addresses of django-allauth: what somebody who is not signed in gets by GET and by an empty POST.
BIBLIOTHEEK = """
"""
