"""Values that all layers use."""
