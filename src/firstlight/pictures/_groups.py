"""Groups: which parts make one digit, and in which order the digits are read."""

from __future__ import annotations

from dataclasses import dataclass

from firstlight.pictures._findings import Box
from firstlight.pictures._parts import Part

__all__ = ["Group", "group_parts", "in_reading_order"]

NEAR = 0.12  # of the larger part's longest side: ink that lies nearer belongs together
LOW = 0.5  # of the tallest digit's height: what is lower looks for a digit to belong to
REACH = 0.35  # of a digit's longest side: how far a low part may lie from it
SMALL = 0.3  # of the tallest digit's height: what is lower and belongs to none is no digit
OVERLAP = 0.4  # of the narrower part's width: parts of one line that overlap so far make one digit


@dataclass(frozen=True)
class Group:
    """The parts of one digit and the box around them."""

    parts: tuple[Part, ...]
    box: Box

    def joined(self, other: Group) -> Group:
        """Return both as one digit."""
        return Group((*self.parts, *other.parts), self.box.joined(other.box))

    @property
    def area(self) -> int:
        """Pixels of ink."""
        return sum(part.area for part in self.parts)

    @property
    def side(self) -> int:
        """Length of the box's longest side."""
        return max(self.box.width, self.box.height)


def group_parts(parts: tuple[Part, ...]) -> tuple[Group, ...]:
    """Join the strokes of each digit; return the digits in reading order.

    Three rules, each until nothing changes: ink that nearly touches belongs together where one piece lies
    above the other; parts beside each other in a line, of which one covers the other's width, are one digit
    (the two strokes of a 4); a part that is low beside the tallest one belongs to the nearest digit within
    reach (the bar of a 5). What is very low and belongs to no digit (a comma, a smear) is left out.
    """
    groups = [Group((part,), part.box) for part in parts]
    groups = _joined_while(groups, _nearly_touch)
    groups = _joined_while(groups, _share_a_place)
    tallest = max((group.box.height for group in groups), default=0)
    digits = [group for group in groups if group.box.height >= LOW * tallest]
    for group in (group for group in groups if group.box.height < LOW * tallest):
        nearest = min(range(len(digits)), key=lambda place: _gap(digits[place].box, group.box))
        if _gap(digits[nearest].box, group.box) <= REACH * digits[nearest].side:
            digits[nearest] = digits[nearest].joined(group)
        elif group.box.height >= SMALL * tallest:
            digits.append(group)
    return in_reading_order(digits)


def in_reading_order(groups: list[Group]) -> tuple[Group, ...]:
    """Sort by lines from the top, each from left to right.

    Digits are in one line if the middle of one lies between the upper and the lower end of the other.
    """
    lines: list[list[Group]] = []
    for group in sorted(groups, key=lambda one: one.box.top + one.box.bottom):
        line = next((line for line in lines if _in_line(line, group)), None)
        if line is None:
            lines.append([group])
        else:
            line.append(group)
    return tuple(group for line in lines for group in sorted(line, key=lambda one: one.box.left))


def _joined_while(groups: list[Group], together: object) -> list[Group]:
    assert callable(together)
    groups = list(groups)
    first = 0
    while first < len(groups):
        partner = next(
            (other for other in range(first + 1, len(groups)) if together(groups[first], groups[other])), None
        )
        if partner is None:
            first += 1
        else:
            groups[first] = groups[first].joined(groups.pop(partner))
            first = 0
    return groups


def _nearly_touch(one: Group, other: Group) -> bool:
    """Whether two groups lie above each other and almost touch."""
    across = _overlap(one.box.left, one.box.right, other.box.left, other.box.right)
    return across > 0 and _gap(one.box, other.box) <= NEAR * max(one.side, other.side)


def _share_a_place(one: Group, other: Group) -> bool:
    across = _overlap(one.box.left, one.box.right, other.box.left, other.box.right)
    down = _overlap(one.box.top, one.box.bottom, other.box.top, other.box.bottom)
    return across > OVERLAP * min(one.box.width, other.box.width) and down > 0


def _overlap(start: int, end: int, other_start: int, other_end: int) -> int:
    return min(end, other_end) - max(start, other_start)


def _gap(one: Box, other: Box) -> float:
    """Return the distance between two boxes, 0 if they meet."""
    across = max(0, -_overlap(one.left, one.right, other.left, other.right))
    down = max(0, -_overlap(one.top, one.bottom, other.top, other.bottom))
    return float((across * across + down * down) ** 0.5)


def _in_line(line: list[Group], group: Group) -> bool:
    box = group.box
    last = line[-1].box
    middle, last_middle = (box.top + box.bottom) / 2, (last.top + last.bottom) / 2
    return last.top <= middle < last.bottom or box.top <= last_middle < box.bottom
