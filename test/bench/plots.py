"""Bars as SVG: readable on light and on dark pages, whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 520
_LABEL = 190
_BAR = 240
_ROW = 26
_TITLE = 34
# Greys and colours with a contrast of at least 3 to white as well as to black.
_TEXT = "#7d7d7d"
_OTHERS = "#8a8f98"
_OURS = "#128a7e"
_REFERENCE = "#c9541c"
_SEGMENTS = ("#8a8f98", "#3b7dd8", "#128a7e", "#c9541c")


@dataclass(frozen=True)
class Bar:
    """A value, with what stands before and behind its bar."""

    label: str
    value: float
    shown: str
    is_ours: bool = False


@dataclass(frozen=True)
class Panel:
    """Bars on one scale, beneath a title; where `reference` is, a line is drawn."""

    title: str
    bars: Sequence[Bar]
    reference: float | None = None


def bar_chart(title: str, panels: Sequence[Panel]) -> str:
    """Panels one beneath the other, each on its own scale."""
    top, drawn = 0, []
    for panel in panels:
        drawn += _panel(panel, top)
        top += _TITLE + _ROW * len(panel.bars) + 8
    return _document(title, top, drawn)


def _panel(panel: Panel, top: int) -> list[str]:
    most = max((bar.value for bar in panel.bars), default=1.0)
    drawn = [_text(panel.title, 0, top + 22, bold=True)]
    bars, values = [], []
    for number, bar in enumerate(panel.bars):
        y, width = top + _TITLE + number * _ROW, _BAR * bar.value / most
        colour = _OURS if bar.is_ours else _OTHERS
        drawn.append(_text(bar.label, _LABEL - 8, y + 17, anchor="end", bold=bar.is_ours))
        bars.append(_box(_LABEL, y + 3, width, colour))
        values.append(_text(bar.shown, _LABEL + width + 6, y + 17, bold=bar.is_ours))
    return [*drawn, *bars, *_reference(panel, top + _TITLE, most), *values]


def _reference(panel: Panel, top: int, most: float) -> list[str]:
    if panel.reference is None:
        return []
    x, bottom = _LABEL + _BAR * panel.reference / most, top + _ROW * len(panel.bars)
    return [
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" '
        f'stroke="{_REFERENCE}" stroke-width="2" stroke-dasharray="4 3"/>'
    ]


def stacked_chart(
    title: str, stacks: Mapping[str, Mapping[str, float]], totals: Mapping[str, str]
) -> str:
    """A bar a stack, made of named parts on one scale, above a legend of the parts' colours."""
    most = max(sum(parts.values()) for parts in stacks.values())
    drawn: list[str] = []
    for number, (label, parts) in enumerate(stacks.items()):
        y, x = 8 + number * _ROW, float(_LABEL)
        drawn.append(_text(label, _LABEL - 8, y + 17, anchor="end"))
        for colour, amount in zip(_SEGMENTS, parts.values(), strict=True):
            drawn.append(_box(x, y + 3, _BAR * amount / most, colour))
            x += _BAR * amount / most
        drawn.append(_text(totals[label], x + 6, y + 17))
    top = 8 + _ROW * len(stacks) + 12
    legend = zip(_SEGMENTS, next(iter(stacks.values())), strict=True)
    for number, (colour, part) in enumerate(legend):
        y = top + number * _ROW
        drawn += [_box(_LABEL, y + 3, 20, colour), _text(part, _LABEL + 28, y + 17)]
    return _document(title, top + _ROW * len(_SEGMENTS) + 4, drawn)


def _box(x: float, y: float, width: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_ROW - 6}" fill="{colour}"/>'


def _text(text: str, x: float, y: float, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'


def _document(title: str, height: int, drawn: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" fill="{_TEXT}" '
        'font-family="system-ui, sans-serif" font-size="15">'
    )
    return "\n".join([head, f"<title>{escape(title)}</title>", *drawn, "</svg>", ""])
