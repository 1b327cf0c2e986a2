"""The commands: what each does, and the module that does it, which is loaded when it is called."""

PROGRAM = "confluent-byok"


class Command:
    """A command."""

    def __init__(self, summary: str, module: str) -> None:
        self.summary = summary
        """What it does, in a sentence."""
        self.module = module
        """The module whose function of the command's name does it."""


COMMANDS = {
    "list": Command("List the registered keys, all pages of them.", "reading"),
    "show": Command("Show a key.", "reading"),
    "find": Command("Write the id of a registered key.", "reading"),
    "ensure": Command("Register a key once, however often this runs.", "registering"),
    "grants": Command("Write what the owner of a key must allow.", "access"),
    "audit": Command("Check that the cloud allows it.", "access"),
    "wait": Command("Wait until a key is valid.", "waiting"),
    "rename": Command("Change the display name of a key.", "changing"),
    "delete": Command("Delete keys.", "changing"),
}
