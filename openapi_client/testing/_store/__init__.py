"""The keys of one organization, and what happens to them as time passes; no HTTP."""
