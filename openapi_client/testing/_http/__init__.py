"""HTTP/1.1: messages, how they are read and written, and the server."""
