"""Jobs made of calls: iterate over all keys, register a key once, wait for a key."""
