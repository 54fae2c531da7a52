"""The demo: the zorgzame-buurten call played to its real outcome, and a call that is open today.

Played through the services on the clock of kern/, never by writing rows behind their back. Organisations are
real; projects, amounts per project and people are made up.
"""
