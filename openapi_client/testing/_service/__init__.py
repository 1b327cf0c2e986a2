"""The API: routes and operations, credentials, limits, and the log."""
