"""What goes wrong on demand: faults, and quirks of otherwise regular answers."""
