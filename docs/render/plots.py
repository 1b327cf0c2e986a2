"""Plots as SVG: readable on light and on dark pages."""

from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _LEFT, _RIGHT = 640, 60, 620
# Each has a contrast of at least 3 to white as well as to black.
_COLOURS = ("#128a7e", "#c9541c", "#3b7dd8", "#8a8f98")
_TEXT = "#7d7d7d"
_LEGEND = 22


def panels(title: str, across: str, series: Mapping[str, Sequence[float]]) -> str:
    """A panel for each series, on one scale, with a bar for each of its values."""
    most_x = max(len(values) for values in series.values())
    most_y = max(max(values) for values in series.values())
    height, unit = 110, (_RIGHT - _LEFT) / most_x
    drawn: list[str] = []
    for number, (colour, (name, values)) in enumerate(zip(_COLOURS, series.items(), strict=False)):
        bottom = (number + 1) * height - 8
        drawn.append(_text(name, _LEFT, bottom - 84))
        drawn.append(_text(f"{most_y:.0f}", _LEFT - 8, bottom - 66, "end"))
        drawn.append(_text("0", _LEFT - 8, bottom, "end"))
        for place, value in enumerate(values):
            tall = 74 * value / most_y
            drawn.append(
                f'<rect x="{_LEFT + unit * place:.1f}" y="{bottom - tall:.1f}" '
                f'width="{0.85 * unit:.1f}" height="{tall:.1f}" fill="{colour}"/>'
            )
        drawn.append(f'<path d="M{_LEFT},{bottom} H{_RIGHT}" stroke="{_TEXT}"/>')
    below = len(series) * height + 12
    for share in (0.0, 0.5, 1.0):
        at = _LEFT + (_RIGHT - _LEFT) * share
        drawn.append(_text(f"{most_x * share:.0f}", at, below, "middle"))
    drawn.append(_text(across, _RIGHT, below + 20, "end"))
    return _document(title, below + 30, drawn)


def grouped_bars(title: str, groups: Mapping[str, Mapping[str, float]]) -> str:
    """A group of bars for each label, each bar a share from 0 to 1."""
    series = next(iter(groups.values()))
    top, height = 20 + _LEGEND * len(series), 16 * len(series) + 16
    drawn = _legend(series)
    for number, (label, shares) in enumerate(groups.items()):
        y = top + number * height
        drawn.append(_text(label, _LEFT + 30, y + height / 2 - 2, "end"))
        for row, (colour, share) in enumerate(zip(_COLOURS, shares.values(), strict=False)):
            left, width = _LEFT + 40, (_RIGHT - _LEFT - 110) * share
            drawn.append(
                f'<rect x="{left}" y="{y + 16 * row}" width="{max(width, 1):.1f}" height="12" '
                f'fill="{colour}"/>'
            )
            drawn.append(_text(f"{share:.1%}", left + width + 6, y + 16 * row + 11))
    return _document(title, top + height * len(groups), drawn)


def _legend(names: Mapping[str, object]) -> list[str]:
    drawn: list[str] = []
    for number, (colour, name) in enumerate(zip(_COLOURS, names, strict=False)):
        y = number * _LEGEND
        drawn.append(f'<rect x="0" y="{y + 2}" width="14" height="14" fill="{colour}"/>')
        drawn.append(_text(name, 22, y + 14))
    return drawn


def _text(text: str, x: float, y: float, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _document(title: str, height: float, drawn: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" '
        f'width="{_WIDTH}" height="{height:.0f}" role="img" fill="{_TEXT}" '
        'font-family="system-ui, sans-serif" font-size="14">'
    )
    return "\n".join([head, f"<title>{escape(title)}</title>", *drawn, "</svg>", ""])
