"""What tests share: servers that misbehave on purpose, real proxies, TLS, a clock that never waits.

`fault_server` plays a script of faults and replies; `fault_matrix` lists every fault with the truth
about it; `fault_proxy` stands between a client and a working server; `recorder` answers by route;
`tls`, `proxies`, `tunnel` and `socks` surround any of them; `clock` replaces time.
"""
