"""What makes a web site of the documentation: see ``__main__``."""
