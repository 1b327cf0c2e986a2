"""Jobs made of calls: iterate, find a key, register it once, wait for it, delete it when free."""
