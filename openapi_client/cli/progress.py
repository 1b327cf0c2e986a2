"""How far a command is: a line on a terminal that is drawn again and again, nothing elsewhere."""

from .console import Console

_BAR = 20


class Progress:
    """The line of progress of a command."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = console.clock.monotonic()
        self._text = ""

    def tell(self, text: str, done: int = 0, total: int | None = None) -> None:
        """Say what is being done, and how much of it is, where the total is known."""
        self._text = f"{bar(done, total)} {text}" if total else text
        self.draw()

    def draw(self) -> None:
        """Draw the line with the time that has passed."""
        if self._text and self._console.shows_progress:
            elapsed = int(self._console.clock.monotonic() - self._started)
            self._console.show(f"{clock_time(elapsed)} {self._text}")


class TickingClock:
    """The time of a client; while it sleeps, the line of progress is kept up to date."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self._console = console
        self._progress = progress

    def monotonic(self) -> float:
        """Seconds from a point in the past, never going back."""
        return self._console.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""
        step = 1.0 if self._console.shows_progress else seconds
        while seconds > step:
            self._console.clock.sleep(step)
            self._progress.draw()
            seconds -= step
        self._console.clock.sleep(seconds)


def bar(done: int, total: int) -> str:
    """How much of a total is done, as a picture and in numbers."""
    filled = min(_BAR, _BAR * done // total)
    return f"[{'#' * filled}{'.' * (_BAR - filled)}] {done}/{total}"


def clock_time(seconds: int) -> str:
    """Minutes and seconds, and hours where there are any."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
