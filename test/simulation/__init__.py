"""A service, a network and jobs in one process, on one clock and one seed."""
