"""A service, a network and jobs in one process, on one clock and one seed.

Jobs with the real client live in a world (``world``) whose service (``service``) lags, refuses
and changes its mind, and whose network (``network``; in some worlds ``lines``, under the client's
own transport) loses, delays and garbles. They take turns on a clock of their own (``turns``), and
everything that chance decides comes from one seed. After each step is checked what has to hold
(``checks``), the retries against a second writing of their table (``table``).

From ``test/``::

    python -m simulation 4711                  the story of a seed, cut down to what breaks
    python -m simulation 0 --seeds 10000       how many seeds fare, and what they met
    python -m simulation.mutations             after how many seeds faults put in by hand are found
    python -m simulation.fleets FILE           the data on fleets, for the documentation

``tox -e simulation`` runs a hundred thousand seeds. What is found becomes a plain test in
``test/jobs/test_simulation_finds.py``.
"""
