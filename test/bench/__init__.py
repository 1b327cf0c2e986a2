"""What the client costs, beside raw urllib3 and beside other clients: `python -m bench --help`."""
