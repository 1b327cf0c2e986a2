"""One HTTP exchange: connections, deadlines, TLS, proxies, bodies. Nothing else uses urllib3."""
