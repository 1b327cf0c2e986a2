"""The way of a call: described, serialized, sent with retries and redirects, decoded."""
